import type { ReactNode } from 'react'
import { Icon } from '#renderer/ui/icons/icon.tsx'
import s from './frame.module.css'

export interface TopBarProps {
  /** Where this lies: `{label: 'Runs', href}`. */
  readonly crumb?: { readonly label: string; readonly href: string } | undefined
  /** Before the title: a run's key. */
  readonly mark?: ReactNode
  readonly title: string
  /** After the title: note, state, progress. */
  readonly state?: ReactNode
  /** At the right: verbs, the primary one last. */
  readonly verbs?: ReactNode
}

/** 40 px: where I am, its state, then what can be done. The page's only h1. */
export function TopBar({ crumb, mark, title, state, verbs }: TopBarProps) {
  return (
    <div className={s.top}>
      {crumb === undefined ? null : (
        <span className={s.crumb}>
          <a href={crumb.href}>{crumb.label}</a>
          <Icon name="right" size={11} />
        </span>
      )}
      {mark}
      <h1 className={s.title} title={title}>
        {title}
      </h1>
      {state}
      <span className={s.room} />
      {verbs}
    </div>
  )
}

/** 36 px under the top bar: filter, grouping, columns. */
export function FilterBar({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={s.bar} role="group" aria-label={label}>
      {children}
    </div>
  )
}
