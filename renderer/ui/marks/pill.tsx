import type { ReactNode } from 'react'
import { cx } from '../cx.ts'
import { StateIcon, type StateMark } from '../icons/state-icon.tsx'
import s from './marks.module.css'

const tints: Readonly<Record<StateMark, string | undefined>> = {
  ok: s.ok,
  warn: s.warn,
  bad: s.bad,
  live: s.live,
  done: undefined,
  wait: undefined,
  none: undefined,
}

/** A tint, an icon and a lower-case word, for what needs a person: running, moderate, significant, no data. */
export function StatusPill({ state, children }: { state: StateMark; children: ReactNode }) {
  return (
    <span className={cx(s.pill, tints[state])}>
      <StateIcon state={state} />
      {children}
    </span>
  )
}

/**
 * A state as it stands in tables and sentences: icon and word without a tint. What finished or passed is quiet, so
 * that a page on which nothing is wrong is calm.
 */
export function StateWord({ state, children }: { state: StateMark; children: ReactNode }) {
  const quiet = state === 'done' || state === 'wait' || state === 'none'
  return (
    <span className={cx(s.state, quiet && s.quiet)}>
      <StateIcon state={state} />
      {children}
    </span>
  )
}

/** An outlined fact: "base", "edited". */
export function Tag({ children }: { children: ReactNode }) {
  return <span className={s.tag}>{children}</span>
}
