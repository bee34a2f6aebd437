import { appendFileSync, closeSync, fstatSync, type FSWatcher, openSync, watch } from 'node:fs'
import type { WorkFolder } from './work-folder.ts'

export type TimeIndex = {
  /** Notes what was written since; stops watching. */
  readonly close: () => void
}

type Stream = 'out' | 'err'

/** Milliseconds between two notes: short enough to keep the order of what a person would see, longer as the file grows. */
const intervalAfter = (notes: number): number => (notes < 20_000 ? 20 : notes < 200_000 ? 250 : 1_000)
/** Where the system doesn't say that a file grew (network disks), it is looked at this often. */
const LOOK = 200
/** Passing from one stream to the other is noted at once, this often in one interval. */
const SWITCHES = 10

/**
 * Notes when the log files grew, and by how much: a line `<time> <bytes of out> <bytes of err>` each time. The command writes to the files
 * itself, so this is all that is known of when, and of which stream came first: the system tells of both files in the order of the writes.
 */
export function startTimeIndex(work: WorkFolder, handles: { readonly out: number; readonly err: number }): TimeIndex {
  const index = openSync(work.times, 'a', 0o600)
  const size = { out: 0, err: 0 }
  let waiting: Stream[] = []
  let notes = 0
  let notedAt = 0
  let switches = 0
  let timer: NodeJS.Timeout | undefined

  const note = (streams: readonly Stream[]): void => {
    clearTimeout(timer)
    timer = undefined
    waiting = []
    notedAt = Date.now()
    for (const stream of streams) {
      const now = fstatSync(handles[stream]).size
      if (now === size[stream]) continue
      size[stream] = now
      notes++
      try {
        appendFileSync(index, `${notedAt} ${size.out} ${size.err}\n`)
      } catch {
        // A full disk: the lines are kept without their times.
      }
    }
  }
  const onGrowth = (stream: Stream): void => {
    if (waiting.includes(stream)) return
    const isSwitch = waiting.length > 0
    waiting.push(stream)
    const wait = notedAt + intervalAfter(notes) - Date.now()
    if (wait <= 0 || (isSwitch && switches < SWITCHES)) {
      switches = wait <= 0 ? 0 : switches + 1
      note(waiting)
    } else timer ??= setTimeout(() => ((switches = 0), note(waiting)), wait)
  }
  const watchers = (['out', 'err'] as const).flatMap((stream) => watchFile(work[stream], () => onGrowth(stream)))
  const look = setInterval(() => note([...waiting, 'out', 'err']), LOOK)
  return {
    close() {
      clearInterval(look)
      for (const watcher of watchers) watcher.close()
      note([...waiting, 'out', 'err'])
      closeSync(index)
    },
  }
}

function watchFile(file: string, changed: () => void): readonly FSWatcher[] {
  try {
    const watcher = watch(file, changed)
    watcher.on('error', () => watcher.close())
    return [watcher]
  } catch {
    return []
  }
}
