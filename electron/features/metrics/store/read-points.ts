import type { SeriesColumns, SeriesId } from '../store.ts'
import { readChunk, readChunkTo } from './chunk.ts'
import { CHUNK, FIRST_STEP, LAST_STEP, N, readDirectory, STRIDE } from './directory.ts'
import { catchUp, type LiveSeries, tailOf } from './live-series.ts'
import {
  comparePoints,
  concatPoints,
  countBefore,
  mergePoints,
  newPoints,
  noPoints,
  slicePoints,
  subtractPoints,
} from './points.ts'
import type { BlockSpan } from './queries.ts'
import { sortPoints } from './sort-points.ts'
import { chunkCount, chunkEnd } from './summary.ts'
import type { StoreTools } from './tools.ts'

/** A sealed or open chunk's number and length. */
export type ChunkPlace = readonly [chunk: number, n: number]

/** Chunks that may hold steps of [from, to], in order: sealed ones, then all open ones. */
function chunksOf(tools: StoreTools, series: SeriesId, from: number, to: number): readonly ChunkPlace[] {
  const places: ChunkPlace[] = []
  const rows = tools.queries.directoriesByStep.rows<[number, Uint8Array]>(series, to, from)
  for (const [, bytes] of rows) {
    const { lines, length } = readDirectory(bytes)
    for (let at = 0; at < length * STRIDE; at += STRIDE)
      if ((lines[at + LAST_STEP] as number) >= from && (lines[at + FIRST_STEP] as number) <= to)
        places.push([lines[at + CHUNK] as number, lines[at + N] as number])
  }
  places.push(...tools.queries.openChunks.rows<[number, number]>(series))
  return places
}

/** Where blocks begin, after the first; fewer where a long tail, which is looked through for each part, is longer than they are. */
export function cutsOf({ queries, layout }: StoreTools, live: LiveSeries): readonly number[] {
  const stride = 1 + Math.floor(live.n / (layout.chunkPoints * layout.linesABlock))
  const starts = queries.blockSteps.rows<BlockSpan>(live.id).map(([, first]) => first)
  return [...new Set(Float64Array.from(starts).sort())].filter((_, index) => index > 0 && index % stride === 0)
}

/** All points of a series with a step in [from, to]; infinite bounds mean all. */
export function readPoints(tools: StoreTools, live: LiveSeries, from: number, to: number): SeriesColumns {
  const tail = resolvedTail(tools, live)
  const places = chunkCount(live.summary) === 0 ? [] : chunksOf(tools, live.id, from, to)
  return withinSteps(joinTail(tools, live, places, tail), from, to)
}

/** The points of chunks, which are given in order, together with the tail. */
export function joinTail(
  tools: StoreTools,
  live: LiveSeries,
  places: readonly ChunkPlace[],
  tail: SeriesColumns,
): SeriesColumns {
  const length = places.reduce((sum, [, n]) => sum + n, 0)
  // The common case, a tail after all chunks, is written where it belongs rather than merged.
  const follows = tail.step.length === 0 || length === 0 || comparePoints(chunkEnd(live.summary), 0, tail, 0) < 0
  const result = newPoints(length + (follows ? tail.step.length : 0))
  let at = 0
  for (const [chunk, n] of places) if (readChunkTo(tools.queries, tools.damage, chunk, n, result, at)) at += n
  if (follows) {
    result.step.set(tail.step, at)
    result.time.set(tail.time, at)
    result.value.set(tail.value, at)
    at += tail.step.length
  }
  const read = slicePoints(result, 0, at)
  return follows ? read : mergePoints(read, tail)
}

function withinSteps(points: SeriesColumns, from: number, to: number): SeriesColumns {
  const { step } = points
  let start = 0
  let end = step.length
  if (end > 0 && (step[0] as number) < from) start = firstAtLeast(step, from)
  if (end > 0 && (step[end - 1] as number) > to) end = firstAbove(step, to)
  const exact = start === 0 && end === points.step.buffer.byteLength / 8
  if (exact) return points
  // A copy: a view would keep, and send along, the whole of the memory behind it.
  const part = slicePoints(points, start, Math.max(start, end))
  return { step: part.step.slice(), time: part.time.slice(), value: part.value.slice() }
}

function firstAtLeast(sorted: Float64Array, bound: number): number {
  return bisect(sorted, (value) => value < bound)
}

function firstAbove(sorted: Float64Array, bound: number): number {
  return bisect(sorted, (value) => value <= bound)
}

function bisect(sorted: Float64Array, before: (value: number) => boolean): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (before(sorted[middle] as number)) low = middle + 1
    else high = middle
  }
  return low
}

/** Distinct points of a series. */
export function countPoints(tools: StoreTools, live: LiveSeries): number {
  catchUp(live)
  // Counting an ordered tail needs no look at it.
  return chunkCount(live.summary) + (live.ordered ? live.n : resolvedTail(tools, live).step.length)
}

/**
 * The tail in order, each point once, without points that chunks hold as well. For a tail that was logged in order that is the
 * tail itself; for others the work is done once for each state of the series.
 */
export function resolvedTail(tools: StoreTools, live: LiveSeries): SeriesColumns {
  if (live.n === 0) return noPoints
  catchUp(live)
  if (live.ordered) return tailOf(live)
  if (live.resolved?.version === live.version) return live.resolved.points
  let points = sortPoints(tailOf(live))
  const late = chunkCount(live.summary) === 0 ? 0 : countBefore(points, chunkEnd(live.summary), 0, true)
  if (late > 0) {
    const rest = slicePoints(points, late, points.step.length)
    points = concatPoints([withoutKnown(tools, live.id, slicePoints(points, 0, late)), rest])
  }
  live.resolved = { version: live.version, points }
  return points
}

/** Ordered points without those in chunks; reads only chunks that some of them fall into. */
function withoutKnown(tools: StoreTools, series: SeriesId, late: SeriesColumns): SeriesColumns {
  const { queries, damage } = tools
  const first = late.step[0] as number
  const last = late.step.at(-1) as number
  let rest = late
  const drop = (chunk: number, n: number): void => {
    const known = readChunk(queries, damage, chunk, n)
    if (known !== undefined) rest = subtractPoints(rest, known)
  }
  const rows = queries.directoriesByStep.rows<[number, Uint8Array]>(series, last, first)
  for (const [, bytes] of rows) {
    const { lines, length } = readDirectory(bytes)
    for (let at = 0; at < length * STRIDE; at += STRIDE)
      if (anyStepIn(rest.step, lines[at + FIRST_STEP] as number, lines[at + LAST_STEP] as number))
        drop(lines[at + CHUNK] as number, lines[at + N] as number)
  }
  for (const [chunk, n] of queries.openChunks.rows<[number, number]>(series)) drop(chunk, n)
  return rest
}

function anyStepIn(sorted: Float64Array, from: number, to: number): boolean {
  const at = firstAtLeast(sorted, from)
  return at < sorted.length && (sorted[at] as number) <= to
}
