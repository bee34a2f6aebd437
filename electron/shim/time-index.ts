import { appendFileSync, fstatSync, openSync, closeSync, watch, type FSWatcher } from 'node:fs'
import type { WorkFolder } from './work-folder.ts'

export type TimeIndex = {
  /** Notes what was written since; stops watching. */
  readonly close: () => void
}

/** Milliseconds between two notes: short enough to keep the order of what a person would see, longer as the file grows. */
const intervalAfter = (notes: number): number => (notes < 20_000 ? 20 : notes < 200_000 ? 250 : 1_000)
/** Where the system doesn't say that a file grew (network disks), it is looked at this often. */
const LOOK = 200

/**
 * Notes when the log files grew, and by how much: a line `<time> <bytes of out> <bytes of err>` each time. The command writes to the files
 * itself, so this is all that is known of when, and of which stream came first.
 */
export function startTimeIndex(
  work: WorkFolder,
  handles: { readonly out: number; readonly err: number | null },
): TimeIndex {
  const index = openSync(work.times, 'a', 0o600)
  let out = -1
  let err = -1
  let notes = 0
  let notedAt = 0
  let timer: NodeJS.Timeout | undefined

  const note = (): void => {
    timer = undefined
    const now = Date.now()
    const nextOut = fstatSync(handles.out).size
    const nextErr = handles.err === null ? 0 : fstatSync(handles.err).size
    if (nextOut === out && nextErr === err) return
    out = nextOut
    err = nextErr
    notedAt = now
    notes++
    try {
      appendFileSync(index, `${now} ${out} ${err}\n`)
    } catch {
      // A full disk: the lines are kept without their times.
    }
  }
  const soon = (): void => {
    if (timer !== undefined) return
    const wait = notedAt + intervalAfter(notes) - Date.now()
    if (wait <= 0) note()
    else timer = setTimeout(note, wait)
  }
  const watchers = [work.out, work.err].flatMap((file) => watchFile(file, soon))
  const look = setInterval(soon, LOOK)
  return {
    close() {
      clearInterval(look)
      clearTimeout(timer)
      for (const watcher of watchers) watcher.close()
      note()
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
