import { useEffect, useState, type ReactNode } from 'react'
import { cx } from '../cx.ts'
import s from './states.module.css'

/** How long a wait may be before anything is drawn: shorter ones would only flicker. */
export const QUIET_MILLISECONDS = 200

/** True once the component has been waiting for 200 ms. */
export const useLate = (): boolean => {
  const [late, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), QUIET_MILLISECONDS)
    return () => clearTimeout(timer)
  }, [])
  return late
}

export interface LoadingProps {
  /** What is awaited: "Loading runs". Heard; the shapes are seen. */
  readonly label: string
  /** How many rows to draw. */
  readonly rows?: number | undefined
  /** A shape of one's own instead of rows. */
  readonly children?: ReactNode
  readonly className?: string | undefined
}

const widths = [150, 210, 120, 180, 96, 160] as const

/** Keeps the shape of what comes; draws nothing before 200 ms. */
export function Loading({ label, rows = 6, children, className }: LoadingProps) {
  const late = useLate()
  return (
    <div
      role="status"
      aria-label={label}
      className={cx(s.bones, className)}
      style={{ visibility: late ? 'visible' : 'hidden' }}
    >
      {children ??
        Array.from({ length: rows }, (_, at) => (
          <div key={at} aria-hidden="true">
            <i className={cx(s.bone, s.square)} />
            <i className={s.bone} style={{ width: widths[at % widths.length] }} />
            <span className="grow" />
            <i className={s.bone} style={{ width: 44 }} />
            <i className={s.bone} style={{ width: 62 }} />
          </div>
        ))}
    </div>
  )
}
