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
  /** How far outside of the view x lies on this side; 0 or less when it does not. */
  readonly gap: (x: number) => number
  best: Neighbour | undefined
  bestGap: number
}

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
    low < view.from ? nearest(tools, live, view, tail, (x) => view.from - x) : undefined,
    high > view.to ? nearest(tools, live, view, tail, (x) => x - view.to) : undefined,
  ]
}

function nearest(
  tools: StoreTools,
  live: LiveSeries,
  view: LevelView,
  tail: SeriesColumns,
  gap: (x: number) => number,
): Neighbour | undefined {
  const { queries, damage } = tools
  const search: Search = { gap, best: undefined, bestGap: Infinity }
  const look = (points: SeriesColumns | undefined): void => {
    if (points !== undefined) lookAt(search, view.axis === 'step' ? points.step : points.time, points.value)
  }
  look(tail)
  if (chunkCount(live.summary) === 0) return search.best
  for (const [chunk, n] of queries.openChunks.rows<[number, number]>(live.id))
    look(readChunk(queries, damage, chunk, n))
  const spans = view.axis === 'step' ? queries.blockSteps : queries.blockTimes
  const blocks = spans.rows<BlockSpan>(live.id).map(([item, low, high]) => ({ low, high, item }))
  for (const block of candidates(blocks, gap)) {
    if (leastGap(block, gap) >= search.bestGap) break
    const lines = linesOf(queries.directory.value<Uint8Array>(block.item), view)
    for (const line of candidates(lines, gap)) {
      if (leastGap(line, gap) >= search.bestGap) break
      look(readChunk(queries, damage, line.item.chunk, line.item.n))
    }
  }
  return search.best
}

function lookAt(search: Search, xs: Float64Array, values: Float64Array): void {
  for (let i = 0; i < xs.length; i++) {
    const x = xs[i] as number
    const value = values[i] as number
    const gap = search.gap(x)
    if (gap <= 0 || gap >= search.bestGap || value - value !== 0) continue
    search.bestGap = gap
    search.best = { x, value }
  }
}

/** Spans that reach outside of the view on this side, nearest first. */
function candidates<Item>(spans: readonly Span<Item>[], gap: (x: number) => number): readonly Span<Item>[] {
  return spans
    .filter((span) => gap(span.low) > 0 || gap(span.high) > 0)
    .sort((left, right) => leastGap(left, gap) - leastGap(right, gap))
}

function leastGap(span: Span<unknown>, gap: (x: number) => number): number {
  return Math.max(0, Math.min(gap(span.low), gap(span.high)))
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
