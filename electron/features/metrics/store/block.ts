import type { Buckets } from './buckets.ts'
import {
  bucketsIn,
  CHUNK,
  damagedBlock,
  type Directory,
  isDirectory,
  LEVEL_2,
  LEVEL_3,
  type Line,
  N,
  readDirectory,
  STRIDE,
  unpackLines,
} from './directory.ts'
import { decodeLevel, levelScratch } from './level-codec.ts'
import type { Queries, Reads } from './queries.ts'

/** The lines of a block, to be changed. Throws `corrupt` when they cannot be read. */
export function readBlock(reads: Reads, id: number): readonly Line[] {
  const row = reads.wholeBlock.row<[Uint8Array, Uint8Array, Uint8Array]>(id)
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
