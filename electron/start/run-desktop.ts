import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type DesktopOptions = {
  readonly electron: string
  /** What it is started with: in a clone the app's folder first. */
  readonly words: readonly string[]
  /** The Node that the backend will run on. */
  readonly node: string
}

/**
 * How the window ended. `handed-over`: another instance showed its own. `failed`: it was never there; `reason` is the last thing
 * that it said.
 */
export type DesktopEnd =
  | { readonly kind: 'closed'; readonly code: number }
  | { readonly kind: 'handed-over' }
  | { readonly kind: 'failed'; readonly reason: string }

/** Runs the window until it is closed. What Electron writes goes to this terminal. */
export function runDesktop({ electron, words, node }: DesktopOptions): Promise<DesktopEnd> {
  const folder = mkdtempSync(join(tmpdir(), 'benchtop-'))
  // The window makes this file when it shows: until then an end is a failure.
  const ready = join(folder, 'ready')
  return new Promise((resolve) => {
    const { ELECTRON_RUN_AS_NODE: _unwanted, ...environment } = process.env
    const child = spawn(electron, [...words], {
      stdio: ['ignore', 'inherit', 'pipe'],
      env: { ...environment, BENCHTOP_NODE: node, BENCHTOP_READY_FILE: ready },
    })
    let said = ''
    child.stderr?.on('data', (piece: Buffer) => {
      said = (said + piece.toString('utf8')).slice(-4_000)
      process.stderr.write(piece)
    })
    // The terminal sends Ctrl-C to the window as well, which closes in its own time.
    const onInterrupt = (): void => {}
    process.on('SIGINT', onInterrupt)
    const end = (result: DesktopEnd): void => {
      process.off('SIGINT', onInterrupt)
      rmSync(folder, { recursive: true, force: true })
      resolve(result)
    }
    child.on('error', (error) => end({ kind: 'failed', reason: error.message }))
    child.on('close', (code, signal) => {
      if (existsSync(ready)) return end({ kind: 'closed', code: code ?? 1 })
      if (code === 0) return end({ kind: 'handed-over' })
      const last = said.trim().split('\n').at(-1) ?? ''
      end({ kind: 'failed', reason: last === '' ? `it ended with ${signal ?? `code ${code}`}` : last })
    })
  })
}
