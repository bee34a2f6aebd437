import { goalOf } from '#shared/domain/compare/goal.ts'
import type { Changed, RunDetail, SeriesSummary } from '#shared/contract/runs.ts'

export type Headline = {
  readonly key: string
  readonly label: string
  readonly value: number
  readonly note: string
  readonly delta: number | null
  readonly goal: ReturnType<typeof goalOf>
}

const SHOWN = 6

/** The numbers that a person looks for first: each telling metric's best or last value, and how it stands against the previous run. */
export function headlines(detail: Pick<RunDetail, 'metrics'>, changed: Changed | undefined): readonly Headline[] {
  const rank = ({ key }: SeriesSummary): number => {
    const held = /^(val|valid|validation|eval|test|dev)[_./-]/.test(key) ? 0 : 1
    return goalOf(key) === 'neutral' ? 2 : held
  }
  const told = detail.metrics.filter(
    ({ origin, key, last }) => origin !== 'system' && !key.startsWith('system/') && last !== null,
  )
  return told
    .toSorted((a, b) => rank(a) - rank(b) || (a.key < b.key ? -1 : 1))
    .slice(0, SHOWN)
    .flatMap((metric): Headline[] => {
      const { key } = metric
      const goal = goalOf(key)
      const best = goal === 'up' ? metric.max : goal === 'down' ? metric.min : null
      const step = goal === 'up' ? metric.maxStep : goal === 'down' ? metric.minStep : metric.lastStep
      const value = best !== null && Number.isFinite(best) ? best : metric.last
      if (value === null) return []
      const against = changed?.metrics.find((one) => one.key === key)
      return [
        {
          key,
          label: best === null ? key : `${key}, best`,
          value,
          note: step === null ? '' : `at ${step.toLocaleString('en')}`,
          delta: against === undefined ? null : against.now - against.before,
          goal,
        },
      ]
    })
}
