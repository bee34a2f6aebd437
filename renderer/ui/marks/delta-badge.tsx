import { exactNumber, formatDelta, isNegligible, chooseNumberFormat, type NumberFormat } from '#shared/lib/format.ts'
import { cx } from '../cx.ts'
import s from './marks.module.css'

/** Whether more or less of a metric is better; neutral ones (iterations, seconds) are never coloured. */
export type Goal = 'up' | 'down' | 'neutral'
export type DeltaTone = 'better' | 'worse' | 'neutral'

/** Better or worse by the metric's goal, not by the sign; neutral under half a unit of the last digit. */
export const deltaTone = (delta: number, goal: Goal, format: NumberFormat): DeltaTone => {
  if (goal === 'neutral' || Number.isNaN(delta) || isNegligible(delta, format)) return 'neutral'
  return delta > 0 === (goal === 'up') ? 'better' : 'worse'
}

export interface DeltaBadgeProps {
  readonly delta: number
  readonly goal: Goal
  /** The format of the value that it belongs to, so that the digits agree. */
  readonly format?: NumberFormat | undefined
  readonly unit?: string | undefined
  /** Only when it stands alone. */
  readonly boxed?: boolean | undefined
}

/** Sign, value, unit at 11 px: `+0.0121`, `±0.0000`, `+0.77 %`. The exact difference is its title. */
export function DeltaBadge({ delta, goal, format, unit, boxed = false }: DeltaBadgeProps) {
  const used = format ?? chooseNumberFormat([delta])
  return (
    <span className={cx(s.delta, s[deltaTone(delta, goal, used)], boxed && s.boxed)} title={exactNumber(delta)}>
      {formatDelta(delta, used, unit)}
    </span>
  )
}
