import type { PackedSummary } from './summary.ts'

/** A chunk's columns as they are stored. */
export type ChunkColumns = readonly [steps: Uint8Array, values: Uint8Array, times: Uint8Array]

/** One change of the store's tables. A row that is yet to be made has a negative id, by which later changes of the plan name it. */
export type Change =
  /** Without a level it is an open chunk. */
  | {
      readonly kind: 'chunk'
      readonly id: number
      readonly n: number
      readonly columns: ChunkColumns
      readonly level: Uint8Array | null
    }
  | {
      readonly kind: 'block'
      readonly id: number
      readonly ends: readonly [first: Uint8Array, firstStep: number, lastStep: number, minTime: number, maxTime: number]
      readonly directory: Uint8Array
      readonly level3: Uint8Array
      readonly level2: Uint8Array
    }
  | { readonly kind: 'remove chunk' | 'put chunk aside' | 'remove block'; readonly id: number }

/** Changes that leave the tables whole, and what the summary says of chunks after them. The writer may commit after each step. */
export type PlanStep = { readonly changes: readonly Change[]; readonly summary: PackedSummary }

/** Collects the changes of a plan. */
export type Draft = {
  readonly newId: () => number
  readonly add: (change: Change) => void
  /** The changes since the last call, as a step. */
  readonly take: (summary: PackedSummary) => PlanStep
}

export function createDraft(): Draft {
  let changes: Change[] = []
  let lastId = 0
  return {
    newId: () => --lastId,
    add: (change) => void changes.push(change),
    take(summary) {
      const step = { changes, summary: summary.slice() }
      changes = []
      return step
    },
  }
}
