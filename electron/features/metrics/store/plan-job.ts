import type { SeriesColumns } from '../store.ts'
import type { Change, ChunkColumns, PlanStep } from './plan.ts'
import { planSeries } from './plan-series.ts'
import { newPoints } from './points.ts'
import type { Reads } from './queries.ts'
import type { PackedSummary } from './summary.ts'
import type { Layout } from './tools.ts'

/** Doubles of a point in `rows`: step, time, value. */
const FIELDS = 3

/** What is to be planned for one series: its points, three doubles each, and its summary. */
export type JobItem = { readonly series: number; readonly rows: Float64Array; readonly summary: PackedSummary }
/** The steps of a series; undefined when planning them failed, which whoever plans again finds out why. */
export type JobPlan = readonly PlanStep[] | undefined

/** Points in rows as columns. */
export function columnsOfRows(rows: Float64Array): SeriesColumns {
  const n = rows.length / FIELDS
  const points = newPoints(n)
  for (let i = 0, at = 0; i < n; i++, at += FIELDS) {
    points.step[i] = rows[at] as number
    points.time[i] = rows[at + 1] as number
    points.value[i] = rows[at + 2] as number
  }
  return points
}

/** The same items with all their numbers in one piece of memory, which can be handed to another thread. */
export function packItems(items: readonly JobItem[]): {
  readonly items: readonly JobItem[]
  readonly buffer: ArrayBuffer
} {
  const memory = new Float64Array(items.reduce((sum, { rows, summary }) => sum + rows.length + summary.length, 0))
  let at = 0
  const take = (numbers: Float64Array): Float64Array => {
    memory.set(numbers, at)
    return memory.subarray(at, (at += numbers.length))
  }
  const packed = items.map(({ series, rows, summary }) => ({ series, rows: take(rows), summary: take(summary) }))
  return { items: packed, buffer: memory.buffer }
}

/** Plans every item. */
export function planItems(reads: Reads, layout: Layout, items: readonly JobItem[]): readonly JobPlan[] {
  return items.map(({ series, rows, summary }) => {
    try {
      return [...planSeries(reads, layout, { series, points: columnsOfRows(rows), summary })]
    } catch {
      // A damaged block, or a disk in trouble: the writer's own thread meets the same and says it.
      return undefined
    }
  })
}

/** The same plans with all their bytes in one piece of memory, which can be handed to another thread. */
export function packPlans(plans: readonly JobPlan[]): {
  readonly plans: readonly JobPlan[]
  readonly buffer: ArrayBuffer
} {
  let length = 0
  eachBytes(plans, (bytes) => {
    length += aligned(bytes.length)
    return bytes
  })
  const memory = new Uint8Array(length)
  let at = 0
  const packed = eachBytes(plans, (bytes) => {
    memory.set(bytes, at)
    const view = memory.subarray(at, at + bytes.length)
    at += aligned(bytes.length)
    return view
  })
  return { plans: packed, buffer: memory.buffer }
}

/** Columns and directories are read as doubles where they lie. */
const aligned = (length: number): number => (length + 7) & ~7

function eachBytes(plans: readonly JobPlan[], take: (bytes: Uint8Array) => Uint8Array): readonly JobPlan[] {
  const change = (one: Change): Change => {
    if (one.kind === 'chunk') {
      const columns = one.columns.map(take) as unknown as ChunkColumns
      return { ...one, columns, level: one.level === null ? null : take(one.level) }
    }
    if (one.kind !== 'block') return one
    const [first, ...rest] = one.ends
    const { directory, level3, level2 } = one
    return {
      ...one,
      ends: [take(first), ...rest],
      directory: take(directory),
      level3: take(level3),
      level2: take(level2),
    }
  }
  return plans.map((steps) => steps?.map(({ changes, summary }) => ({ changes: changes.map(change), summary })))
}
