import type { ReactNode } from 'react'
import { Button } from '../buttons/button.tsx'
import { cx } from '../cx.ts'
import s from './marks.module.css'

export interface ProgressProps {
  /** What is in progress; heard only. */
  readonly label: string
  /** From 0 to 1; undefined while the total is not known. */
  readonly share: number | undefined
  readonly width?: number | undefined
  /** `live` for work, `bar` for a share among others, as in a table cell. */
  readonly tone?: 'live' | 'bar' | undefined
}

/** A thin bar. The words beside it carry count, rate and time left. */
export function Progress({ label, share, width = 120, tone = 'live' }: ProgressProps) {
  const percent = share === undefined ? undefined : Math.round(Math.min(1, Math.max(0, share)) * 100)
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      data-tone={tone}
      className={cx(s.progress, percent === undefined && s.unknown)}
      style={{ width }}
    >
      <i style={percent === undefined ? undefined : { width: `${percent}%` }} />
    </div>
  )
}

/** Long work in one line: bar, "6,204 of 10,000 files, 9 s left", Cancel. */
export function WorkLine(
  props: ProgressProps & { readonly children: ReactNode; readonly onCancel?: (() => void) | undefined },
) {
  return (
    <div className={s.work}>
      <Progress label={props.label} share={props.share} width={props.width ?? 110} tone={props.tone} />
      <span className="grow cut">{props.children}</span>
      {props.onCancel === undefined ? null : (
        <Button tone="link" onPress={props.onCancel}>
          Cancel
        </Button>
      )}
    </div>
  )
}
