import { useState, type ReactNode } from 'react'
import { Button } from '../buttons/button.tsx'
import { cx } from '../cx.ts'
import { StateIcon } from '../icons/state-icon.tsx'
import s from './states.module.css'

export interface ErrorPanelProps {
  /** What happened, in one line: "Push stopped at 3 of 7 files". */
  readonly title: string
  /** Why, and what is still whole. */
  readonly children?: ReactNode
  /** The one button that mends it. */
  readonly action?: { readonly label: string; readonly onPress: () => void } | undefined
  /** What a developer wants to see; folded. */
  readonly details?: string | undefined
  /** Where to find more in the log. */
  readonly logId?: string | undefined
  /** Stands alone in a pane, at the pane's inset. */
  readonly inset?: boolean | undefined
}

/** An error beside its cause: a tint, never a whole red page. Said aloud as soon as it appears. */
export function ErrorPanel({ title, children, action, details, logId, inset = false }: ErrorPanelProps) {
  const [open, setOpen] = useState(false)
  return (
    <div className={cx(s.error, inset && s.inset)} role="alert">
      <StateIcon state="bad" />
      <div>
        <b>{title}</b>
        {children === undefined ? null : <div>{children}</div>}
        <div className={s.errorFoot}>
          {action === undefined ? null : (
            <Button size="small" onPress={action.onPress}>
              {action.label}
            </Button>
          )}
          <span className="grow" />
          {details === undefined ? null : (
            <Button tone="link" onPress={() => setOpen(!open)} pressed={open}>
              Details
            </Button>
          )}
          {logId === undefined ? null : <span className="mono t2">log {logId}</span>}
        </div>
        {open && details !== undefined ? <pre className={`code ${s.details ?? ''}`}>{details}</pre> : null}
      </div>
    </div>
  )
}
