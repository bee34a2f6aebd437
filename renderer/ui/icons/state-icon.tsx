import type { ReactNode } from 'react'

/** The states that have a drawn mark. `done` is the grey tick of what finished or passed; `ok` wants to be noticed. */
export type StateMark = 'ok' | 'done' | 'live' | 'bad' | 'warn' | 'wait' | 'none'

const round = { strokeLinecap: 'round', strokeLinejoin: 'round' } as const

const marks: Readonly<Record<StateMark, ReactNode>> = {
  ok: (
    <g stroke="var(--ok-mark)">
      <circle cx="6" cy="6" r="5" />
      <path d="M3.7 6.2l1.6 1.6 3-3.4" {...round} />
    </g>
  ),
  done: <path d="M2.5 6.4l2.4 2.4 4.6-5" stroke="var(--text-3)" {...round} />,
  live: (
    <g stroke="var(--live-mark)">
      <circle cx="6" cy="6" r="4.6" strokeOpacity=".35" strokeWidth="1.6" />
      <path d="M6 1.4a4.6 4.6 0 0 1 4.6 4.6" strokeWidth="1.8" {...round} />
    </g>
  ),
  bad: (
    <g stroke="var(--bad-mark)">
      <circle cx="6" cy="6" r="5" />
      <path d="M4.2 4.2l3.6 3.6M7.8 4.2L4.2 7.8" {...round} />
    </g>
  ),
  warn: (
    <g stroke="var(--warn-mark)" {...round}>
      <path d="M6 1.4l4.9 8.9H1.1z" />
      <path d="M6 4.8v2.4M6 8.7v.1" />
    </g>
  ),
  wait: <circle cx="6" cy="6" r="4.8" stroke="var(--text-3)" strokeDasharray="2.2 2" />,
  none: (
    <g stroke="var(--text-3)">
      <circle cx="6" cy="6" r="4.8" />
      <path d="M4 6h4" {...round} />
    </g>
  ),
}

/** The 12 px mark of a state. Always beside its word: a state is never said by colour or shape alone. */
export function StateIcon({ state, size = 12 }: { state: StateMark; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 12 12" fill="none" strokeWidth="1.4" aria-hidden="true">
      {marks[state]}
    </svg>
  )
}
