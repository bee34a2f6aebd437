import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import type { TerminalChild, TerminalEnd, TerminalLaunch } from './terminal-launch.ts'
import { realPipes } from './real-pipe.ts'
import { startProblem } from './start-problem.ts'
import type { TerminalLog } from './terminal-log.ts'

/**
 * Runs the command where some stream is no terminal (a pipe, a file, a job of CI): standard input is its own, output goes to the log and on,
 * each stream in its own order, and no faster than the reader takes it. Ctrl-C reaches it from the terminal itself, being of the same group.
 */
export function runPiped(launch: TerminalLaunch, log: TerminalLog): TerminalChild {
  const [program = '', ...given] = launch.command
  const pipes = realPipes(2)
  let child: ChildProcess
  try {
    child = spawn(program, given, {
      cwd: launch.folder,
      env: launch.environment,
      stdio: ['inherit', pipes?.[0]?.writeEnd ?? 'pipe', pipes?.[1]?.writeEnd ?? 'pipe'],
    })
  } catch (error) {
    for (const pipe of pipes ?? []) pipe.given()
    return { pid: null, ended: Promise.resolve({ signal: null, ...startProblem(program, launch.folder, error) }) }
  }
  for (const pipe of pipes ?? []) pipe.given()
  const flows = [
    passOn(pipes?.[0]?.reader ?? child.stdout, process.stdout, log.out),
    passOn(pipes?.[1]?.reader ?? child.stderr, process.stderr, log.err),
  ]
  const ignore = (): void => {}
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal)
  process.on('SIGINT', ignore)
  process.on('SIGQUIT', ignore)
  process.on('SIGTERM', forward)
  process.on('SIGHUP', forward)
  const ended = new Promise<TerminalEnd>((resolve) => {
    const release = (end: TerminalEnd): void => {
      process.off('SIGINT', ignore)
      process.off('SIGQUIT', ignore)
      process.off('SIGTERM', forward)
      process.off('SIGHUP', forward)
      resolve(end)
    }
    child.on('error', (error) => {
      if (child.pid === undefined) release({ signal: null, ...startProblem(program, launch.folder, error) })
    })
    child.on('exit', (code, signal) => {
      void lastWords(flows).then(() => release({ code, signal, error: null }))
    })
  })
  return { pid: child.pid ?? null, ended }
}

/** How long a pipe stays silent after the exit until it counts as kept open by a daemon, milliseconds. */
const SILENCE = 1_000

type Flow = {
  /** Resolves when the stream has ended and all of it was taken by its reader, or its reader has gone. */
  readonly ended: Promise<unknown>
  /** Changes with each piece that comes or is taken. */
  readonly moved: () => number
  /** True while the reader has not taken all that came. */
  readonly heldUp: () => boolean
}

/** Resolves when the last of the output, which follows the exit, has reached its reader, however slow that is. A daemon that keeps the pipe open must not keep us. */
async function lastWords(flows: readonly Flow[]): Promise<void> {
  let over = false
  void Promise.all(flows.map(({ ended }) => ended)).then(() => (over = true))
  const moved = (): string => flows.map((flow) => flow.moved()).join(' ')
  for (let before = ''; !over;) {
    const now = moved()
    if (now === before && !flows.some(({ heldUp }) => heldUp())) return
    before = now
    await Promise.race([Promise.all(flows.map(({ ended }) => ended)), pause(SILENCE)])
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((settle) => setTimeout(settle, milliseconds))
}

function passOn(from: Readable | null, to: Writable, log: (bytes: Uint8Array) => void): Flow {
  if (from === null) return { ended: Promise.resolve(), moved: () => 0, heldUp: () => false }
  let came = 0
  let taken = 0
  let gone = false
  let settle: () => void = () => {}
  const flushed = new Promise<void>((resolve) => (settle = resolve))
  const look = (): void => {
    if (gone || (from.closed && came === taken)) settle()
  }
  to.on('error', () => {
    // The reader hung up (`| head`): the command must learn it as it would without us, by a broken pipe.
    gone = true
    from.destroy()
    look()
  })
  from.on('data', (bytes: Buffer) => {
    log(bytes)
    if (to.destroyed) return
    came++
    const goesOn = to.write(bytes, () => {
      taken++
      look()
    })
    if (goesOn) return
    from.pause()
    to.once('drain', () => from.resume())
  })
  from.on('error', () => from.destroy())
  from.on('close', look)
  return { ended: flushed, moved: () => came + taken, heldUp: () => !gone && came > taken }
}
