import { eachPortion, type LogFiles, withRest } from './portions.ts'
import { type LineStart, type RawLine, readLines } from './read-lines.ts'
import { type Heads, type LineSink, type ScanState, scanPortion, START, type Stream } from './scan-lines.ts'
import { followTimes, type TimeEntries } from './time-entries.ts'

/** The log of one launch: its two streams as one sequence of numbered lines. */
export type LogFile = {
  /** Takes up what was written since; resolves true when there was anything. */
  readonly refresh: () => Promise<boolean>
  readonly lines: () => number
  /** Bytes taken up. */
  readonly bytes: () => number
  /** Lines that may still grow, by number. */
  readonly open: () => readonly number[]
  readonly read: (from: number, limit: number) => Promise<readonly RawLine[]>
  readonly ranks: () => readonly number[]
  /** Numbers of the lines of one rank. */
  readonly ofRank: (rank: number) => Uint32Array
}

const PORTION = 1 << 20
/** A place to start again from is kept each so many lines or bytes. */
const LINES_BETWEEN = 1_024
const FINE = 16 << 10
/**
 * Follows a launch's log files. A line's number never changes: only bytes whose order is noted are taken up, unless `ended` says that no
 * more notes will come. Costs 5 bytes of memory a line at most; a gigabyte is scanned in about a second, in small portions.
 */
export function openLog(files: LogFiles, ended: () => boolean): LogFile {
  const times = followTimes(files.times)
  const marks: ScanState[] = [START]
  const heads: Heads = { out: undefined, err: undefined }
  let state = START
  let markedBytes = 0
  let busy: Promise<boolean> = Promise.resolve(false)
  const ranks = new Map<number, number[]>()

  const sink: LineSink = {
    onLine: () => true,
    onRank(number, rank) {
      const known = ranks.get(rank)
      if (known === undefined) ranks.set(rank, [number])
      else if (known.at(-1) !== number) known.push(number)
    },
  }

  const mark = (): void => {
    const scanned = state.out.offset + state.err.offset
    const last = marks.at(-1) ?? START
    if (state.lines - last.lines < LINES_BETWEEN && scanned - markedBytes < PORTION) return
    marks.push(state)
    markedBytes = scanned
  }

  const takeUp = async (): Promise<boolean> => {
    const before = state
    const final = ended()
    await times.refresh()
    const until = final ? withRest(times.entries(), files) : times.entries()
    const visit = (stream: Stream, bytes: Buffer): boolean => {
      // A portion is cut finer, so that there is a mark within reach of every line.
      for (let at = 0; at < bytes.length; at += FINE) {
        state = scanPortion(state, stream, bytes.subarray(at, at + FINE), sink, heads).state
        mark()
      }
      return false
    }
    await eachPortion(files, state, until, visit, (entry) => (state = { ...state, entry }))
    return state.lines !== before.lines || state.out.offset + state.err.offset !== before.out.offset + before.err.offset
  }

  return {
    refresh: () => (busy = busy.then(takeUp, takeUp)),
    lines: () => state.lines,
    bytes: () => state.out.offset + state.err.offset,
    open: () => [state.out.open, state.err.open].filter((line) => line >= 0),
    async read(from, limit) {
      const last = state
      const starts = await findStarts(files, nearest(marks, from), last, withRest(times.entries(), files), from, limit)
      return readLines(files, starts, last, times.entries())
    },
    ranks: () => [...ranks.keys()].toSorted((a, b) => a - b),
    ofRank: (rank) => Uint32Array.from(ranks.get(rank) ?? []).sort(),
  }
}

/** The last place to start from that lies before the line's start. */
function nearest(marks: readonly ScanState[], line: number): ScanState {
  let low = 0
  let high = marks.length
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if ((marks[middle]?.lines ?? 0) <= line) low = middle
    else high = middle
  }
  return marks[low] ?? START
}

async function findStarts(
  files: LogFiles,
  mark: ScanState,
  last: ScanState,
  entries: TimeEntries,
  from: number,
  limit: number,
): Promise<readonly LineStart[]> {
  const starts: LineStart[] = []
  const until = Math.min(from + limit, last.lines)
  if (from >= until) return starts
  let state = mark
  const sink: LineSink = {
    onLine(number, stream, offset) {
      if (number >= until) return false
      if (number >= from) starts.push({ number, stream, offset })
      return true
    },
  }
  await eachPortion(files, mark, entries, (stream, bytes) => {
    const scanned = scanPortion(state, stream, bytes, sink)
    state = scanned.state
    return scanned.stopped
  })
  return starts
}
