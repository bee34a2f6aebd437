import type { SeriesColumns } from '../store.ts'
import type { Buckets } from './buckets.ts'
import { putChunkAside, readChunk, writeSealedChunk } from './chunk.ts'
import {
  bucketsIn,
  CHUNK,
  damagedBlock,
  type Directory,
  isDirectory,
  LEVEL_2,
  LEVEL_3,
  type Line,
  lineEnds,
  N,
  packDirectory,
  readDirectory,
  STRIDE,
  unpackLines,
} from './directory.ts'
import { decodeLevel, encodeLevel, levelScratch } from './level-codec.ts'
import { pointKey } from './point-key.ts'
import { countBefore, mergePoints, noPoints, slicePoints } from './points.ts'
import type { Queries } from './queries.ts'
import type { Layout, StoreTools } from './tools.ts'

/** The lines of a block, to be changed. */
function readBlock(queries: Queries, id: number): readonly Line[] {
  const row = queries.wholeBlock.row<[Uint8Array, Uint8Array, Uint8Array]>(id)
  if (row === undefined) return []
  const directory = readDirectory(row[0])
  try {
    return unpackLines(directory, blockBuckets(row[2], directory, LEVEL_2), blockBuckets(row[1], directory, LEVEL_3))
  } catch (error) {
    throw error instanceof RangeError ? damagedBlock() : error
  }
}

/** The buckets of `size` points of all lines. Throws RangeError for bytes that are not such. */
function blockBuckets(bytes: Uint8Array, directory: Directory, size: number): Buckets {
  const n = blockBucketCount(directory, size)
  const scratch = levelScratch(n)
  decodeLevel(bytes, n, size, scratch)
  return scratch.buckets
}

/** How many buckets of `size` points the chunks of a block have together. */
export function blockBucketCount({ lines, length }: Directory, size: number): number {
  let count = 0
  for (let line = 0; line < length; line++) count += bucketsIn(lines[line * STRIDE + N] as number, size)
  return count
}

/** Writes lines as one or more blocks, the first in the place of block `id` if given. Without lines that block goes. */
function writeBlocks({ queries, layout }: StoreTools, series: number, lines: readonly Line[], id?: number): void {
  if (lines.length === 0 && id !== undefined) queries.removeBlock.run(id)
  evenly(lines, layout.linesABlock).forEach((group, index) => {
    const first = group[0] as Line
    const last = group.at(-1) as Line
    const columns = [
      pointKey(lineEnds(first).first, 0),
      first.firstStep,
      last.lastStep,
      Math.min(...group.map((line) => line.minTime)),
      Math.max(...group.map((line) => line.maxTime)),
      packDirectory(group),
      encodeLevel(joinBuckets(group.map((line) => line.level3)), LEVEL_3),
      encodeLevel(joinBuckets(group.map((line) => line.level2)), LEVEL_2),
    ] as const
    if (index === 0 && id !== undefined) queries.updateBlock.run(...columns, id)
    else queries.insertBlock.run(series, ...columns)
  })
}

/** Adds sealed chunks after all others: fills the last block, then starts new ones. */
export function appendLines(tools: StoreTools, series: number, lines: readonly Line[]): void {
  const { queries, layout } = tools
  if (lines.length === 0) return
  const id = queries.lastBlock.value<number>(series)
  const present = id === undefined ? [] : readBlock(queries, id)
  const room = layout.linesABlock - present.length
  if (id !== undefined && room > 0) writeBlocks(tools, series, [...present, ...lines.slice(0, room)], id)
  const rest = id === undefined ? lines : lines.slice(room)
  for (let at = 0; at < rest.length; at += layout.linesABlock)
    writeBlocks(tools, series, rest.slice(at, at + layout.linesABlock))
}

/** Removes the last block of a series with its chunks; false when there is none. */
export function removeLastBlock(queries: Queries, series: number): boolean {
  const id = queries.lastBlock.value<number>(series)
  if (id === undefined) return false
  const bytes = queries.directory.value<Uint8Array>(id) ?? new Uint8Array(0)
  // Whatever a damaged directory fails to list is found by its series afterwards.
  if (isDirectory(bytes)) {
    const { lines, length } = readDirectory(bytes)
    for (let line = 0; line < length; line++) queries.removeChunk.run(lines[line * STRIDE + CHUNK] as number)
  }
  queries.removeBlock.run(id)
  return true
}

/**
 * Merges ordered points into the chunks of a block that they fall into; a chunk that grows too long is split evenly, and so is
 * the block. Returns how many points chunks have gained (fewer than given when some were there already).
 */
export function mergeIntoBlock(tools: StoreTools, series: number, id: number, late: SeriesColumns): number {
  const { queries, damage, layout } = tools
  const lines = readBlock(queries, id)
  const merged: Line[] = []
  let gained = 0
  let from = 0
  lines.forEach((line, index) => {
    const next = lines[index + 1]
    const to = next === undefined ? late.step.length : countBefore(late, lineEnds(next).first, 0, false)
    const part = slicePoints(late, from, to)
    from = to
    if (part.step.length === 0) return void merged.push(line)
    const present = readChunk(queries, damage, line.chunk, line.n)
    if (present === undefined) putChunkAside(queries, damage, series, line.chunk)
    const union = mergePoints(present ?? noPoints, part)
    gained += union.step.length - line.n
    if (present !== undefined && union.step.length === line.n) return void merged.push(line)
    splitPoints(union, layout).forEach((piece, place) =>
      merged.push(
        writeSealedChunk(queries, series, piece, place === 0 && present !== undefined ? line.chunk : undefined),
      ),
    )
  })
  if (merged.some((line, index) => line !== lines[index])) writeBlocks(tools, series, merged, id)
  return gained
}

/** Even pieces of at most a chunk's size. */
function splitPoints(points: SeriesColumns, { chunkPoints }: Layout): readonly SeriesColumns[] {
  const n = points.step.length
  const pieces = Math.ceil(n / chunkPoints)
  return Array.from({ length: pieces }, (_, piece) =>
    slicePoints(points, Math.floor((piece * n) / pieces), Math.floor(((piece + 1) * n) / pieces)),
  )
}

function evenly<Item>(items: readonly Item[], limit: number): readonly (readonly Item[])[] {
  const groups = Math.ceil(items.length / limit)
  return Array.from({ length: groups }, (_, group) =>
    items.slice(Math.floor((group * items.length) / groups), Math.floor(((group + 1) * items.length) / groups)),
  )
}

function joinBuckets(parts: readonly Buckets[]): Buckets {
  const joined = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}
