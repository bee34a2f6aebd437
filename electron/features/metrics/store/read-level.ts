import type { LevelColumns, LevelView, SeriesColumns } from '../store.ts'
import { FACTOR, FIELDS, STEP, TIME } from './buckets.ts'
import { readChunk, readLevel } from './chunk.ts'
import {
  BUCKET_STRIDE,
  bucketCount,
  CHUNK,
  type Directory,
  FIRST_STEP,
  LAST_STEP,
  MAX_TIME,
  MIN_TIME,
  N,
  QUARTER,
  quarterCount,
  QUARTERS,
  readBuckets,
  readDirectory,
  STRIDE,
  TIME_SORTED,
  WHOLE,
} from './directory.ts'
import { exactLevel, withNeighbours } from './exact-level.ts'
import { catchUp, type LiveSeries } from './live-series.ts'
import { nearestOutside } from './outside.ts'
import { addBucket, addValue, createBins, type PixelBins, readBins } from './pixel-bins.ts'
import { type ChunkPlace, joinTail, resolvedTail } from './read-points.ts'
import { chunkCount, readSummary } from './summary.ts'
import type { StoreTools } from './tools.ts'

/** A block of the view: its directory, and how to get its buckets. */
type ViewBlock = { readonly id: number; readonly directory: Directory }
type View = LevelView & { readonly halfPixel: number }

/**
 * Answers a chart. Few points: all of them. Many: each chunk by its coarsest level whose buckets are at most half a pixel wide, and
 * chunks at the edges of the view, or with times that go back, by their points; so exactly the view's points are counted.
 */
export function readLevelOf(tools: StoreTools, live: LiveSeries, given: LevelView): LevelColumns {
  const view = boundView(live, given)
  const blocks = chunkCount(live.summary) === 0 ? [] : blocksOf(tools, live, view)
  const tail = resolvedTail(tools, live)
  const open = tools.queries.openChunks.rows<[number, number]>(live.id)
  const inside = blocks.reduce((sum, block) => sum + pointsInside(block.directory, view), 0)
  const [before, after] = nearestOutside(tools, live, view, tail)
  if (inside <= 2 * view.width) {
    const places = [...blocks.flatMap((block) => chunksInView(block.directory, view)), ...open]
    return withNeighbours(exactLevel(joinTail(tools, live, places, tail), view), before, after)
  }
  const bins = createBins(view.from, view.to, view.width)
  for (const block of blocks) addBlock(tools, block, view, bins)
  for (const [chunk, n] of open) {
    const points = readChunk(tools.queries, tools.damage, chunk, n)
    if (points !== undefined) addPoints(points, view, bins)
  }
  addPoints(tail, view, bins)
  return withNeighbours(readBins(bins), before, after)
}

function boundView(live: LiveSeries, { axis, from, to, width }: LevelView): View {
  catchUp(live)
  const summary = readSummary(live.summary, 0)
  const low = axis === 'step' ? summary.firstStep : summary.startTime
  const high = axis === 'step' ? summary.lastStep : summary.endTime
  const start = Number.isFinite(from) ? from : Math.min(low, to)
  const end = Number.isFinite(to) ? to : Math.max(high, from)
  const pixels = Math.max(1, Math.floor(width))
  return { axis, from: start, to: end, width: pixels, halfPixel: (end - start) / pixels / 2 }
}

function blocksOf({ queries }: StoreTools, live: LiveSeries, view: View): readonly ViewBlock[] {
  const rows =
    view.axis === 'step'
      ? queries.directoriesByStep.rows<[number, Uint8Array]>(live.id, view.to, view.from)
      : queries.directoriesByTime.rows<[number, Uint8Array]>(live.id, view.to, view.from)
  return rows.map(([id, bytes]) => ({ id, directory: readDirectory(bytes) }))
}

/** Where a line's points lie on the view's axis. */
const lowField = (view: View): number => (view.axis === 'step' ? FIRST_STEP : MIN_TIME)
const highField = (view: View): number => (view.axis === 'step' ? LAST_STEP : MAX_TIME)

/** Points of chunks that lie in the view entirely. */
function pointsInside({ lines, length }: Directory, view: View): number {
  const low = lowField(view)
  const high = highField(view)
  let sum = 0
  for (let at = 0; at < length * STRIDE; at += STRIDE)
    if ((lines[at + low] as number) >= view.from && (lines[at + high] as number) <= view.to)
      sum += lines[at + N] as number
  return sum
}

/** Chunks that reach into the view. */
function chunksInView({ lines, length }: Directory, view: View): readonly ChunkPlace[] {
  const low = lowField(view)
  const high = highField(view)
  const places: ChunkPlace[] = []
  for (let at = 0; at < length * STRIDE; at += STRIDE)
    if ((lines[at + high] as number) >= view.from && (lines[at + low] as number) <= view.to)
      places.push([lines[at + CHUNK] as number, lines[at + N] as number])
  return places
}

function addBlock(tools: StoreTools, { id, directory }: ViewBlock, view: View, bins: PixelBins): void {
  const { lines, length } = directory
  const lowAt = lowField(view)
  const highAt = highField(view)
  let buckets: Float64Array | undefined
  for (let index = 0; index < length; index++) {
    const at = index * STRIDE
    const low = lines[at + lowAt] as number
    const high = lines[at + highAt] as number
    if (high < view.from || low > view.to) continue
    const chunk = lines[at + CHUNK] as number
    const n = lines[at + N] as number
    const inside = low >= view.from && high <= view.to
    const placed = inside && (view.axis === 'step' || lines[at + TIME_SORTED] === 1)
    if (placed && high - low <= view.halfPixel) {
      addBucket(bins, lines, at + WHOLE, low)
      continue
    }
    if (placed && (high - low) / QUARTERS <= view.halfPixel)
      if (addBuckets(lines, at + QUARTER, quarterCount(n), high, view, bins)) continue
    if (placed && (high - low) / FACTOR <= view.halfPixel) {
      buckets ??= readBuckets(tools.queries.buckets.value<Uint8Array>(id) ?? new Uint8Array(0), length)
      if (addBuckets(buckets, index * BUCKET_STRIDE, bucketCount(n), high, view, bins)) continue
    }
    if (placed && (high - low) / (FACTOR * FACTOR) <= view.halfPixel) {
      const level = readLevel(tools.queries, chunk, n)
      if (level !== undefined && addBuckets(level, 0, level.length / FIELDS, high, view, bins)) continue
    }
    const points = readChunk(tools.queries, tools.damage, chunk, n)
    if (points !== undefined) addPoints(points, view, bins)
  }
}

/** Adds `count` buckets from `start` on; false, and none added, when one of them is wider than half a pixel. */
function addBuckets(
  buckets: Float64Array,
  start: number,
  count: number,
  high: number,
  view: View,
  bins: PixelBins,
): boolean {
  const field = view.axis === 'step' ? STEP : TIME
  const end = start + count * FIELDS
  for (let at = start; at < end; at += FIELDS) {
    const next = at + FIELDS < end ? (buckets[at + FIELDS + field] as number) : high
    if (next - (buckets[at + field] as number) > view.halfPixel) return false
  }
  for (let at = start; at < end; at += FIELDS) addBucket(bins, buckets, at, buckets[at + field] as number)
  return true
}

function addPoints(points: SeriesColumns, view: View, bins: PixelBins): void {
  const xs = view.axis === 'step' ? points.step : points.time
  for (let i = 0; i < xs.length; i++) {
    const x = xs[i] as number
    if (x >= view.from && x <= view.to) addValue(bins, x, points.value[i] as number)
  }
}
