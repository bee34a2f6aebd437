import { runStyle } from '#renderer/ui/marks/run-colour.ts'
import type { LineSeries } from './model.ts'

/** A short piece of a series' line, with its own dash: before a name or a value. */
export function SeriesLine({ series, width }: { series: LineSeries; width: number }) {
  const style = runStyle(series.number)
  const colour = series.baseline === true ? 'var(--text-3)' : style.colour
  const dash = series.dash ?? (series.baseline === true ? [3, 2] : style.dash)
  return (
    <svg width={width} height="4" viewBox={`0 0 ${width} 4`} fill="none" aria-hidden="true">
      <path
        d={`M0 2h${width}`}
        stroke={colour}
        strokeWidth="2"
        strokeDasharray={dash.map((one) => Math.min(one, 4)).join(' ')}
      />
    </svg>
  )
}
