import { createPlanWriter } from './apply-plan.ts'
import { readBlock } from './block.ts'
import { chunkForPlan, putChunkAside, writeLevel } from './chunk.ts'
import { isDamagedBlock, type Line, lineEnds, lineOf } from './directory.ts'
import { forgetOrder, type LiveSeries } from './live-series.ts'
import { createDraft } from './plan.ts'
import { draftBlocks } from './plan-blocks.ts'
import { comparePoints } from './points.ts'
import { packSummary, setStanding } from './summary.ts'
import type { StoreTools } from './tools.ts'

/**
 * Makes the blocks of a series anew from its chunks, inside the caller's transaction: they hold nothing that chunks do not. Lines that can be
 * read and are right are kept; a chunk that cannot be read is put aside. The summary's extremes stay, as they cover every point ever
 * acknowledged.
 */
export function repairBlocks(tools: StoreTools, live: LiveSeries): void {
  const { queries, damage, layout } = tools
  const sizes = new Map(queries.sealedChunks.rows<[number, number]>(live.id))
  const blocks = queries.blocks.rows<[number]>(live.id).map(([id]) => id)
  const lines = new Map<number, Line>()
  for (const id of blocks)
    for (const line of linesOf(tools, id)) if (sizes.get(line.chunk) === line.n) lines.set(line.chunk, line)
  for (const [chunk, n] of sizes) {
    if (lines.has(chunk)) continue
    const points = chunkForPlan(queries, chunk, n)
    if (points === undefined) putChunkAside(queries, damage, live.id, chunk)
    else lines.set(chunk, lineOf(chunk, points, writeLevel(queries, chunk, points)))
  }
  for (const id of blocks) queries.removeBlock.run(id)
  const ordered = [...lines.values()].toSorted((a, b) => comparePoints(lineEnds(a).first, 0, lineEnds(b).first, 0))
  const draft = createDraft()
  for (let at = 0; at < ordered.length; at += layout.linesABlock)
    draftBlocks({ draft, layout }, ordered.slice(at, at + layout.linesABlock))
  createPlanWriter(tools, live.id, () => {})(draft.take(live.summary))
  const open = queries.openChunks.rows<[number, number]>(live.id).reduce((sum, [, n]) => sum + n, 0)
  const end = ordered.at(-1)
  setStanding(live.summary, open + ordered.reduce((sum, { n }) => sum + n, 0), end && lineEnds(end).last, open > 0)
  queries.updateSeries.run(packSummary(live.summary), live.sealedThrough, live.id)
  live.epoch++
  forgetOrder(live)
  damage.repaired(live.id, ordered.length)
}

function linesOf({ queries }: StoreTools, block: number): readonly Line[] {
  try {
    return readBlock(queries, block)
  } catch (error) {
    if (!isDamagedBlock(error)) throw error
    return []
  }
}
