import { constants } from 'node:os'
import { identify } from '#electron/platform/process/identity.ts'
import { watchBackend } from './keep-backend.ts'
import { openTerminalLog, quietly } from './terminal-log.ts'
import { poke, wake } from './poke.ts'
import { runPiped } from './run-piped.ts'
import { loadPty, runPty } from './run-pty.ts'
import { startSampler } from './sampler.ts'
import type { TerminalEnd, TerminalLaunch } from './terminal-launch.ts'
import { reserveExit, workFolder, writeWhole } from './work-folder.ts'

/**
 * Runs a command in this terminal as if nothing stood between: behind a pseudo-terminal where standard input, output and error are all
 * terminals, else through pipes. Does the shim's work meanwhile: the log, the samples, the exit file, waking the backend. Resolves when the
 * command has ended and the backend was told; `onExit` is called before it is told.
 */
export async function runInTerminal(
  launch: TerminalLaunch,
  options: { readonly onExit?: (end: TerminalEnd) => void } = {},
): Promise<TerminalEnd> {
  const work = workFolder(launch.workFolder)
  const log = openTerminalLog(work)
  const interactive = process.stdin.isTTY && process.stdout.isTTY && process.stderr.isTTY
  const pty = interactive ? await loadPty() : undefined
  const child = pty === undefined ? runPiped(launch, log) : runPty(launch, log, pty)
  const { pid } = child
  const started = pid === null ? null : (identify(pid)?.started ?? null)
  const us = { shimPid: process.pid, shimStarted: identify(process.pid)?.started ?? '' }
  // Whatever is wrong with our own files, the command runs.
  quietly(() => writeWhole(work.process, { ...us, pid, started, at: Date.now() }))
  const writeExit = reserveExit(work)
  const stopWatching = watchBackend(launch.backend, launch.launch)
  const sampler = launch.sample && pid !== null ? startSampler(work, pid) : undefined
  const end = await child.ended
  sampler?.stop()
  stopWatching()
  log.close()
  quietly(() => writeExit({ ...end, endedAt: Date.now() }))
  options.onExit?.(end)
  if (!(await poke(launch.backend.dataFolder, launch.launch))) wake(launch.backend, launch.launch)
  return end
}

/**
 * Ends this process as the command ended: with its code, or by its signal, so that a shell sees no difference. What Node keeps for itself
 * (SIGPIPE, SIGUSR1) becomes the code that a shell would show for it.
 */
export function exitLike(end: TerminalEnd): never {
  if (end.signal === null) process.exit(end.code ?? 1)
  const signal = end.signal as NodeJS.Signals
  process.removeAllListeners(signal)
  if (signal !== 'SIGPIPE' && signal !== 'SIGUSR1') process.kill(process.pid, signal)
  process.exit(128 + (constants.signals[signal] ?? 0))
}
