import type { ReactNode } from 'react'
import { formatDelta, formatMeanSd, formatNumber, type NumberFormat } from '#shared/lib/format.ts'
import { cx } from '../cx.ts'
import { Icon } from '../icons/icon.tsx'
import type { IconName } from '../icons/icon-paths.ts'
import { StateIcon, type StateMark } from '../icons/state-icon.tsx'
import { deltaTone, type Goal } from '../marks/delta-badge.tsx'
import { MiddleCut } from '../marks/middle-cut.tsx'
import { StateWord } from '../marks/pill.tsx'
import { RunKey } from '../marks/run-key.tsx'
import { Sparkline } from '../marks/sparkline.tsx'
import s from './cells.module.css'

export interface KeyCellProps {
  readonly number: number
  readonly shown: boolean
  readonly baseline?: boolean | undefined
  /** Shows or hides the run; the row's own key for it is Space. */
  readonly onToggle?: (() => void) | undefined
}

/** The key of a run, in a column that is `bare` and centred. */
export function KeyCell({ number, shown, baseline, onToggle }: KeyCellProps) {
  const key = <RunKey number={number} shown={shown} baseline={baseline ?? false} />
  if (onToggle === undefined) return key
  return (
    <button
      type="button"
      tabIndex={-1}
      className={s.key}
      aria-label={shown ? 'Hide run' : 'Show run'}
      onClick={onToggle}
    >
      {key}
    </button>
  )
}

export interface NameCellProps {
  readonly name: string
  /** 0 for the outermost; 28 px of indent follow for the first level. */
  readonly depth?: number | undefined
  readonly expanded?: boolean | undefined
  readonly onToggle?: (() => void) | undefined
  /** In the twisty's place, e.g. a pin. */
  readonly mark?: IconName | undefined
}

/** Twisty or mark, then the name, cut in its middle so that its tail shows. */
export function NameCell({ name, depth = 0, expanded, onToggle, mark }: NameCellProps) {
  return (
    <span className={cx(s.name, depth > 0 && s.child)} style={depth > 0 ? { paddingLeft: 12 + depth * 11 } : undefined}>
      {expanded !== undefined ? (
        <button
          type="button"
          tabIndex={-1}
          className={s.twisty}
          aria-label={expanded ? 'Close' : 'Open'}
          onClick={onToggle}
        >
          <Icon name={expanded ? 'down' : 'right'} size={10} />
        </button>
      ) : depth > 0 ? null : (
        <span className={s.mark}>{mark === undefined ? null : <Icon name={mark} size={11} />}</span>
      )}
      <MiddleCut text={name} />
    </span>
  )
}

/** `–` not applicable, "not set" absent, *null* a value that is null. */
export function MissingCell({ kind }: { kind: 'none' | 'unset' | 'null' }) {
  return (
    <span className={kind === 'null' ? s.null : s.missing}>{{ none: '–', unset: 'not set', null: 'null' }[kind]}</span>
  )
}

/** A number in its column's format; NaN and infinities with the warning mark; undefined is missing. */
export function NumberCell({ value, format }: { value: number | null | undefined; format: NumberFormat }) {
  if (value === null || value === undefined) return <MissingCell kind="none" />
  if (Number.isFinite(value)) return formatNumber(value, format)
  return (
    <span className={s.odd}>
      <StateIcon state="warn" />
      {formatNumber(value)}
    </span>
  )
}

export interface MeanSdCellProps {
  readonly mean: number
  /** Null for a single run: the room of the spread stays empty, so that means stand under means. */
  readonly sd: number | null
  readonly format: NumberFormat
}

/** `0.8497 ± .0007`. */
export function MeanSdCell({ mean, sd, format }: MeanSdCellProps) {
  if (!Number.isFinite(mean)) return <NumberCell value={mean} format={format} />
  const text = formatMeanSd(mean, sd, format)
  const room = formatMeanSd(0, 0, format).sd
  return (
    <>
      {text.mean}
      <span className={s.sd} style={text.sd === null ? { visibility: 'hidden' } : undefined}>
        {text.sd ?? room}
      </span>
    </>
  )
}

export interface DeltaCellProps {
  /** Null on the baseline itself, which says "base". */
  readonly delta: number | null | undefined
  readonly goal: Goal
  readonly format: NumberFormat
}

/** A difference against the baseline, coloured by the metric's goal. */
export function DeltaCell({ delta, goal, format }: DeltaCellProps) {
  if (delta === null) return <span className={s.missing}>base</span>
  if (delta === undefined) return <MissingCell kind="none" />
  return <span className={s[deltaTone(delta, goal, format)]}>{formatDelta(delta, format)}</span>
}

/** The step of the five-step heat for a share between worst (0) and best (1). */
export const heatStep = (share: number): number => Math.min(4, Math.max(0, Math.round(share * 4)))

/** A number over heat. `share` is 0 for the worst and 1 for the best of the column. Its column is `bare`. */
export function HeatCell({
  value,
  format,
  share,
}: {
  value: number | null | undefined
  format: NumberFormat
  share: number
}) {
  if (value === null || value === undefined) return <MissingCell kind="none" />
  return (
    <span
      className={s.heat}
      style={Number.isFinite(value) ? { background: `var(--heat-${heatStep(share)})` } : undefined}
    >
      <NumberCell value={value} format={format} />
    </span>
  )
}

export interface TrendCellProps {
  readonly values: ArrayLike<number>
  /** The run's number; its trend is grey while it is hidden. */
  readonly number: number
  readonly shown: boolean
  /** The scale that the whole column shares. */
  readonly low: number
  readonly high: number
}

export function TrendCell({ values, number, shown, low, high }: TrendCellProps) {
  return (
    <Sparkline
      values={values}
      low={low}
      high={high}
      colour={shown ? `var(--run-${((number - 1) % 10) + 1})` : 'var(--text-3)'}
    />
  )
}

/** Text, cut at its end. */
export function TextCell({ children }: { children: ReactNode }) {
  return <span className="cut">{children}</span>
}

/** Icon and word. */
export function StateCell({ state, children }: { state: StateMark; children: ReactNode }) {
  return <StateWord state={state}>{children}</StateWord>
}
