import { useId, type ReactNode } from 'react'
import { cx } from '../cx.ts'
import s from './layout.module.css'

export interface SectionProps {
  readonly title: string
  /** Count or note, quieter: "18", "of 31". */
  readonly note?: ReactNode
  /** One link or icon button at the right. */
  readonly action?: ReactNode
  readonly children: ReactNode
  readonly level?: 2 | 3 | undefined
  readonly className?: string | undefined
}

/** A part of an inspector. A hairline parts it from the one above; the first has none. */
export function Section({ title, note, action, children, level = 2, className }: SectionProps) {
  const id = useId()
  const Heading = level === 2 ? 'h2' : 'h3'
  return (
    <section className={cx(s.section, className)} aria-labelledby={id}>
      <div className={s.head}>
        <Heading id={id} className={s.title} title={title}>
          {title}
        </Heading>
        {note === undefined ? null : <span className={s.note}>{note}</span>}
        <span className="grow" />
        {action}
      </div>
      {children}
    </section>
  )
}

/** Label left in text-3, value right; a value that is too long is cut, its title is whole. */
export function Pairs({ children }: { children: ReactNode }) {
  return <dl className={s.pairs}>{children}</dl>
}

/** One line of Pairs. Give `title` where the value is not plain text. */
export function Pair({ label, children, title }: { label: string; children: ReactNode; title?: string }) {
  return (
    <>
      <dt>{label}</dt>
      <dd title={title ?? (typeof children === 'string' ? children : undefined)}>{children}</dd>
    </>
  )
}
