import type { LevelView, SeriesColumns } from '../store.ts'
import { FINITE } from './buckets.ts'
import { readChunk } from './chunk.ts'
import { CHUNK, FIRST_STEP, LAST_STEP, MAX_TIME, MIN_TIME, N, readDirectory, STRIDE, WHOLE } from './directory.ts'
import type { LiveSeries } from './live-series.ts'
import type { BlockSpan } from './queries.ts'
import { chunkCount, readSummary } from './summary.ts'
import type { StoreTools } from './tools.ts'

export type Neighbour = { readonly x: number; readonly value: number }
/** Where something lies on the axis, and how to read it. */
type Span<Item> = { readonly low: number; readonly high: number; readonly item: Item }
type Search = {
  readonly rank: Rank
  best: Neighbour | undefined
  bestRank: number
}

/**
 * Lower for what lies nearer to the view on this side, Infinity for what does not lie there. It is made of x alone: from an edge in nanoseconds,
 * steps of 1, 2, 3 have the same distance.
 */
type Rank = (x: number) => number

/** The nearest points with a finite value before and after the view. */
export function nearestOutside(
  tools: StoreTools,
  live: LiveSeries,
  view: LevelView,
  tail: SeriesColumns,
): readonly [before: Neighbour | undefined, after: Neighbour | undefined] {
  const summary = readSummary(live.summary, 0)
  const low = view.axis === 'step' ? summary.firstStep : summary.startTime
  const high = view.axis === 'step' ? summary.lastStep : summary.endTime
  return [
    low < view.from ? nearest(tools, live, view, tail, (x) => (x < view.from ? -x : Infinity)) : undefined,
    high > view.to ? nearest(tools, live, view, tail, (x) => (x > view.to ? x : Infinity)) : undefined,
  ]
}

function nearest(
  tools: StoreTools,
  live: LiveSeries,
  view: LevelView,
  tail: SeriesColumns,
  rank: Rank,
): Neighbour | undefined {
  const { queries, damage } = tools
  const search: Search = { rank, best: undefined, bestRank: Infinity }
  const look = (points: SeriesColumns | undefined): void => {
    if (points !== undefined) lookAt(search, view.axis === 'step' ? points.step : points.time, points.value)
  }
  look(tail)
  if (chunkCount(live.summary) === 0) return search.best
  for (const [chunk, n] of queries.openChunks.rows<[number, number]>(live.id))
    look(readChunk(queries, damage, chunk, n))
  const spans = view.axis === 'step' ? queries.blockSteps : queries.blockTimes
  const blocks = spans.rows<BlockSpan>(live.id).map(([item, low, high]) => ({ low, high, item }))
  for (const block of candidates(blocks, rank)) {
    if (leastRank(block, rank) >= search.bestRank) break
    const lines = linesOf(queries.directory.value<Uint8Array>(block.item), view)
    for (const line of candidates(lines, rank)) {
      if (leastRank(line, rank) >= search.bestRank) break
      look(readChunk(queries, damage, line.item.chunk, line.item.n))
    }
  }
  return search.best
}

function lookAt(search: Search, xs: Float64Array, values: Float64Array): void {
  for (let i = 0; i < xs.length; i++) {
    const x = xs[i] as number
    const value = values[i] as number
    const rank = search.rank(x)
    if (rank >= search.bestRank || value - value !== 0) continue
    search.bestRank = rank
    search.best = { x, value }
  }
}

/** Spans that reach outside of the view on this side, nearest first. */
function candidates<Item>(spans: readonly Span<Item>[], rank: Rank): readonly Span<Item>[] {
  return spans
    .filter((span) => rank(span.low) < Infinity || rank(span.high) < Infinity)
    .map((span) => [leastRank(span, rank), span] as const)
    .sort(([left], [right]) => (left === right ? 0 : left < right ? -1 : 1))
    .map(([, span]) => span)
}

/** What no point of the span is nearer than. One that reaches into the view may have a point right at its edge. */
function leastRank({ low, high }: Span<unknown>, rank: Rank): number {
  return rank(low) < Infinity && rank(high) < Infinity ? Math.min(rank(low), rank(high)) : -Infinity
}

function linesOf(
  bytes: Uint8Array | undefined,
  view: LevelView,
): readonly Span<{ readonly chunk: number; readonly n: number }>[] {
  if (bytes === undefined) return []
  const { lines, length } = readDirectory(bytes)
  const lowAt = view.axis === 'step' ? FIRST_STEP : MIN_TIME
  const highAt = view.axis === 'step' ? LAST_STEP : MAX_TIME
  return Array.from({ length }, (_, index) => index * STRIDE)
    .filter((at) => (lines[at + WHOLE + FINITE] as number) > 0)
    .map((at) => ({
      low: lines[at + lowAt] as number,
      high: lines[at + highAt] as number,
      item: { chunk: lines[at + CHUNK] as number, n: lines[at + N] as number },
    }))
}
