import type { SeriesColumns } from '../store.ts'
import { readBlock } from './block.ts'
import type { Buckets } from './buckets.ts'
import { chunkForPlan, draftSealedChunk } from './chunk.ts'
import { LEVEL_2, LEVEL_3, type Line, lineEnds, packDirectory } from './directory.ts'
import { encodeLevel } from './level-codec.ts'
import type { Draft } from './plan.ts'
import { pointKey } from './point-key.ts'
import { countBefore, mergePoints, noPoints, slicePoints } from './points.ts'
import type { Reads } from './queries.ts'
import type { Layout } from './tools.ts'

/** What planning takes. It writes nothing, so any thread may do it that reads what was last committed. */
export type PlanTools = { readonly reads: Reads; readonly layout: Layout; readonly draft: Draft }
/** A block as it will be once the plan so far is written. */
export type PlannedBlock = { readonly id: number; readonly lines: readonly Line[] }

/** Plans lines as one or more blocks, the first in the place of block `id` if given; returns the last. Without lines that block goes. */
export function draftBlocks(
  { draft, layout }: Pick<PlanTools, 'draft' | 'layout'>,
  lines: readonly Line[],
  id?: number,
): PlannedBlock | undefined {
  if (lines.length === 0 && id !== undefined) draft.add({ kind: 'remove block', id })
  const blocks = evenly(lines, layout.linesABlock).map((group, index) => ({
    id: index === 0 && id !== undefined ? id : draft.newId(),
    lines: group,
  }))
  for (const block of blocks) draftBlock(draft, block)
  return blocks.at(-1)
}

function draftBlock(draft: Draft, { id, lines }: PlannedBlock): void {
  const first = lines[0] as Line
  draft.add({
    kind: 'block',
    id,
    ends: [
      pointKey(lineEnds(first).first, 0),
      first.firstStep,
      (lines.at(-1) as Line).lastStep,
      Math.min(...lines.map((line) => line.minTime)),
      Math.max(...lines.map((line) => line.maxTime)),
    ],
    directory: packDirectory(lines),
    level3: encodeLevel(joinBuckets(lines.map((line) => line.level3)), LEVEL_3),
    level2: encodeLevel(joinBuckets(lines.map((line) => line.level2)), LEVEL_2),
  })
}

/** Plans sealed chunks after all others: fills the last block, then starts new ones. Returns the last. */
export function draftLines(
  tools: PlanTools,
  last: PlannedBlock | undefined,
  lines: readonly Line[],
): PlannedBlock | undefined {
  const { linesABlock } = tools.layout
  const room = last === undefined ? 0 : linesABlock - last.lines.length
  let end = last
  if (last !== undefined && room > 0 && lines.length > 0)
    end = draftBlocks(tools, [...last.lines, ...lines.slice(0, room)], last.id)
  for (let at = room; at < lines.length; at += linesABlock) end = draftBlocks(tools, lines.slice(at, at + linesABlock))
  return end
}

/**
 * Plans the merging of ordered points into the chunks of a block that they fall into; a chunk that grows too long is split evenly, and so
 * is the block. Returns how many points chunks gain (fewer than given when some were there already), and the last block of it.
 */
export function draftMerge(
  tools: PlanTools,
  id: number,
  late: SeriesColumns,
): { readonly gained: number; readonly last: PlannedBlock | undefined } {
  const { reads, draft, layout } = tools
  const lines = readBlock(reads, id)
  const merged: Line[] = []
  let gained = 0
  let from = 0
  lines.forEach((line, index) => {
    const next = lines[index + 1]
    const to = next === undefined ? late.step.length : countBefore(late, lineEnds(next).first, 0, false)
    const part = slicePoints(late, from, to)
    from = to
    if (part.step.length === 0) return void merged.push(line)
    const present = chunkForPlan(reads, line.chunk, line.n)
    if (present === undefined) draft.add({ kind: 'put chunk aside', id: line.chunk })
    const union = mergePoints(present ?? noPoints, part)
    gained += union.step.length - line.n
    if (present !== undefined && union.step.length === line.n) return void merged.push(line)
    splitPoints(union, layout).forEach((piece, place) =>
      merged.push(draftSealedChunk(draft, piece, place === 0 && present !== undefined ? line.chunk : undefined)),
    )
  })
  const changed = merged.some((line, index) => line !== lines[index])
  return { gained, last: changed ? draftBlocks(tools, merged, id) : { id, lines } }
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
