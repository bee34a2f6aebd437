import { runStyle } from './run-colour.ts'

export interface RunKeyProps {
  /** The run's number in the project. */
  readonly number: number
  /** Filled when drawn, a ring when hidden. */
  readonly shown?: boolean
  /** Grey dashes instead of a square: the baseline. */
  readonly baseline?: boolean
}

const gap = (stroke: number): string => (stroke % 2 === 0 ? '1.6 1.6' : '3 1.5')

/** The 12 px key before a run's name. Colour is never the only sign: the name stands beside it. */
export function RunKey({ number, shown = true, baseline = false }: RunKeyProps) {
  const { colour, stroke } = runStyle(number)
  return (
    <svg width="12" height="12" viewBox="0 0 12 12" fill="none" aria-hidden="true">
      {baseline ? (
        <path d="M.5 6h11" stroke="var(--text-2)" strokeWidth="1.6" strokeDasharray="3 2" />
      ) : shown ? (
        <>
          <rect x=".5" y=".5" width="11" height="11" rx="3" fill={colour} />
          {stroke === 0 ? null : (
            <path d="M1 6h10" stroke="var(--canvas)" strokeWidth="2" strokeDasharray={gap(stroke)} />
          )}
        </>
      ) : (
        <>
          <rect x="1.25" y="1.25" width="9.5" height="9.5" rx="2.5" stroke={colour} strokeWidth="1.5" />
          {stroke === 0 ? null : <path d="M4 6h4" stroke={colour} strokeWidth="1.5" strokeDasharray="1.4 1.2" />}
        </>
      )}
    </svg>
  )
}

/** A short piece of a run's line, for legends: the dash shows what a square cannot. */
export function RunLine({ number, width = 14 }: { number: number; width?: number }) {
  const { colour, dash } = runStyle(number)
  return (
    <svg width={width} height="4" viewBox={`0 0 ${width} 4`} fill="none" aria-hidden="true">
      <path d={`M0 2h${width}`} stroke={colour} strokeWidth="2" strokeDasharray={dash.join(' ')} />
    </svg>
  )
}
