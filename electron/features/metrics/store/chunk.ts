import type { SeriesColumns } from '../store.ts'
import { type Buckets, bucketsOfPoints, LEVEL_1 } from './buckets.ts'
import { decodeColumn, encodeColumn } from './column-codec.ts'
import type { Damage } from './damage.ts'
import { damagedBlock, type Line, lineOf } from './directory.ts'
import { decodeLevel, encodeLevel, type LevelScratch } from './level-codec.ts'
import { newPoints } from './points.ts'
import type { ChunkColumns, Draft } from './plan.ts'
import type { ChunkRow, Queries, Reads } from './queries.ts'

/**
 * Decodes chunk `id` of `n` points to `target` from position `at` on; false when it cannot be read, which is told. Throws `corrupt` when there is
 * no such chunk: then the block that lists it is damaged.
 */
export function readChunkTo(
  reads: Reads,
  damage: Pick<Damage, 'leftOut'>,
  id: number,
  n: number,
  target: SeriesColumns,
  at: number,
): boolean {
  const row = reads.chunk.row<ChunkRow>(id)
  try {
    if (row === undefined || row[0] !== n) throw damagedBlock()
    decodeColumn(row[1], n, target.step, at)
    decodeColumn(row[2], n, target.value, at)
    decodeColumn(row[3], n, target.time, at)
    return true
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    damage.leftOut(id, error.message)
    return false
  }
}

export function readChunk(
  reads: Reads,
  damage: Pick<Damage, 'leftOut'>,
  id: number,
  n: number,
): SeriesColumns | undefined {
  const points = newPoints(n)
  return readChunkTo(reads, damage, id, n, points, 0) ? points : undefined
}

/** A chunk's points for a plan; undefined when it cannot be read, which the plan then deals with. */
export function chunkForPlan(reads: Reads, id: number, n: number): SeriesColumns | undefined {
  return readChunk(reads, { leftOut: () => {} }, id, n)
}

/**
 * Reads level 1 of a sealed chunk, buckets of 16 points, to `scratch`. Returns how many there are; 0 when they cannot be read, then
 * the chunk itself answers.
 */
export function readLevel(queries: Queries, id: number, n: number, scratch: LevelScratch): number {
  const body = queries.level.value<Uint8Array>(id)
  if (body === undefined) return 0
  const count = Math.ceil(n / LEVEL_1)
  try {
    decodeLevel(body, count, LEVEL_1, scratch)
    return count
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return 0
  }
}

/** Plans a chunk that is still to be joined with later ones; no pyramid yet. */
export function draftOpenChunk(draft: Draft, points: SeriesColumns): void {
  const n = points.step.length
  draft.add({ kind: 'chunk', id: draft.newId(), n, columns: encodePoints(points), level: null })
}

/** Plans a sealed chunk with its level 1, in the place of chunk `id` if given; returns its line for the block. */
export function draftSealedChunk(draft: Draft, points: SeriesColumns, id = draft.newId()): Line {
  const level = bucketsOfPoints(points)
  const n = points.step.length
  draft.add({ kind: 'chunk', id, n, columns: encodePoints(points), level: encodeLevel(level, LEVEL_1) })
  return lineOf(id, points, level)
}

/** Writes level 1 of a sealed chunk anew; returns it. */
export function writeLevel(queries: Queries, id: number, points: SeriesColumns): Buckets {
  const level = bucketsOfPoints(points)
  queries.putLevel.run(id, encodeLevel(level, LEVEL_1))
  return level
}

/** Takes a chunk that cannot be read out of use, bytes kept. */
export function putChunkAside(queries: Queries, damage: Damage, series: number, id: number): void {
  const row = queries.chunk.row<ChunkRow>(id)
  const body = row === undefined ? new Uint8Array(0) : Buffer.concat([row[1], row[2], row[3]])
  const sizes =
    row === undefined
      ? 'missing'
      : `steps, values and times of ${row[1].length}, ${row[2].length} and ${row[3].length} bytes`
  damage.putAside('chunk', series, `A chunk that cannot be read: ${sizes}`, body)
  queries.removeChunk.run(id)
}

function encodePoints(points: SeriesColumns): ChunkColumns {
  return [encodeColumn(points.step), encodeColumn(points.value), encodeColumn(points.time)]
}
