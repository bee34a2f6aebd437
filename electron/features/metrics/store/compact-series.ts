import type { SeriesColumns } from '../store.ts'
import { appendLines, mergeIntoBlock } from './block.ts'
import { insertOpenChunk, putChunkAside, readChunk, writeSealedChunk } from './chunk.ts'
import { catchUp, type LiveSeries, tailOf } from './live-series.ts'
import { pointKey, pointOfKey } from './point-key.ts'
import { comparePoints, concatPoints, countBefore, mergePoints, slicePoints } from './points.ts'
import type { StoreTools } from './tools.ts'
import { sortPoints } from './sort-points.ts'
import { chunkCount, chunkEnd, sealedEnd, setChunkCount, setChunks, setSealedEnd } from './summary.ts'

/** Full chunks written between two places to stop: some milliseconds. */
const CHUNKS_A_STEP = 8

/**
 * Moves the points that `live` has in its tail now into chunks, in steps that each leave the database whole: the caller may commit
 * between any two. As points are a set, a cut after some steps does no harm: what is both in chunks and in the log counts once.
 * Yields after each step; returns how many points of the tail are done with.
 */
export function* compactSeries(tools: StoreTools, live: LiveSeries): Generator<void, number> {
  const taken = live.n
  catchUp(live)
  const tail = live.ordered ? tailOf(live) : sortPoints(tailOf(live))
  const sealed = sealedEnd(live.summary)
  const late = sealed === undefined ? 0 : countBefore(tail, sealed, 0, true)
  if (late > 0) yield* mergeLate(tools, live, slicePoints(tail, 0, late))
  if (late < tail.step.length) yield* appendRest(tools, live, slicePoints(tail, late, tail.step.length))
  return taken
}

/** Merges points that come before the end of the sealed chunks, block by block. */
function* mergeLate(tools: StoreTools, live: LiveSeries, late: SeriesColumns): Generator<void> {
  const { queries } = tools
  const length = late.step.length
  for (let from = 0; from < length;) {
    const block =
      queries.blockBefore.row<[number, Uint8Array]>(live.id, pointKey(late, from)) ??
      queries.firstBlock.row<[number, Uint8Array]>(live.id)
    if (block === undefined) return
    const next = queries.firstAfter.value<Uint8Array>(live.id, block[1])
    const to = next === undefined ? length : countBefore(late, pointOfKey(next), 0, false)
    const gained = mergeIntoBlock(tools, live.id, block[0], slicePoints(late, from, to))
    setChunkCount(live.summary, chunkCount(live.summary) + gained)
    from = to
    yield
  }
}

/** Writes points that come after all sealed chunks, together with open chunks, as full chunks and one open rest. */
function* appendRest(tools: StoreTools, live: LiveSeries, rest: SeriesColumns): Generator<void> {
  const {
    queries,
    layout: { chunkPoints },
  } = tools
  const inOrder = chunkCount(live.summary) === 0 || comparePoints(chunkEnd(live.summary), 0, rest, 0) < 0
  const absorbed = absorbOpen(tools, live, inOrder ? rest.step.length : Infinity)
  const points = mergePoints(absorbed, rest)
  const before = chunkCount(live.summary) - absorbed.step.length
  const n = points.step.length
  // The absorbed points are nowhere else any more, so the first step takes them all.
  const atOnce = inOrder ? absorbed.step.length : n
  let written = 0
  while (written < n) {
    const lines = []
    while (n - written >= chunkPoints && (lines.length < CHUNKS_A_STEP || written < atOnce)) {
      lines.push(writeSealedChunk(queries, live.id, slicePoints(points, written, written + chunkPoints)))
      written += chunkPoints
    }
    appendLines(tools, live.id, lines)
    if (lines.length > 0) setSealedEnd(live.summary, points, written - 1)
    if (n - written < chunkPoints && written < n) {
      insertOpenChunk(queries, live.id, slicePoints(points, written, n))
      written = n
    }
    setChunks(live.summary, before + written, points, written - 1)
    yield
  }
}

/**
 * Takes open chunks away from the end on, and returns their points. As in a log-structured merge: those that are at most twice as
 * long as what follows, so each point is rewritten a few times only; all of them when together they fill a chunk.
 */
function absorbOpen({ queries, damage, layout }: StoreTools, live: LiveSeries, following: number): SeriesColumns {
  const open = queries.openChunks.rows<[number, number]>(live.id)
  const all = open.reduce((sum, [, n]) => sum + n, following)
  let kept = all >= layout.chunkPoints ? 0 : open.length
  let length = following
  while (kept > 0 && (open[kept - 1] as [number, number])[1] <= 2 * length)
    length += (open[--kept] as [number, number])[1]
  const parts: SeriesColumns[] = []
  for (const [id, n] of open.slice(kept)) {
    const points = readChunk(queries, damage, id, n)
    if (points !== undefined) {
      parts.push(points)
      queries.removeChunk.run(id)
    } else {
      putChunkAside(queries, damage, live.id, id)
      setChunkCount(live.summary, chunkCount(live.summary) - n)
    }
  }
  return concatPoints(parts)
}
