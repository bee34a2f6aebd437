import { AppError, appError } from '#shared/rpc/app-error.ts'
import type { SeriesColumns } from '../store.ts'
import { type Buckets, coarser, FACTOR, FIELDS, LEVEL_1 } from './buckets.ts'

/**
 * A block lists up to 16 sealed chunks in order: a line of doubles on each in its directory, and the chunks' buckets of 64 and of
 * 256 points beside it. With it a chart of ten million points is drawn from some hundred rows, and a late point changes one
 * block only.
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
  /** Buckets of 64 points, of 256, of 1,024, and the whole chunk as one. */
  readonly level2: Buckets
  readonly level3: Buckets
  readonly level4: Buckets
  readonly whole: Buckets
}

/** Points in a bucket of each level. */
export const LEVEL_2 = LEVEL_1 * FACTOR
export const LEVEL_3 = LEVEL_2 * FACTOR
export const LEVEL_4 = LEVEL_3 * FACTOR

const HEAD = 12
/** Where things stand in a line: numbers, the whole chunk as a bucket, then up to four buckets of level 4. */
export const CHUNK = 0
export const N = 1
export const FIRST_STEP = 2
export const LAST_STEP = 5
export const MIN_TIME = 8
export const MAX_TIME = 9
export const TIME_SORTED = 10
export const WHOLE = HEAD
export const QUARTERS = HEAD + FIELDS
/** What a column can hold. */
const MOST_POINTS = 65_535
/** Doubles in a line. */
export const STRIDE = HEAD + FIELDS + FACTOR * FIELDS

/** Describes a chunk by its points and their level 1. */
export function lineOf(chunk: number, points: SeriesColumns, level1: Buckets): Line {
  const n = points.step.length
  const level2 = coarser(level1)
  const level3 = coarser(level2)
  const level4 = coarser(level3)
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
    level2,
    level3,
    level4,
    whole: coarser(level4),
  }
}

/** The directory of these lines as bytes. */
export function packDirectory(lines: readonly Line[]): Uint8Array {
  const directory = new Float64Array(lines.length * STRIDE)
  lines.forEach((line, index) => {
    const at = index * STRIDE
    directory.set([line.chunk, line.n, line.firstStep, line.firstTime, line.firstValue], at + CHUNK)
    directory.set([line.lastStep, line.lastTime, line.lastValue], at + LAST_STEP)
    directory.set([line.minTime, line.maxTime, line.timeSorted ? 1 : 0], at + MIN_TIME)
    directory.set(line.whole, at + WHOLE)
    directory.set(line.level4, at + QUARTERS)
  })
  return new Uint8Array(directory.buffer)
}

/** A directory whose chunks are named by the ids that `real` tells, as bytes; the same where it tells no others. */
export function nameChunks(bytes: Uint8Array, real: (id: number) => number): Uint8Array {
  const { lines, length } = readDirectory(bytes)
  let named = lines
  for (let line = 0; line < length; line++) {
    const at = line * STRIDE + CHUNK
    const id = lines[at] as number
    if (real(id) === id) continue
    if (named === lines) named = lines.slice()
    named[at] = real(id)
  }
  return named === lines ? bytes : new Uint8Array(named.buffer)
}

/** Lines one after the other as doubles, read in place: a query over thousands of chunks makes no object for each. */
export type Directory = { readonly lines: Float64Array; readonly length: number }

/** Reads a directory. Throws `corrupt` for bytes that are none. */
export function readDirectory(bytes: Uint8Array): Directory {
  if (!isDirectory(bytes)) throw damagedBlock()
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice()
  const lines = new Float64Array(aligned.buffer, aligned.byteOffset, aligned.length / 8)
  for (let at = 0; at < lines.length; at += STRIDE)
    if (!Number.isInteger(lines[at + CHUNK]) || !isCount(lines[at + N] as number)) throw damagedBlock()
  return { lines, length: lines.length / STRIDE }
}

function isCount(n: number): boolean {
  return Number.isInteger(n) && n > 0 && n <= MOST_POINTS
}

export function isDirectory(bytes: Uint8Array): boolean {
  return bytes.length > 0 && bytes.length % (STRIDE * 8) === 0
}

const DAMAGED = 'A metric in the project’s database is damaged.'

/** A block that cannot be read. It can be made anew from its chunks. */
export function damagedBlock(): Error {
  return appError('corrupt', DAMAGED, { hint: 'Restore the database from a backup.' })
}

export function isDamagedBlock(error: unknown): boolean {
  return error instanceof AppError && error.message === DAMAGED
}

/** The lines as values, to be changed and packed again; `level2` and `level3` are the buckets of all of them, one after another. */
export function unpackLines({ lines, length }: Directory, level2: Buckets, level3: Buckets): readonly Line[] {
  let taken2 = 0
  let taken3 = 0
  return Array.from({ length }, (_, index) => {
    const at = index * STRIDE
    const field = (offset: number): number => lines[at + offset] as number
    const n = field(N)
    const end2 = taken2 + bucketsIn(n, LEVEL_2) * FIELDS
    const end3 = taken3 + bucketsIn(n, LEVEL_3) * FIELDS
    const line: Line = {
      chunk: field(CHUNK),
      n,
      firstStep: field(FIRST_STEP),
      firstTime: field(FIRST_STEP + 1),
      firstValue: field(FIRST_STEP + 2),
      lastStep: field(LAST_STEP),
      lastTime: field(LAST_STEP + 1),
      lastValue: field(LAST_STEP + 2),
      minTime: field(MIN_TIME),
      maxTime: field(MAX_TIME),
      timeSorted: field(TIME_SORTED) === 1,
      level2: level2.slice(taken2, end2),
      level3: level3.slice(taken3, end3),
      level4: lines.slice(at + QUARTERS, at + QUARTERS + bucketsIn(n, LEVEL_4) * FIELDS),
      whole: lines.slice(at + WHOLE, at + WHOLE + FIELDS),
    }
    taken2 = end2
    taken3 = end3
    return line
  })
}

/** How many buckets of `size` points `n` points make. */
export function bucketsIn(n: number, size: number): number {
  return Math.ceil(n / size)
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
