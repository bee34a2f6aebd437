import { open } from 'node:fs/promises'
import type { LogFiles } from './portions.ts'
import type { ScanState, Stream } from './scan-lines.ts'
import { entryOf, type TimeEntries } from './time-entries.ts'

/** A line's bytes, of which a long one's are only its beginning and its end. */
export type RawLine = {
  readonly number: number
  readonly stream: Stream
  readonly time: number | null
  readonly bytes: Buffer
  /** Bytes that were left out between the beginning and the end. */
  readonly leftOut: number
  /** The line feed was there. */
  readonly ended: boolean
}

const PORTION = 1 << 20
/** How much of a line is read: its beginning, and its end, where a progress bar has its latest state. */
const LINE_HEAD = 48 << 10
const LINE_TAIL = 16 << 10

/** Where a line begins. */
export type LineStart = { readonly number: number; readonly stream: Stream; readonly offset: number }

/** The bytes of lines in ascending order of their numbers; those of each stream follow one another without a gap. */
export async function readLines(
  files: LogFiles,
  starts: readonly LineStart[],
  last: ScanState,
  entries: TimeEntries,
): Promise<readonly RawLine[]> {
  const readers: Partial<Record<Stream, LineReader>> = {}
  const next = { out: last.out.offset, err: last.err.offset }
  const ends = starts.toReversed().map(({ stream, offset }) => {
    const end = next[stream]
    next[stream] = offset
    return end
  })
  ends.reverse()
  const lastOf = {
    out: starts.findLast(({ stream }) => stream === 'out')?.number,
    err: starts.findLast(({ stream }) => stream === 'err')?.number,
  }
  const lines: RawLine[] = []
  try {
    for (const [index, { number, stream, offset }] of starts.entries()) {
      const reader = (readers[stream] ??= await lineReader(files[stream]))
      const known = number === lastOf[stream] ? undefined : ends[index]
      const line = await reader.line(offset, known, last[stream].offset)
      const entry = entryOf(entries, stream, offset)
      lines.push({ number, stream, time: entries.time[entry] ?? null, ...line })
    }
  } finally {
    await readers.out?.close()
    await readers.err?.close()
  }
  return lines
}

type LineReader = {
  /** The line at `offset`; `end` is where the next one starts, where that is known, and `limit` where the scanned part ends. */
  readonly line: (
    offset: number,
    end: number | undefined,
    limit: number,
  ) => Promise<Pick<RawLine, 'bytes' | 'leftOut' | 'ended'>>
  readonly close: () => Promise<void>
}

async function lineReader(file: string): Promise<LineReader> {
  const handle = await open(file, 'r')
  let cached = Buffer.alloc(0)
  let cachedAt = 0
  const bytesAt = async (offset: number, length: number): Promise<Buffer> => {
    const inside = offset - cachedAt
    if (inside >= 0 && inside + length <= cached.length) return cached.subarray(inside, inside + length)
    const portion = Buffer.allocUnsafe(Math.max(length, 256 << 10))
    const { bytesRead } = await handle.read(portion, 0, portion.length, offset)
    cached = portion.subarray(0, bytesRead)
    cachedAt = offset
    return cached.subarray(0, Math.min(length, bytesRead))
  }
  const endOf = async (offset: number, limit: number): Promise<number> => {
    for (let at = offset; at < limit;) {
      const portion = await bytesAt(at, Math.min(PORTION, limit - at))
      if (portion.length === 0) return at
      const feed = portion.indexOf(10)
      if (feed >= 0) return at + feed + 1
      at += portion.length
    }
    return limit
  }
  return {
    async line(offset, known, limit) {
      const end = known ?? (await endOf(offset, limit))
      const length = end - offset
      if (length <= LINE_HEAD + LINE_TAIL) {
        const bytes = await bytesAt(offset, length)
        const ended = bytes.at(-1) === 10
        return { bytes: Buffer.from(ended ? bytes.subarray(0, -1) : bytes), leftOut: 0, ended }
      }
      const head = Buffer.from(await bytesAt(offset, LINE_HEAD))
      const tail = await bytesAt(end - LINE_TAIL, LINE_TAIL)
      const ended = tail.at(-1) === 10
      return {
        bytes: Buffer.concat([head, ended ? tail.subarray(0, -1) : tail]),
        leftOut: length - LINE_HEAD - LINE_TAIL,
        ended,
      }
    },
    close: () => handle.close(),
  }
}
