import type { ReactNode } from 'react'
import { cx } from '../cx.ts'
import s from './states.module.css'

export interface EmptyStateProps {
  /** One line: what is not here. */
  readonly title: string
  /** One line: why. */
  readonly children?: ReactNode
  /** One button. */
  readonly action?: ReactNode
  /** Takes the room of the pane and stands in its middle. */
  readonly fill?: boolean | undefined
}

/** Where nothing is yet. */
export function EmptyState({ title, children, action, fill = true }: EmptyStateProps) {
  return (
    <div className={cx(s.empty, fill && s.fill)}>
      <span className={s.what}>{title}</span>
      <p className={s.why}>{children}</p>
      {action}
    </div>
  )
}

export interface NoMatchProps {
  /** "No run matches" */
  readonly title: string
  /** "214 runs are here; this filter leaves none." */
  readonly kept: string
  /** The clause that removes all of them, when one does. */
  readonly clause?: string | undefined
  readonly action: ReactNode
  readonly fill?: boolean | undefined
}

/** No match is not loss: it says that the data is here, and which clause removed it. */
export function NoMatch({ title, kept, clause, action, fill }: NoMatchProps) {
  return (
    <EmptyState title={title} action={action} fill={fill}>
      {kept}
      {clause === undefined ? null : (
        <>
          <br />
          <span className="mono t1">{clause}</span> alone removes all of them.
        </>
      )}
    </EmptyState>
  )
}
