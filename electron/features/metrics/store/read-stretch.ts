import { isWide } from '#shared/lib/whole-number.ts'
import type { SeriesColumns, SeriesStretch } from '../store.ts'
import { readChunk } from './chunk.ts'
import { CHUNK, type Directory, LAST_STEP, MAX_TIME, MIN_TIME, N, readDirectory, STRIDE } from './directory.ts'
import type { LiveSeries } from './live-series.ts'
import { pointKey } from './point-key.ts'
import { comparePoints, concatPoints, countBefore, mergePoints, slicePoints } from './points.ts'
import type { ChunkPlace } from './read-points.ts'
import { resolvedTail } from './read-points.ts'
import type { StoreTools } from './tools.ts'
import { exactlyBetween } from './wide-rows.ts'

/** Times of what lies before a stretch and after it. */
type Around = { latestBefore: number; earliestAfter: number }

/**
 * Points of a series in its order from the place `from` on, at least `count` of them where there are so many. Points that share a place, which their
 * values or their exact steps and times put in order, are never parted. What is read hangs on `count`, not on how long the series is: some
 * chunks, the directories of their blocks, the few open chunks, and an index for the times before and after.
 */
export function readStretch(
  tools: StoreTools,
  live: LiveSeries,
  from: { readonly step: number; readonly time: number } | undefined,
  count: number,
): SeriesStretch {
  const around: Around = { latestBefore: -Infinity, earliestAfter: Infinity }
  const start = from === undefined ? undefined : placeOf(from.step, from.time)
  const tail = resolvedTail(tools, live)
  let taken = passOver(tail, start, around)
  const sealed = sealedFrom(tools, live, start, around)
  const open = tools.queries.openChunks.rows<[number, number]>(live.id)
  const parts: SeriesColumns[] = []
  let length = 0
  let read = tail
  let end = 0
  const add = (points: SeriesColumns): void => {
    parts.push(points)
    length += points.step.length
  }
  for (let whole = false; !whole;) {
    const place = sealed.next() ?? open.shift()
    if (place === undefined) {
      add(slicePoints(tail, taken, tail.step.length))
      taken = tail.step.length
      whole = true
    } else {
      const points = readChunk(tools.queries, tools.damage, ...place)
      if (points === undefined) continue
      // Late points that are not in chunks yet come in between.
      const until = Math.max(taken, countBefore(tail, points, points.step.length - 1, true))
      const inside = slicePoints(points, passOver(points, start, around), points.step.length)
      add(mergePoints(inside, slicePoints(tail, taken, until)))
      taken = until
    }
    if (!whole && length <= count) continue
    read = concatPoints(parts)
    parts.splice(0, parts.length, read)
    end = endOfPlace(read, count)
    // The last place may go on in the next chunk.
    whole ||= end < length
  }
  seeAfter(around, read, end)
  seeAfter(around, tail, taken)
  sealed.leave()
  for (const place of open) seeAfter(around, readChunk(tools.queries, tools.damage, ...place), 0)
  const next = end < length ? placeOf(read.step[end] as number, read.time[end] as number) : undefined
  const near = slicePoints(read, 0, end)
  const points = exactlyBetween(tools.queries, live, near, keyOf(start), keyOf(next))
  return { points, ...around, ended: around.earliestAfter === Infinity }
}

/** What comes before all points of a place: those of one time and step, or of one step where a double stands for several. */
function placeOf(step: number, time: number): SeriesColumns {
  const at = isWide(step) ? -Infinity : time
  return { step: Float64Array.of(step), time: Float64Array.of(at), value: Float64Array.of(-Infinity) }
}

const keyOf = (place: SeriesColumns | undefined): Uint8Array | undefined =>
  place === undefined ? undefined : pointKey(place, 0)

/** Where the place ends that holds point `count - 1`. */
function endOfPlace({ step, time }: SeriesColumns, count: number): number {
  let end = Math.min(count, step.length)
  if (end === 0) return 0
  const [lastStep, lastTime] = [step[end - 1] as number, time[end - 1] as number]
  while (end < step.length && step[end] === lastStep && (isWide(lastStep) || time[end] === lastTime)) end++
  return end
}

/** How many points come before the place; their times are seen. */
function passOver(points: SeriesColumns, start: SeriesColumns | undefined, around: Around): number {
  const before = start === undefined ? 0 : countBefore(points, start, 0, false)
  for (let i = 0; i < before; i++) around.latestBefore = Math.max(around.latestBefore, points.time[i] as number)
  return before
}

function seeAfter(around: Around, points: SeriesColumns | undefined, from: number): void {
  if (points === undefined) return
  for (let i = from; i < points.time.length; i++)
    around.earliestAfter = Math.min(around.earliestAfter, points.time[i] as number)
}

/** Sealed chunks one by one from the place on, and, when no more are wanted, the earliest time in those that are left. */
function sealedFrom(
  { queries }: StoreTools,
  { id }: LiveSeries,
  start: SeriesColumns | undefined,
  around: Around,
): { readonly next: () => ChunkPlace | undefined; readonly leave: () => void } {
  type Block = readonly [block: number, first: Uint8Array]
  const holding = start === undefined ? undefined : queries.blockBefore.row<Block>(id, pointKey(start, 0))
  let block = holding ?? queries.firstBlock.row<Block>(id)
  if (holding !== undefined)
    around.latestBefore = queries.latestBefore.value<number | null>(id, holding[1]) ?? around.latestBefore
  let directory: Directory | undefined
  let at = 0
  /** The next line, with blocks taken up as they are come to. */
  const line = (): Float64Array | undefined => {
    while (block !== undefined) {
      directory ??= readDirectory(queries.directory.value<Uint8Array>(block[0]) ?? new Uint8Array(0))
      if (at < directory.length * STRIDE) return directory.lines.subarray(at, (at += STRIDE))
      block = queries.blockAfter.row<Block>(id, block[1])
      directory = undefined
      at = 0
    }
    return undefined
  }
  return {
    next() {
      for (let next = line(); next !== undefined; next = line()) {
        if (start === undefined || comparePoints(lastOf(next), 0, start, 0) >= 0)
          return [next[CHUNK] as number, next[N] as number]
        around.latestBefore = Math.max(around.latestBefore, next[MAX_TIME] as number)
      }
      return undefined
    },
    leave() {
      if (block === undefined) return
      const { lines, length } = directory ?? { lines: new Float64Array(0), length: 0 }
      for (; at < length * STRIDE; at += STRIDE)
        around.earliestAfter = Math.min(around.earliestAfter, lines[at + MIN_TIME] as number)
      const later = queries.earliestAfter.value<number | null>(id, block[1]) ?? Infinity
      around.earliestAfter = Math.min(around.earliestAfter, later)
    },
  }
}

function lastOf(line: Float64Array): SeriesColumns {
  const [step, time, value] = [0, 1, 2].map((field) => line.subarray(LAST_STEP + field, LAST_STEP + field + 1))
  return { step, time, value } as SeriesColumns
}
