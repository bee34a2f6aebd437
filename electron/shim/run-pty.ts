import { statSync } from 'node:fs'
import { constants } from 'node:os'
import type * as nodePty from '@lydell/node-pty'
import { findProgram } from '#electron/platform/process/find-program.ts'
import { signalTree } from '#electron/platform/process/table.ts'
import { makesSignals, type RawMode, rawMode } from './raw-mode.ts'
import { startProblem, tooLarge } from './start-problem.ts'
import type { TerminalChild, TerminalEnd, TerminalLaunch } from './terminal-launch.ts'
import type { TerminalLog } from './terminal-log.ts'

/** The part that makes pseudo-terminals. */
export type Pty = Pick<typeof nodePty, 'spawn'>

/** Loads that part, which is native; undefined where it isn't built for this system. */
export async function loadPty(): Promise<Pty | undefined> {
  try {
    return await import('@lydell/node-pty')
  } catch {
    return undefined
  }
}

/** Ctrl-Z as a terminal sends it. */
const SUSPEND = 0x1a

/**
 * Runs the command behind a pseudo-terminal: keys go to it untouched (so its own line discipline makes Ctrl-C a SIGINT, and an editor or pdb
 * gets what it asks for), the window's size follows, output goes to the log and to the terminal.
 */
export function runPty(launch: TerminalLaunch, log: TerminalLog, { spawn }: Pty): TerminalChild {
  const [program = '', ...given] = launch.command
  // The pseudo-terminal's own failure to start something is an exit code of 1 and no word.
  const exists =
    findProgram(program, launch.folder, launch.environment['PATH']) !== undefined && isFolder(launch.folder)
  if (!exists) return neverBegan(program, launch.folder, { code: 'ENOENT' })
  if (tooLarge(launch.command) !== undefined) return neverBegan(program, launch.folder, { code: 'E2BIG' })
  let terminal: nodePty.IPty
  try {
    terminal = spawn(program, given, {
      name: process.env['TERM'] ?? 'xterm-256color',
      cols: process.stdout.columns || 80,
      rows: process.stdout.rows || 24,
      cwd: launch.folder,
      env: { ...launch.environment },
      encoding: null,
    })
  } catch (error) {
    return neverBegan(program, launch.folder, error)
  }
  const keys = passKeys(terminal)
  const onResize = (): void => resize(terminal)
  process.stdout.on('resize', onResize)
  const signals = passSignals(terminal.pid)
  // Typed as text; with `encoding: null` it is bytes.
  terminal.onData((data) => {
    const bytes = data as unknown as Buffer
    log.out(bytes)
    process.stdout.write(bytes)
  })
  const ended = new Promise<TerminalEnd>((resolve) => {
    terminal.onExit(({ exitCode, signal }) => {
      keys.release()
      signals.release()
      process.stdout.off('resize', onResize)
      const name = signal === undefined || signal === 0 ? null : signalName(signal)
      resolve({ code: name === null ? exitCode : null, signal: name, error: null })
    })
  })
  return { pid: terminal.pid, ended }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

function passKeys(terminal: nodePty.IPty): { readonly release: () => void } {
  const { stdin } = process
  const mode = rawMode()
  const onKeys = (bytes: Buffer): void => {
    const at = bytes.indexOf(SUSPEND)
    if (at >= 0 && makesSignals(terminal)) {
      send(terminal, bytes.subarray(0, at))
      suspend(terminal, mode)
      send(terminal, bytes.subarray(at + 1))
    } else {
      send(terminal, bytes)
    }
  }
  mode.enter()
  stdin.resume()
  stdin.on('data', onKeys)
  return {
    release() {
      stdin.off('data', onKeys)
      mode.leave()
      stdin.pause()
    },
  }
}

/** Bytes, not text: a paste in another encoding must arrive as it is. */
function send(terminal: nodePty.IPty, bytes: Buffer): void {
  if (bytes.length > 0) terminal.write(bytes as unknown as string)
}

/**
 * Stops the command and us, so that the shell gets its prompt; `fg` wakes both. Behind a pseudo-terminal of its own the command is in an orphaned
 * group, where the system drops the SIGTSTP that Ctrl-Z makes: so this is done by hand.
 */
function suspend(terminal: nodePty.IPty, mode: RawMode): void {
  signalTree({ pid: terminal.pid }, 'SIGSTOP')
  mode.leave()
  process.once('SIGCONT', () => {
    mode.enter()
    resize(terminal)
    signalTree({ pid: terminal.pid }, 'SIGCONT')
  })
  // All of our group, as the terminal would: what started us (npx, a script) must stop as well, or the shell never gets its prompt.
  process.kill(0, 'SIGSTOP')
}

function resize(terminal: nodePty.IPty): void {
  const { columns, rows } = process.stdout
  try {
    if (columns > 0 && rows > 0) terminal.resize(columns, rows)
  } catch {
    // It has just ended.
  }
}

/** Signals from outside (`kill`, a closed window) go on to the command, which decides what they mean. */
function passSignals(pid: number): { readonly release: () => void } {
  const passed = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'] as const
  const pass = (signal: NodeJS.Signals): void => {
    try {
      process.kill(pid, signal)
    } catch {
      // It has just ended.
    }
  }
  for (const signal of passed) process.on(signal, pass)
  return {
    release: () => {
      for (const signal of passed) process.off(signal, pass)
    },
  }
}

/** `SIGINT` for 2. */
export function signalName(number: number): string {
  return Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? `signal ${number}`
}

function neverBegan(program: string, folder: string, error: unknown): TerminalChild {
  return { pid: null, ended: Promise.resolve({ signal: null, ...startProblem(program, folder, error) }) }
}
