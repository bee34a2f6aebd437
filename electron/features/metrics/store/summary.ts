import type { SeriesColumns, SeriesSummary } from '../store.ts'
import { compareValues } from './points.ts'

/**
 * A series' summary as packed doubles: changed in place per point without garbage, and stored as they are. All fields but the
 * count depend only on the set of points seen, so taking a point in twice changes nothing.
 *
 * COUNT counts the points in chunks, END_* is the last of them and SEALED_* the last in a sealed one; the rest covers every point acknowledged.
 */
export type PackedSummary = Float64Array

const COUNT = 0
const FIRST_STEP = 1
const FIRST_TIME = 2
const FIRST = 3
const LAST_STEP = 4
const LAST_TIME = 5
const LAST = 6
const MIN = 7
const MIN_STEP = 8
const MAX = 9
const MAX_STEP = 10
const START_TIME = 11
const END_TIME = 12
const END_POINT = 13
const SEALED_POINT = 16
const SIZE = 19

/** The summary of no points. */
export function emptySummary(): PackedSummary {
  const summary = new Float64Array(SIZE).fill(Number.NaN)
  summary[COUNT] = 0
  summary[START_TIME] = Infinity
  summary[END_TIME] = -Infinity
  return summary
}

/** Reads a stored summary; undefined when it is none. */
export function unpackSummary(bytes: Uint8Array | null): PackedSummary | undefined {
  if (bytes === null || bytes.length !== SIZE * 8) return undefined
  return new Float64Array(bytes.slice().buffer)
}

export function packSummary(summary: PackedSummary): Uint8Array {
  return new Uint8Array(summary.slice().buffer)
}

/** Takes points [from, to) in. */
export function foldPoints(summary: PackedSummary, points: SeriesColumns, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    const step = points.step[i] as number
    const time = points.time[i] as number
    const value = points.value[i] as number
    if (isLater(summary, step, time, value)) setPoint(summary, LAST_STEP, step, time, value)
    if (isEarlier(summary, step, time, value)) setPoint(summary, FIRST_STEP, step, time, value)
    if (time < (summary[START_TIME] as number)) summary[START_TIME] = time
    if (time > (summary[END_TIME] as number)) summary[END_TIME] = time
    if (value - value !== 0) continue // NaN or infinite
    const min = summary[MIN] as number
    if (!(value > min) && (value !== min || step < (summary[MIN_STEP] as number))) {
      summary[MIN] = value
      summary[MIN_STEP] = step
    }
    const max = summary[MAX] as number
    if (!(value < max) && (value !== max || step < (summary[MAX_STEP] as number))) {
      summary[MAX] = value
      summary[MAX_STEP] = step
    }
  }
}

/** By step, then time, then value with NaN as 0; where that leaves a tie of NaN and 0, the number is the later. */
function isLater(summary: PackedSummary, step: number, time: number, value: number): boolean {
  const lastStep = summary[LAST_STEP] as number
  if (step !== lastStep) return !(step < lastStep)
  const lastTime = summary[LAST_TIME] as number
  if (time !== lastTime) return time > lastTime
  const last = summary[LAST] as number
  const order = compareValues(Number.isNaN(value) ? 0 : value, Number.isNaN(last) ? 0 : last)
  return order > 0 || (order === 0 && Number.isNaN(last) && !Number.isNaN(value))
}

function isEarlier(summary: PackedSummary, step: number, time: number, value: number): boolean {
  const firstStep = summary[FIRST_STEP] as number
  if (step !== firstStep) return !(step > firstStep)
  const firstTime = summary[FIRST_TIME] as number
  if (time !== firstTime) return time < firstTime
  return compareValues(value, summary[FIRST] as number) < 0
}

/** Points in chunks. */
export function chunkCount(summary: PackedSummary): number {
  return summary[COUNT] as number
}

/** Records that chunks hold `count` points, the last of which is point `index` of `points`. */
export function setChunks(summary: PackedSummary, count: number, points: SeriesColumns, index: number): void {
  summary[COUNT] = count
  setPoint(summary, END_POINT, ...at(points, index))
}

