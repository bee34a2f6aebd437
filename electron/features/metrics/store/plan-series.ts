import type { SeriesColumns } from '../store.ts'
import { readBlock } from './block.ts'
import { chunkForPlan, draftOpenChunk, draftSealedChunk } from './chunk.ts'
import { createDraft, type PlanStep } from './plan.ts'
import { draftLines, draftMerge, type PlannedBlock, type PlanTools } from './plan-blocks.ts'
import { pointKey, pointOfKey } from './point-key.ts'
import { comparePoints, concatPoints, countBefore, mergePoints, slicePoints } from './points.ts'
import type { Reads } from './queries.ts'
import { sortPoints } from './sort-points.ts'
import {
  chunkCount,
  chunkEnd,
  type PackedSummary,
  sealedEnd,
  setChunkCount,
  setChunks,
  setSealedEnd,
} from './summary.ts'
import type { Layout } from './tools.ts'

/** Points of a series on their way to chunks, and its summary, which is the plan's own to change. */
export type SeriesWork = { readonly series: number; readonly points: SeriesColumns; readonly summary: PackedSummary }
type Planning = PlanTools & { readonly work: SeriesWork; last: PlannedBlock | undefined }

/** Full chunks in a step: some milliseconds of work. */
const CHUNKS_A_STEP = 8

/**
 * Plans how points come into the chunks of their series, in steps that each leave the database whole: the writer may commit between any
 * two. As points are a set, a cut after some steps does no harm: what is both in chunks and in the log counts once. Reads the tables
 * as they were before the first step; whoever else changes the series' chunks meanwhile voids the plan.
 */
export function* planSeries(reads: Reads, layout: Layout, work: SeriesWork): Generator<PlanStep, void> {
  const points = sortPoints(work.points)
  const sealed = sealedEnd(work.summary)
  const late = sealed === undefined ? 0 : countBefore(points, sealed, 0, true)
  const planning: Planning = { reads, layout, draft: createDraft(), work, last: undefined }
  if (late > 0) yield* planLate(planning, slicePoints(points, 0, late))
  if (late < points.step.length) yield* planRest(planning, slicePoints(points, late, points.step.length))
}

/** Points that come before the end of the sealed chunks, block by block. */
function* planLate(planning: Planning, late: SeriesColumns): Generator<PlanStep, void> {
  const { reads, draft, work } = planning
  const { series, summary } = work
  const length = late.step.length
  for (let from = 0; from < length;) {
    const block =
      reads.blockBefore.row<[number, Uint8Array]>(series, pointKey(late, from)) ??
      reads.firstBlock.row<[number, Uint8Array]>(series)
    if (block === undefined) return
    const next = reads.firstAfter.value<Uint8Array>(series, block[1])
    const to = next === undefined ? length : countBefore(late, pointOfKey(next), 0, false)
    const { gained, last } = draftMerge(planning, block[0], slicePoints(late, from, to))
    if (next === undefined) planning.last = last
    setChunkCount(summary, chunkCount(summary) + gained)
    from = to
    yield draft.take(summary)
  }
}

/** Points that come after all sealed chunks, together with open chunks, as full chunks and one open rest. */
function* planRest(planning: Planning, rest: SeriesColumns): Generator<PlanStep, void> {
  const { draft, layout, work } = planning
  const { summary } = work
  const { chunkPoints } = layout
  const inOrder = chunkCount(summary) === 0 || comparePoints(chunkEnd(summary), 0, rest, 0) < 0
  const absorbed = absorbOpen(planning, inOrder ? rest.step.length : Infinity)
  const points = mergePoints(absorbed, rest)
  const before = chunkCount(summary) - absorbed.step.length
  const n = points.step.length
  // The absorbed points are nowhere else any more, so the first step takes them all.
  const atOnce = inOrder ? absorbed.step.length : n
  let written = 0
  while (written < n) {
    const lines = []
    while (n - written >= chunkPoints && (lines.length < CHUNKS_A_STEP || written < atOnce)) {
      lines.push(draftSealedChunk(draft, slicePoints(points, written, written + chunkPoints)))
      written += chunkPoints
    }
    if (lines.length > 0) {
      planning.last = draftLines(planning, planning.last ?? lastBlock(planning), lines)
      setSealedEnd(summary, points, written - 1)
    }
    if (n - written < chunkPoints && written < n) {
      draftOpenChunk(draft, slicePoints(points, written, n))
      written = n
    }
    setChunks(summary, before + written, points, written - 1)
    yield draft.take(summary)
  }
}

function lastBlock({ reads, work }: Planning): PlannedBlock | undefined {
  const id = reads.lastBlock.value<number>(work.series)
  return id === undefined ? undefined : { id, lines: readBlock(reads, id) }
}

/**
 * Takes open chunks away from the end on, and returns their points. As in a log-structured merge: those that are at most twice as
 * long as what follows, so each point is rewritten a few times only; all of them when together they fill a chunk.
 */
function absorbOpen({ reads, draft, layout, work }: Planning, following: number): SeriesColumns {
  const open = reads.openChunks.rows<[number, number]>(work.series)
  const all = open.reduce((sum, [, n]) => sum + n, following)
  let kept = all >= layout.chunkPoints ? 0 : open.length
  let length = following
  while (kept > 0 && (open[kept - 1] as [number, number])[1] <= 2 * length)
    length += (open[--kept] as [number, number])[1]
  const parts: SeriesColumns[] = []
  for (const [id, n] of open.slice(kept)) {
    const points = chunkForPlan(reads, id, n)
    if (points !== undefined) parts.push(points)
    else setChunkCount(work.summary, chunkCount(work.summary) - n)
    draft.add({ kind: points === undefined ? 'put chunk aside' : 'remove chunk', id })
  }
  return concatPoints(parts)
}
