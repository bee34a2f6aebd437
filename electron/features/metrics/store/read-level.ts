import type { LevelColumns, LevelView, SeriesColumns } from '../store.ts'
import { blockBucketCount } from './block.ts'
import { type Buckets, FIELDS, LEVEL_1, STEP, TIME } from './buckets.ts'
import { readChunk, readLevel } from './chunk.ts'
import {
  bucketsIn,
  CHUNK,
  type Directory,
  FIRST_STEP,
  LAST_STEP,
  LEVEL_2,
  LEVEL_3,
  LEVEL_4,
  MAX_TIME,
  MIN_TIME,
  N,
  QUARTERS,
  readDirectory,
  STRIDE,
  TIME_SORTED,
  WHOLE,
} from './directory.ts'
import { exactLevel, withNeighbours } from './exact-level.ts'
import { decodeLevel, type LevelScratch, levelScratch } from './level-codec.ts'
import { catchUp, type LiveSeries } from './live-series.ts'
import { nearestOutside } from './outside.ts'
import { addBucket, addValue, createBins, type PixelBins, readBins } from './pixel-bins.ts'
import { type ChunkPlace, joinTail, resolvedTail } from './read-points.ts'
import { chunkCount, readSummary } from './summary.ts'
import type { Layout, StoreTools } from './tools.ts'

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
  const room = roomFor(tools.layout)
  for (const block of blocks) addBlock(tools, block, view, bins, room)
  for (const [chunk, n] of open) {
    const points = readChunk(tools.queries, tools.damage, chunk, n)
    if (points !== undefined) addPoints(points, view, bins)
  }
  addPoints(tail, view, bins)
  return withNeighbours(readBins(bins), before, after)
}

/** Memory for decoding levels, used again for each block and chunk. */
type Room = { readonly level1: LevelScratch; readonly level2: LevelScratch; readonly level3: LevelScratch }

function roomFor({ chunkPoints, linesABlock }: Layout): Room {
  return {
    level1: levelScratch(bucketsIn(chunkPoints, LEVEL_1)),
    level2: levelScratch(bucketsIn(chunkPoints, LEVEL_2) * linesABlock),
    level3: levelScratch(bucketsIn(chunkPoints, LEVEL_3) * linesABlock),
  }
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

/** Adds a block's part of the view, each chunk by the coarsest level that is fine enough. */
function addBlock(tools: StoreTools, { id, directory }: ViewBlock, view: View, bins: PixelBins, room: Room): void {
  const { queries, damage } = tools
  const { lines, length } = directory
  const lowAt = lowField(view)
  const highAt = highField(view)
  const level2 = blockLevel(() => queries.blockLevel2.value<Uint8Array>(id), directory, LEVEL_2, room.level2)
  const level3 = blockLevel(() => queries.blockLevel3.value<Uint8Array>(id), directory, LEVEL_3, room.level3)
  for (let index = 0; index < length; index++) {
    const at = index * STRIDE
    const low = lines[at + lowAt] as number
    const high = lines[at + highAt] as number
    if (high < view.from || low > view.to) continue
    const chunk = lines[at + CHUNK] as number
    const n = lines[at + N] as number
    const inside = low >= view.from && high <= view.to
    const placed = inside && (view.axis === 'step' || lines[at + TIME_SORTED] === 1)
    /** Whether buckets of this many points are fine enough, were they all alike. */
    const fine = (size: number): boolean => placed && ((high - low) * Math.min(size, n)) / n <= view.halfPixel
    const add = (buckets: Buckets, start: number, count: number): boolean =>
      addBuckets(buckets, start, count, high, view, bins)
    if (fine(n)) addBucket(bins, lines, at + WHOLE, low)
    else if (fine(LEVEL_4) && add(lines, at + QUARTERS, bucketsIn(n, LEVEL_4))) continue
    else if (
      fine(LEVEL_3) &&
      level3() &&
      add(room.level3.buckets, startOf(directory, index, LEVEL_3), bucketsIn(n, LEVEL_3))
    )
      continue
    else if (
      fine(LEVEL_2) &&
      level2() &&
      add(room.level2.buckets, startOf(directory, index, LEVEL_2), bucketsIn(n, LEVEL_2))
    )
      continue
    else if (fine(LEVEL_1) && add(room.level1.buckets, 0, readLevel(queries, chunk, n, room.level1))) continue
    else {
      const points = readChunk(queries, damage, chunk, n)
      if (points !== undefined) addPoints(points, view, bins)
    }
  }
}

/** Reads a level of a block to `scratch` when first asked; false when it cannot be read, then finer ones answer. */
function blockLevel(
  read: () => Uint8Array | undefined,
  directory: Directory,
  size: number,
  scratch: LevelScratch,
): () => boolean {
  let there: boolean | undefined
  return () => {
    if (there !== undefined) return there
    try {
      decodeLevel(read() ?? new Uint8Array(0), blockBucketCount(directory, size), size, scratch)
      there = true
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      there = false
    }
    return there
  }
}

/** Where the buckets of a line begin among those of its block. */
function startOf({ lines }: Directory, index: number, size: number): number {
  let buckets = 0
  for (let line = 0; line < index; line++) buckets += bucketsIn(lines[line * STRIDE + N] as number, size)
  return buckets * FIELDS
}

/** Adds `count` buckets from `start` on; false, and none added, when one of them is wider than half a pixel or there is none. */
function addBuckets(
  buckets: Float64Array,
  start: number,
  count: number,
  high: number,
  view: View,
  bins: PixelBins,
): boolean {
  if (count === 0) return false
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
