import { goalOf, metricRank } from '#shared/domain/compare/goal.ts'
import { isOfMachine } from '#shared/domain/system-series.ts'
import type { Changed, RunDetail, SeriesSummary } from '#shared/contract/runs.ts'

export type Headline = {
  readonly key: string
  /** What the number is: the best of the metric, or its value against the previous run's at the same step. */
  readonly kind: 'best' | 'last' | 'against'
  readonly value: number
  readonly step: number | null
  /** Against the previous run; null where there is nothing to compare with. */
  readonly delta: number | null
  readonly goal: ReturnType<typeof goalOf>
}

const SHOWN = 6

/** Metrics in the order in which people look, then by name. */
export function byMetricRank(a: { readonly key: string }, b: { readonly key: string }): number {
  return metricRank(a.key) - metricRank(b.key) || (a.key < b.key ? -1 : 1)
}

/**
 * The numbers that a person looks for first: the best of the most telling metric, then how each stands against the previous
 * run at the same step. Without a previous run, the best of each; of a metric without a goal, its last value.
 */
export function headlines(
  detail: Pick<RunDetail, 'metrics'>,
  changed: Pick<Changed, 'metrics'> | undefined,
): readonly Headline[] {
  const told = detail.metrics.filter((metric) => metric.last !== null && !isOfMachine(metric)).toSorted(byMetricRank)
  const against = told.flatMap(({ key }): Headline[] => {
    const one = changed?.metrics.find((metric) => metric.key === key)
    if (one === undefined) return []
    return [{ key, kind: 'against', value: one.now, step: one.step, delta: one.now - one.before, goal: one.goal }]
  })
  const own = told.flatMap(ownHeadline)
  const first = own.slice(0, 1)
  const rest = own.slice(1).filter(({ key }) => !against.some((one) => one.key === key))
  return [...first, ...against, ...rest].slice(0, SHOWN)
}

function ownHeadline(metric: SeriesSummary): readonly Headline[] {
  const goal = goalOf(metric.key)
  const best = goal === 'up' ? metric.max : goal === 'down' ? metric.min : null
  const step = goal === 'up' ? metric.maxStep : goal === 'down' ? metric.minStep : null
  const base = { key: metric.key, delta: null, goal }
  if (best !== null && Number.isFinite(best)) return [{ ...base, kind: 'best', value: best, step }]
  return metric.last === null ? [] : [{ ...base, kind: 'last', value: metric.last, step: metric.lastStep }]
}
