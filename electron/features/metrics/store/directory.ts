import { appError } from '#shared/rpc/errors.ts'
import type { SeriesColumns } from '../store.ts'
import { type Buckets, coarser, FACTOR, FIELDS } from './buckets.ts'

/**
 * A block lists up to 16 sealed chunks in order: a line of doubles on each in its directory, and each chunk's buckets of 256
 * points. With it a chart of ten million points is drawn from some hundred rows, and a late point changes one block only.
 */
export type Line = {
  readonly chunk: number
  readonly n: number
  readonly firstStep: number
  readonly firstTime: number
  readonly firstValue: number
  readonly lastStep: number
  readonly lastTime: number
  readonly lastValue: number
  readonly minTime: number
  readonly maxTime: number
  /** Times ascend along the chunk, so its buckets may be placed by time. */
  readonly timeSorted: boolean
  /** The whole chunk as one bucket. */
  readonly whole: Buckets
  /** Buckets of 1,024 points, at most 4. */
  readonly quarters: Buckets
  /** Buckets of 256 points, at most 16. */
  readonly buckets: Buckets
}

/** Quarters of a chunk, so that a chart that is a little too fine for whole chunks need not read all buckets of 256. */
export const QUARTERS = 4
const HEAD = 12
const LINE = HEAD + FIELDS + QUARTERS * FIELDS
/** Each line has room for 16 buckets of 256 points. */
const BUCKETS_A_LINE = FACTOR * FIELDS

/** Describes a chunk by its points and their level 1. */
export function lineOf(chunk: number, points: SeriesColumns, level: Buckets): Line {
  const n = points.step.length
  const buckets = coarser(level, FACTOR)
  const quarters = coarser(buckets, QUARTERS)
  let minTime = Infinity
  let maxTime = -Infinity
  let timeSorted = true
  for (let i = 0; i < n; i++) {
    const time = points.time[i] as number
    if (time < maxTime) timeSorted = false
    if (time < minTime) minTime = time
    if (time > maxTime) maxTime = time
  }
  return {
    chunk,
    n,
    firstStep: points.step[0] as number,
    firstTime: points.time[0] as number,
    firstValue: points.value[0] as number,
    lastStep: points.step[n - 1] as number,
    lastTime: points.time[n - 1] as number,
    lastValue: points.value[n - 1] as number,
    minTime,
    maxTime,
    timeSorted,
    whole: coarser(quarters, QUARTERS),
    quarters,
    buckets,
  }
}

export type PackedBlock = { readonly directory: Uint8Array; readonly buckets: Uint8Array }

export function packBlock(lines: readonly Line[]): PackedBlock {
  const directory = new Float64Array(lines.length * LINE)
  const buckets = new Float64Array(lines.length * BUCKETS_A_LINE)
  lines.forEach((line, index) => {
    const at = index * LINE
    directory.set(
      [
        line.chunk,
        line.n,
        line.firstStep,
        line.firstTime,
        line.firstValue,
        line.lastStep,
        line.lastTime,
        line.lastValue,
        line.minTime,
        line.maxTime,
        line.timeSorted ? 1 : 0,
      ],
      at,
    )
    directory.set(line.whole, at + WHOLE)
    directory.set(line.quarters, at + QUARTER)
    buckets.set(line.buckets, index * BUCKETS_A_LINE)
  })
  return { directory: new Uint8Array(directory.buffer), buckets: new Uint8Array(buckets.buffer) }
}

/** Directories of many lines as columns of doubles, read in place: a query over thousands of chunks makes no object for each. */
export type Directory = { readonly lines: Float64Array; readonly length: number }

export const CHUNK = 0
export const N = 1
export const FIRST_STEP = 2
export const LAST_STEP = 5
export const MIN_TIME = 8
export const MAX_TIME = 9
export const TIME_SORTED = 10
export const WHOLE = HEAD
export const QUARTER = HEAD + FIELDS
export const STRIDE = LINE

/** Reads a directory. Throws `corrupt` for bytes that are none. */
export function readDirectory(bytes: Uint8Array): Directory {
  if (!isDirectory(bytes)) throw damaged()
  return { lines: doubles(bytes), length: bytes.length / (LINE * 8) }
}

export function isDirectory(bytes: Uint8Array): boolean {
  return bytes.length > 0 && bytes.length % (LINE * 8) === 0
}

function damaged(): Error {
  return appError('corrupt', 'A metric in the project’s database is damaged.', {
    hint: 'Restore the database from a backup. The points themselves may still be there.',
  })
}

/** The lines with their buckets, to be changed and packed again. */
export function unpackBlock(directoryBytes: Uint8Array, bucketBytes: Uint8Array): readonly Line[] {
  const { lines, length } = readDirectory(directoryBytes)
  const all = readBuckets(bucketBytes, length)
  return Array.from({ length }, (_, index) => {
    const at = index * LINE
    const field = (offset: number): number => lines[at + offset] as number
    return {
      chunk: field(CHUNK),
      n: field(N),
      firstStep: field(FIRST_STEP),
      firstTime: field(3),
      firstValue: field(4),
      lastStep: field(LAST_STEP),
      lastTime: field(6),
      lastValue: field(7),
      minTime: field(MIN_TIME),
      maxTime: field(MAX_TIME),
      timeSorted: field(TIME_SORTED) === 1,
      whole: lines.slice(at + WHOLE, at + WHOLE + FIELDS),
      quarters: lines.slice(at + QUARTER, at + QUARTER + quarterCount(field(N)) * FIELDS),
      buckets: all.slice(index * BUCKETS_A_LINE, index * BUCKETS_A_LINE + bucketCount(field(N)) * FIELDS),
    }
  })
}

/** The buckets of all lines; those of line i start at `i * BUCKETS_A_LINE`. */
export function readBuckets(bytes: Uint8Array, length: number): Buckets {
  if (bytes.length !== length * BUCKETS_A_LINE * 8) throw damaged()
  return doubles(bytes)
}

export const BUCKET_STRIDE = BUCKETS_A_LINE

/** How many buckets of 1,024 points a chunk of `n` points has. */
export function quarterCount(n: number): number {
  return Math.ceil(n / (FACTOR * FACTOR * QUARTERS))
}

/** How many buckets of 256 points a chunk of `n` points has. */
export function bucketCount(n: number): number {
  return Math.ceil(n / (FACTOR * FACTOR))
}

function doubles(bytes: Uint8Array): Float64Array {
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice()
  return new Float64Array(aligned.buffer, aligned.byteOffset, aligned.length / 8)
}

/** A line's place in the order of points: its first and last point as columns of one. */
export function lineEnds(line: Line): { readonly first: SeriesColumns; readonly last: SeriesColumns } {
  return {
    first: one(line.firstStep, line.firstTime, line.firstValue),
    last: one(line.lastStep, line.lastTime, line.lastValue),
  }
}

function one(step: number, time: number, value: number): SeriesColumns {
  return { step: Float64Array.of(step), time: Float64Array.of(time), value: Float64Array.of(value) }
}
