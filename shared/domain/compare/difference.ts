import { isOfMachine } from '../system-series.ts'
import { type Goal, goalOf } from './goal.ts'
import { sameValue } from './seeds.ts'
import { gapInSd } from './statistics.ts'

/** A run's side of a comparison: what the contract gives as RunFacts. */
export type Comparable = {
  readonly id: string
  readonly params: Readonly<Record<string, string>>
  readonly metrics: readonly {
    readonly key: string
    readonly origin: string
    readonly last: number | null
    readonly min: number | null
    readonly max: number | null
  }[]
  readonly tags: Readonly<Record<string, string>>
  readonly packages: Readonly<Record<string, string>>
  readonly environment: Readonly<Record<string, string>>
  readonly facts: Readonly<Record<string, string>>
  readonly seedSpread: Readonly<Record<string, number>>
}

export type TextCell = {
  readonly kind: 'text'
  /** Null where the run has no such value. */
  readonly value: string | null
  /** Equal to the base's; the base itself is. */
  readonly same: boolean
}

export type MetricCell = {
  readonly kind: 'metric'
  /** Null where the run has no such metric. NaN and infinities are values. */
  readonly value: number | null
  /** Against the base; null for the base itself and where either is missing or not finite. */
  readonly delta: number | null
  /** The delta in units of the base's spread between seeds, where that is known. */
  readonly gap: number | null
  /** The best of the row by its goal. */
  readonly best: boolean
  readonly same: boolean
}

export type DifferenceRow = {
  readonly key: string
  readonly differs: boolean
  readonly goal: Goal
  /** What a metric row shows: its best value by the goal, or the last where the name tells no goal. */
  readonly aggregate: 'last' | 'min' | 'max' | null
  readonly cells: readonly (TextCell | MetricCell)[]
}

export type SectionName = 'metrics' | 'params' | 'code' | 'tags' | 'packages' | 'environment'
export type DifferenceSection = {
  readonly name: SectionName
  readonly rows: readonly DifferenceRow[]
  readonly differing: number
}

/**
 * What differs between runs. The first run is the base. Values that are equal as numbers count as the same; a metric is compared by its
 * best value where its name tells whether more or less is better, else by its last.
 */
export function differenceOf(runs: readonly Comparable[]): readonly DifferenceSection[] {
  return [
    section('metrics', metricRows(runs)),
    section(
      'params',
      textRows(runs, ({ params }) => params),
    ),
    section(
      'code',
      textRows(runs, ({ facts }) => facts),
    ),
    section(
      'tags',
      textRows(runs, ({ tags }) => tags),
    ),
    section(
      'packages',
      textRows(runs, ({ packages }) => packages),
    ),
    section(
      'environment',
      textRows(runs, ({ environment }) => environment),
    ),
  ]
}

function section(name: SectionName, rows: readonly DifferenceRow[]): DifferenceSection {
  return { name, rows, differing: rows.filter(({ differs }) => differs).length }
}

function textRows(
  runs: readonly Comparable[],
  values: (run: Comparable) => Readonly<Record<string, string>>,
): readonly DifferenceRow[] {
  const sides = runs.map(values)
  const keys = [...new Set(sides.flatMap((side) => Object.keys(side)))].toSorted()
  return keys.map((key) => {
    const found = sides.map((side) => (Object.hasOwn(side, key) ? (side[key] ?? null) : null))
    const [base = null] = found
    const cells = found.map((value): TextCell => ({
      kind: 'text',
      value,
      same: value === base || (value !== null && base !== null && sameValue(value, base)),
    }))
    return { key, differs: cells.some(({ same }) => !same), goal: 'neutral', aggregate: null, cells }
  })
}

function metricRows(runs: readonly Comparable[]): readonly DifferenceRow[] {
  const sides = runs.map(
    ({ metrics }) => new Map(metrics.filter((metric) => !isOfMachine(metric)).map((metric) => [metric.key, metric])),
  )
  const keys = [...new Set(sides.flatMap((side) => [...side.keys()]))].toSorted()
  const spread = runs[0]?.seedSpread ?? {}
  return keys.map((key) => {
    const goal = goalOf(key)
    const aggregate = goal === 'up' ? 'max' : goal === 'down' ? 'min' : 'last'
    const values = sides.map((side) => side.get(key)?.[aggregate] ?? side.get(key)?.last ?? null)
    const [base = null] = values
    const winner = bestOf(values, goal)
    const cells = values.map((value, index): MetricCell => {
      const delta =
        index === 0 || value === null || base === null || !Number.isFinite(value) || !Number.isFinite(base)
          ? null
          : value - base
      return {
        kind: 'metric',
        value,
        delta,
        gap: delta === null ? null : gapInSd(delta, spread[key]),
        best: winner !== null && value === winner && values.some((other) => other !== winner),
        same: Object.is(value, base),
      }
    })
    return { key, differs: cells.some(({ same }) => !same), goal, aggregate, cells }
  })
}

function bestOf(values: readonly (number | null)[], goal: Goal): number | null {
  const finite = values.filter((value): value is number => value !== null && Number.isFinite(value))
  if (goal === 'neutral' || finite.length < 2) return null
  return goal === 'up' ? Math.max(...finite) : Math.min(...finite)
}
