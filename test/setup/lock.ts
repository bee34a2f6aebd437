import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Say } from './process.ts'

/**
 * Does the work while holding the cache folder, so that two set-ups at once install each part once. A lock whose
 * process is gone is taken over.
 */
export async function withLock<T>(folder: string, say: Say, work: () => Promise<T>): Promise<T> {
  const lock = join(folder, 'lock')
  let told = false
  while (!tryLock(lock)) {
    const holder = holderOf(lock)
    if (holder === undefined) continue
    if (!isAlive(holder)) rmSync(lock, { force: true })
    else {
      if (!told) say(`another set-up (process ${holder}) is at work; waiting for it`)
      told = true
      await wait(200)
    }
  }
  try {
    return await work()
  } finally {
    rmSync(lock, { force: true })
  }
}

/** A hard link appears with its content or not at all: no one reads a lock without its holder. */
function tryLock(lock: string): boolean {
  const draft = `${lock}.${process.pid}`
  writeFileSync(draft, String(process.pid))
  try {
    linkSync(draft, lock)
    return true
  } catch {
    return false
  } finally {
    rmSync(draft, { force: true })
  }
}

function holderOf(lock: string): number | undefined {
  try {
    return Number(readFileSync(lock, 'utf8'))
  } catch {
    return undefined
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
