import type { ReactNode } from 'react'
import { Icon } from '#renderer/ui/icons/icon.tsx'
import type { IconName } from '#renderer/ui/icons/icon-paths.ts'
import { StateIcon, type StateMark } from '#renderer/ui/icons/state-icon.tsx'
import s from './frame.module.css'

export interface StatusItemProps {
  readonly icon?: IconName | undefined
  readonly state?: StateMark | undefined
  /** A dot: green while the endpoint listens. */
  readonly dot?: 'ok' | 'warn' | 'bad' | undefined
  readonly children: ReactNode
  /** Quieter, after it. */
  readonly note?: ReactNode
  readonly href?: string | undefined
  readonly onPress?: (() => void) | undefined
  readonly title?: string | undefined
}

/** One fact of the status bar; a link or a button where there is more to see. */
export function StatusItem({ icon, state, dot, children, note, href, onPress, title }: StatusItemProps) {
  const content = (
    <>
      {dot === undefined ? null : (
        <svg width="7" height="7" aria-hidden="true">
          <circle cx="3.5" cy="3.5" r="3.5" fill={`var(--${dot}-mark)`} />
        </svg>
      )}
      {state === undefined ? null : <StateIcon state={state} />}
      {icon === undefined ? null : (
        <span className="t3">
          <Icon name={icon} size={12} />
        </span>
      )}
      <span className="num">{children}</span>
      {note === undefined ? null : <span className={s.note}>{note}</span>}
    </>
  )
  if (href !== undefined)
    return (
      <a className={s.item} href={href} title={title}>
        {content}
      </a>
    )
  if (onPress !== undefined)
    return (
      <button type="button" className={s.item} onClick={onPress} title={title}>
        {content}
      </button>
    )
  return (
    <span className={s.item} title={title}>
      {content}
    </span>
  )
}

/** 24 px at the bottom: endpoint and jobs to the left, branch and the like to the right. */
export function StatusBar({ left, right }: { left?: ReactNode; right?: ReactNode }) {
  return (
    <footer className={s.status}>
      <span className={s.side}>{left}</span>
      <span className="grow" />
      <span className={s.side}>{right}</span>
    </footer>
  )
}
