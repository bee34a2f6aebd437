import { spreadOf } from '#shared/domain/compare/statistics.ts'
import type { IndexState } from './index-state.ts'
import { numberAt } from './number-column.ts'
import { ACTIVE, ARCHIVED, rowOf } from './run-columns.ts'

/** The sample standard deviation of each metric's last finite value over the runs that are equal to this one but for their seed, where there are two or more. */
export function seedSpread(state: IndexState, run: number): Readonly<Record<string, number>> {
  const { columns } = state
  const row = rowOf(columns, run)
  if (row === undefined) return {}
  const { high, low } = state.signatures()
  const mates: number[] = []
  for (let other = 0; other < columns.length; other++) {
    if (high[other] !== high[row] || low[other] !== low[row]) continue
    const lifecycle = columns.lifecycles[other]
    if (other === row || lifecycle === ACTIVE || lifecycle === ARCHIVED) mates.push(other)
  }
  if (mates.length < 2) return {}
  const spread: Record<string, number> = {}
  for (const [key, { last }] of columns.metrics) {
    const sd = spreadOf(mates.map((mate) => numberAt(last, mate) ?? Number.NaN))?.sd
    if (sd !== undefined && sd !== null) spread[key] = sd
  }
  return spread
}
