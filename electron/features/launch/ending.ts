import type { RunStatus } from '#shared/contract/common.ts'
import type { ExitFile } from '#electron/shim/work-folder.ts'

/** How a run ended, as it is stored and said. */
export type Ending = {
  readonly status: Extract<RunStatus, 'finished' | 'failed' | 'killed' | 'lost'>
  readonly exitCode: number | null
  readonly exitSignal: string | null
  readonly ending: string
  readonly endedAt: number
}

/** Signals by which a person or the system asks for an end: "killed", where a crash is "failed". */
const ASKED: ReadonlySet<string> = new Set(['SIGINT', 'SIGTERM', 'SIGKILL', 'SIGHUP', 'SIGQUIT'])

const WORDS: ReadonlyMap<string, string> = new Map([
  ['SIGSEGV', 'It crashed: it used memory that is not its own (SIGSEGV).'],
  ['SIGABRT', 'It crashed: it gave itself up (SIGABRT).'],
  ['SIGBUS', 'It crashed: a file or memory that it used was gone (SIGBUS).'],
  ['SIGFPE', 'It crashed: an impossible calculation (SIGFPE).'],
  ['SIGILL', 'It crashed: an instruction that this processor lacks (SIGILL).'],
  ['SIGKILL', 'It was killed (SIGKILL), perhaps by the system for want of memory.'],
])

/** The end of a process whose exit is known. `stopped` is the last signal of a person's stop. */
export function endingOf(exit: ExitFile, stopped: string | null): Ending {
  const base = { exitCode: exit.code, exitSignal: exit.signal, endedAt: exit.endedAt }
  if (exit.error !== null) return { ...base, status: 'failed', ending: exit.error }
  if (stopped !== null) return { ...base, status: 'killed', ending: `Stopped by ${stopped}.` }
  if (exit.code === 0) return { ...base, status: 'finished', ending: 'Finished.' }
  if (exit.signal !== null) {
    const ending = WORDS.get(exit.signal) ?? `Ended by ${exit.signal}.`
    return { ...base, status: ASKED.has(exit.signal) ? 'killed' : 'failed', ending }
  }
  // 128 + n is how a shell, as the launched command, says that its child died of a signal.
  if (exit.code === 130 || exit.code === 143)
    return { ...base, status: 'killed', ending: `Ended by ${exit.code === 130 ? 'SIGINT' : 'SIGTERM'}.` }
  return { ...base, status: 'failed', ending: `Ended by its own error, with exit code ${exit.code ?? 'unknown'}.` }
}

/** The end of a process that was gone when nobody watched: what the script `said` of itself counts, where it said something. */
export function vanished(
  stopped: string | null,
  said: 'finished' | 'failed' | 'killed' | null,
  endedAt: number,
): Ending {
  const base = { exitCode: null, exitSignal: null, endedAt }
  if (stopped !== null) return { ...base, status: 'killed', ending: `Stopped by ${stopped}.` }
  const why = 'The process vanished while nothing watched it, so its exit code is not known.'
  if (said === null) return { ...base, status: 'lost', ending: why }
  return {
    ...base,
    status: said,
    ending: `${why} The script itself said that it ${said === 'killed' ? 'was killed' : said}.`,
  }
}