/** Records that chunks hold `count` points and end where they did. */
export function setChunkCount(summary: PackedSummary, count: number): void {
  summary[COUNT] = count
}

/** Takes over what `stored` says of chunks. */
export function restoreChunks(summary: PackedSummary, stored: PackedSummary): void {
  summary[COUNT] = stored[COUNT] as number
  summary.set(stored.subarray(END_POINT, SIZE), END_POINT)
}

/** The last point in chunks as columns of one. Only when chunkCount > 0. */
export function chunkEnd(summary: PackedSummary): SeriesColumns {
  return pointAt(summary, END_POINT)
}

/** Records the last point of a newly sealed chunk. */
export function setSealedEnd(summary: PackedSummary, points: SeriesColumns, index: number): void {
  setPoint(summary, SEALED_POINT, ...at(points, index))
}

/** The last point in sealed chunks as columns of one; undefined when none is sealed yet. */
export function sealedEnd(summary: PackedSummary): SeriesColumns | undefined {
  return Number.isNaN(summary[SEALED_POINT]) ? undefined : pointAt(summary, SEALED_POINT)
}

/**
 * Records what chunks hold after a repair: how many points, and the last sealed one. Where open chunks follow, the last of all stays as it
 * was.
 */
export function setStanding(
  summary: PackedSummary,
  count: number,
  sealed: SeriesColumns | undefined,
  openFollow: boolean,
): void {
  summary[COUNT] = count
  const end: [number, number, number] = sealed === undefined ? [Number.NaN, Number.NaN, Number.NaN] : at(sealed, 0)
  setPoint(summary, SEALED_POINT, ...end)
  if (!openFollow) setPoint(summary, END_POINT, ...end)
}

function pointAt(summary: PackedSummary, field: number): SeriesColumns {
  return {
    step: summary.subarray(field, field + 1),
    time: summary.subarray(field + 1, field + 2),
    value: summary.subarray(field + 2, field + 3),
  }
}

function at(points: SeriesColumns, index: number): [number, number, number] {
  return [points.step[index] as number, points.time[index] as number, points.value[index] as number]
}

function setPoint(summary: PackedSummary, field: number, step: number, time: number, value: number): void {
  summary[field] = step
  summary[field + 1] = time
  summary[field + 2] = value
}

/** The latest value, and the least and the greatest finite one; null where there is none. */
export function standingOf(summary: PackedSummary): Pick<SeriesSummary, 'last' | 'min' | 'max'> {
  const [min, max] = [summary[MIN] as number, summary[MAX] as number]
  const finite = !Number.isNaN(min)
  return { last: summary[LAST] as number, min: finite ? min : null, max: finite ? max : null }
}

/** The latest point. */
export function latestOf(summary: PackedSummary): Pick<SeriesSummary, 'last' | 'lastStep' | 'lastTime'> {
  return {
    last: summary[LAST] as number,
    lastStep: summary[LAST_STEP] as number,
    lastTime: summary[LAST_TIME] as number,
  }
}

/** The step of the latest point, and its time. */
export const latestStep = (summary: PackedSummary): number => summary[LAST_STEP] as number
export const latestTime = (summary: PackedSummary): number => summary[LAST_TIME] as number

/** The readable form; `count` is given, as distinct points outside of chunks are counted elsewhere. */
export function readSummary(summary: PackedSummary, count: number): SeriesSummary {
  const field = (index: number): number => summary[index] as number
  const finite = !Number.isNaN(field(MIN))
  return {
    count,
    first: field(FIRST),
    firstStep: field(FIRST_STEP),
    firstTime: field(FIRST_TIME),
    last: field(LAST),
    lastStep: field(LAST_STEP),
    lastTime: field(LAST_TIME),
    min: finite ? field(MIN) : null,
    minStep: finite ? field(MIN_STEP) : null,
    max: finite ? field(MAX) : null,
    maxStep: finite ? field(MAX_STEP) : null,
    startTime: field(START_TIME),
    endTime: field(END_TIME),
  }
}
