import { metricRank } from '#shared/domain/compare/goal.ts'
import { isOfMachine } from '#shared/domain/system-series.ts'

export type MetricKey = { readonly key: string; readonly origin: 'logged' | 'log' | 'system'; readonly runs: number }

/** The part of a key that groups it with others: `train/loss` and `train/acc` stand together, `val_loss` under `val`. */
export function prefixOf(key: string): string {
  const slash = key.indexOf('/')
  if (slash > 0) return key.slice(0, slash)
  return /^(train|val|valid|validation|eval|test|dev)[_.-]/.exec(key)?.[1] ?? ''
}

/**
 * Panels in the order in which people look: what is validated before what is trained, metrics with a goal before those
 * without, those that most runs have first; the rest by name. System metrics are not among them.
 */
export function panelOrder(keys: readonly MetricKey[]): readonly MetricKey[] {
  return keys
    .filter((metric) => !isOfMachine(metric))
    .toSorted((a, b) => metricRank(a.key) - metricRank(b.key) || b.runs - a.runs || (a.key < b.key ? -1 : 1))
}

/** Panels by prefix, in the order of their first member. */
export function panelGroups(
  keys: readonly MetricKey[],
): readonly { readonly prefix: string; readonly keys: readonly MetricKey[] }[] {
  const groups = Map.groupBy(panelOrder(keys), ({ key }) => prefixOf(key))
  return [...groups].map(([prefix, members]) => ({ prefix, keys: members }))
}
