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
  const drained = Promise.all([
    passOn(pipes?.[0]?.reader ?? child.stdout, process.stdout, log.out),
    passOn(pipes?.[1]?.reader ?? child.stderr, process.stderr, log.err),
  ])
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
    // The last of the output follows the exit; a daemon that keeps the pipe open must not keep us.
    child.on('exit', (code, signal) => {
      const over = new Promise((settle) => setTimeout(settle, LAST_WORDS).unref())
      void Promise.race([drained, over]).then(() => release({ code, signal, error: null }))
    })
  })
  return { pid: child.pid ?? null, ended }
}

/** How long after the exit output may still come, milliseconds. */
const LAST_WORDS = 1_000

/** Resolves when the stream has ended, or its reader has gone. */
function passOn(from: Readable | null, to: Writable, log: (bytes: Uint8Array) => void): Promise<void> {
  if (from === null) return Promise.resolve()
  to.on('error', () => {
    // The reader hung up (`| head`): the command must learn it as it would without us, by a broken pipe.
    from.destroy()
  })
  from.on('data', (bytes: Buffer) => {
    log(bytes)
    if (to.destroyed || to.write(bytes)) return
    from.pause()
    to.once('drain', () => from.resume())
  })
  from.on('error', () => from.destroy())
  return new Promise((resolve) => from.on('close', resolve))
}
