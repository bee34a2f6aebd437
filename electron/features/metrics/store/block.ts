import type { SeriesColumns } from '../store.ts'
import { putChunkAside, readChunk, writeSealedChunk } from './chunk.ts'
import { CHUNK, isDirectory, type Line, lineEnds, packBlock, readDirectory, STRIDE, unpackBlock } from './directory.ts'
import { pointKey } from './point-key.ts'
import { countBefore, mergePoints, noPoints, slicePoints } from './points.ts'
import type { Queries } from './queries.ts'
import type { Layout, StoreTools } from './tools.ts'

/** The lines of a block, to be changed. */
export function readBlock(queries: Queries, id: number): readonly Line[] {
  const row = queries.wholeBlock.row<[Uint8Array, Uint8Array]>(id)
  return row === undefined ? [] : unpackBlock(row[0], row[1])
}

/** Writes lines as one or more blocks, the first in the place of block `id` if given. Without lines that block goes. */
export function writeBlocks(
  { queries, layout }: StoreTools,
  series: number,
  lines: readonly Line[],
  id?: number,
): void {
  if (lines.length === 0 && id !== undefined) queries.removeBlock.run(id)
  evenly(lines, layout.linesABlock).forEach((group, index) => {
    const first = group[0] as Line
    const last = group.at(-1) as Line
    const { directory, buckets } = packBlock(group)
    const columns = [
      pointKey(lineEnds(first).first, 0),
      first.firstStep,
      last.lastStep,
      Math.min(...group.map((line) => line.minTime)),
      Math.max(...group.map((line) => line.maxTime)),
      directory,
      buckets,
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
