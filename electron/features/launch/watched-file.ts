import { appendFileSync, mkdirSync, readFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { writeFileAtomic } from '#electron/platform/atomic-file.ts'

/** A run of a process that nobody launched, by which the process is known again. */
const Watched = z.object({
  project: z.string(),
  run: z.string(),
  pid: z.number().int(),
  started: z.string(),
  /** It only passes on what a client elsewhere says: that it ends says nothing of the client. */
  forwards: z.boolean().default(false),
})
export type Watched = z.infer<typeof Watched>

/** The runs that are watched, kept over a restart of the backend: a line of JSON each. */
export type WatchedFile = {
  readonly entries: () => readonly Watched[]
  /** Written a moment later, with others that come until then. */
  readonly add: (entry: Watched) => void
  readonly replace: (entries: readonly Watched[]) => void
  /** Writes what still waits. */
  readonly close: () => void
}

/** A process may make a thousand runs in a second: what is watched is written down this much later, milliseconds. */
const KEEP_AFTER = 50

/**
 * Opens the file, which need not be there. What is new is appended, so that the thousandth run costs what the first did,
 * and the disk is waited for beside everything else: a kill loses nothing then, a power cut perhaps the last moment.
 * A line that a kill cut in two is passed over. `complain` hears of a disk that takes nothing.
 */
export function openWatchedFile(file: string, complain: (error: unknown) => void): WatchedFile {
  const trying = (write: () => void): void => {
    try {
      write()
    } catch (error) {
      complain(error)
    }
  }
  let waiting: string[] = []
  let timer: NodeJS.Timeout | undefined
  let endsWhole = endsInLine(file)
  const flush = (): void => {
    clearTimeout(timer)
    timer = undefined
    if (waiting.length === 0) return
    trying(() => {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
      appendFileSync(file, `${endsWhole ? '' : '\n'}${waiting.join('')}`, { mode: 0o600 })
      endsWhole = true
      waiting = []
    })
  }
  return {
    entries: () => linesOf(file).flatMap((line) => parsed(line)),
    add(entry) {
      waiting.push(lineOf(entry))
      timer ??= setTimeout(() => {
        flush()
        void settle(file).catch(complain)
      }, KEEP_AFTER)
    },
    replace(entries) {
      clearTimeout(timer)
      timer = undefined
      waiting = []
      trying(() => writeFileAtomic(file, entries.map(lineOf).join(''), 0o600))
    },
    close: flush,
  }
}

const lineOf = (entry: Watched): string => `${JSON.stringify(entry)}\n`

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

const linesOf = (file: string): readonly string[] => textOf(file).split('\n').filter(Boolean)

function endsInLine(file: string): boolean {
  const text = textOf(file)
  return text === '' || text.endsWith('\n')
}

function parsed(line: string): readonly Watched[] {
  try {
    const entry = Watched.safeParse(JSON.parse(line))
    return entry.success ? [entry.data] : []
  } catch {
    return []
  }
}

/** Waits for the disk, not on our thread. */
async function settle(file: string): Promise<void> {
  const handle = await open(file, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
