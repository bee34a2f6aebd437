import { rankOf } from './rank.ts'

export type Stream = 'out' | 'err'

/** Where the scan of two streams into one sequence of lines stands. A line is numbered where it starts; while it is open, others may start. */
export type ScanState = {
  /** Lines started so far: the next line's number. */
  readonly lines: number
  /** The entry of the time index that is being read. */
  readonly entry: number
  readonly out: StreamState
  readonly err: StreamState
}

export type StreamState = {
  /** Bytes scanned. */
  readonly offset: number
  /** The number of the line that has started and not ended; -1 for none. */
  readonly open: number
}

export const START: ScanState = { lines: 0, entry: 0, out: { offset: 0, open: -1 }, err: { offset: 0, open: -1 } }

export type LineSink = {
  /** A line starts at this byte of the stream. False stops the scan before it. */
  readonly onLine: (number: number, stream: Stream, offset: number) => boolean
  /** The rank that the line's head names. Called once the head is known; not for lines without. */
  readonly onRank?: (number: number, rank: number) => void
}

const LINE_FEED = 10
const BRACKET = 91
/** No rank prefix is longer: `[default127]:`. */
const HEAD = 24

/** The first bytes of the line that is open at the end of a portion, where they may be a rank's prefix. */
export type Heads = { out: Buffer | undefined; err: Buffer | undefined }

/**
 * Scans a portion of one stream that follows what `state` has scanned of it. Returns the state after it, or where the sink stopped it. One pass over
 * the bytes, no text made: about a gigabyte a second.
 */
export function scanPortion(
  state: ScanState,
  stream: Stream,
  bytes: Buffer,
  sink: LineSink,
  heads?: Heads,
): { readonly state: ScanState; readonly stopped: boolean } {
  let { lines } = state
  let { offset, open } = state[stream]
  const base = offset
  const result = (stopped: boolean): { readonly state: ScanState; readonly stopped: boolean } => ({
    state: { ...state, lines, [stream]: { offset, open } },
    stopped,
  })
  let at = 0
  let begin = 0
  while (at < bytes.length) {
    if (open < 0) {
      if (!sink.onLine(lines, stream, base + at)) return result(true)
      open = lines++
      begin = at
      if (heads !== undefined) heads[stream] = undefined
    }
    const feed = findFeed(bytes, at)
    const end = feed < 0 ? bytes.length : feed + 1
    if (sink.onRank !== undefined) lookForRank(open, bytes, begin, end, feed >= 0, stream, sink.onRank, heads)
    at = end
    offset = base + at
    if (feed >= 0) open = -1
  }
  return result(false)
}

/** The next line feed from `at`, or -1. Short lines are quicker by hand, long ones by the system's search. */
function findFeed(bytes: Buffer, at: number): number {
  const near = Math.min(bytes.length, at + 48)
  for (let index = at; index < near; index++) if (bytes[index] === LINE_FEED) return index
  return near === bytes.length ? -1 : bytes.indexOf(LINE_FEED, near)
}

function lookForRank(
  line: number,
  bytes: Buffer,
  begin: number,
  end: number,
  ended: boolean,
  stream: Stream,
  onRank: NonNullable<LineSink['onRank']>,
  heads: Heads | undefined,
): void {
  const kept = heads?.[stream]
  if (kept === undefined && bytes[begin] !== BRACKET) return
  const head =
    kept === undefined
      ? bytes.subarray(begin, Math.min(end, begin + HEAD))
      : Buffer.concat([kept, bytes.subarray(0, HEAD)])
  const rank = rankOf(head.toString('latin1', 0, HEAD))
  if (heads !== undefined) heads[stream] = rank === null && !ended && head.length < HEAD ? Buffer.from(head) : undefined
  if (rank !== null) onRank(line, rank)
}
