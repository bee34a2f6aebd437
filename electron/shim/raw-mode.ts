import { spawnSync } from 'node:child_process'
import { closeSync, constants, openSync } from 'node:fs'
import type { IPty } from '@lydell/node-pty'

export type RawMode = { readonly enter: () => void; readonly leave: () => void }

/**
 * Switches our terminal to raw mode and back. By `stty`, because Node's raw mode goes on turning line feeds into returns, which breaks programs
 * that draw (an editor, a progress display) behind us; Node's is used where there is no `stty`.
 */
export function rawMode(): RawMode {
  const saved = stty('inherit', '-g')?.trim()
  if (saved === undefined || saved === '') {
    return { enter: () => process.stdin.setRawMode(true), leave: () => process.stdin.setRawMode(false) }
  }
  return { enter: () => stty('inherit', 'raw', '-echo'), leave: () => stty('inherit', saved) }
}

/** True when Ctrl-Z on this pseudo-terminal means "suspend"; false for a program that reads keys itself (an editor), and where it can't be told. */
export function makesSignals(terminal: IPty): boolean {
  // The name of its other side is not in the types; without it the key is simply passed on.
  const { ptsName } = terminal as IPty & { readonly ptsName?: string }
  if (ptsName === undefined) return false
  try {
    const handle = openSync(ptsName, constants.O_RDONLY | constants.O_NOCTTY)
    try {
      const settings = stty(handle, '-a') ?? ''
      return /(^|\s)isig\b/m.test(settings) && /susp = \^Z/.test(settings)
    } finally {
      closeSync(handle)
    }
  } catch {
    return false
  }
}

function stty(stdin: 'inherit' | number, ...settings: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync('stty', settings, { stdio: [stdin, 'pipe', 'ignore'], encoding: 'utf8' })
  return status === 0 ? stdout : undefined
}
