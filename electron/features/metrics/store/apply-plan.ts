import { putChunkAside } from './chunk.ts'
import { nameChunks } from './directory.ts'
import type { Change, PlanStep } from './plan.ts'
import type { StoreTools } from './tools.ts'

/**
 * Makes the function that writes the steps of one series' plan, one after the other, inside the caller's transaction. It knows the rows
 * that its plan has made: after a rollback the plan is void.
 */
export function createPlanWriter(
  { queries, damage }: StoreTools,
  series: number,
  onChange: () => void,
): (step: PlanStep) => void {
  const made = new Map<number, number>()
  const real = (id: number): number => (id < 0 ? (made.get(id) ?? id) : id)

  const write = (change: Change): void => {
    const id = real(change.id)
    switch (change.kind) {
      case 'chunk': {
        const { n, columns, level } = change
        if (id < 0) made.set(id, queries.insertChunk.run(series, level === null ? 0 : 1, n, ...columns).lastId)
        else queries.updateChunk.run(n, ...columns, id)
        if (level !== null) queries.putLevel.run(real(id), level)
        return
      }
      case 'block': {
        const columns = [...change.ends, nameChunks(change.directory, real), change.level3, change.level2] as const
        if (id < 0) made.set(id, queries.insertBlock.run(series, ...columns).lastId)
        else queries.updateBlock.run(...columns, id)
        return
      }
      case 'remove chunk':
        queries.removeChunk.run(id)
        return
      case 'put chunk aside':
        putChunkAside(queries, damage, series, id)
        return
      case 'remove block':
        queries.removeBlock.run(id)
    }
  }
  return ({ changes }) => {
    for (const change of changes) {
      write(change)
      onChange()
    }
  }
}
