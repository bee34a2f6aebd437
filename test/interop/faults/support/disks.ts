import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Why disks of our own can't be made here; undefined when they can: for Linux's root alone. */
export function whyNoDisks(): string | undefined {
  if (process.platform !== 'linux') return 'needs Linux, to make a small disk'
  if (process.getuid?.() !== 0) return 'needs root, to make a small disk'
  const folder = mkdtempSync(join(tmpdir(), 'benchtop-disk-'))
  try {
    mount('-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder)
    execFileSync('umount', [folder])
    return undefined
  } catch {
    return 'needs the right to mount, to make a small disk'
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Removed when the test is over, before the folder that they lie in. */
export type Disk = { readonly remove: () => void }

/** An empty disk of so many megabytes at a folder. */
export function smallDisk(folder: string, megabytes: number): Disk & { readonly resize: (megabytes: number) => void } {
  mkdirSync(folder, { recursive: true })
  mount('-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder)
  return {
    remove: () => void execFileSync('umount', ['--lazy', folder]),
    resize: (more) => mount('-o', `remount,size=${more}m`, folder),
  }
}

export type Guarded = Disk & { readonly readOnly: () => void; readonly writable: () => void }

/** A folder that can be made read-only for everyone, root included. */
export function guardedFolder(folder: string): Guarded {
  mkdirSync(folder, { recursive: true })
  mount('--bind', folder, folder)
  return {
    remove: () => void execFileSync('umount', ['--lazy', folder]),
    readOnly: () => mount('-o', 'remount,ro,bind', folder),
    writable: () => mount('-o', 'remount,rw,bind', folder),
  }
}

function mount(...words: readonly string[]): void {
  execFileSync('mount', words, { stdio: 'pipe' })
}
