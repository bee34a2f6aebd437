import { useStore } from 'zustand'
import type { Axis } from '#shared/contract/metrics.ts'
import { type ApartRange, rangeAround, windowOf } from '#renderer/charts/apart.ts'
import type { Extent } from '#renderer/charts/extent.ts'
import { useChartGroup, zoomGroup, zoomOn } from '#renderer/charts/chart-group.tsx'
import { Button } from '#renderer/ui/buttons/button.tsx'
import { rangeNames } from './apart-words.ts'
import s from './apart-strip.module.css'

export type ApartStripProps = {
  readonly axis: Axis
  /** As they lie on the axis of steps or of the clock. */
  readonly ranges: readonly ApartRange[]
  /** Draws all charts beside each other over another axis; without it, only ranges are offered. */
  readonly onAxis?: ((axis: Axis) => void) | undefined
}

/** Says that steps lie too far apart for one axis, and offers what helps: each range alone, or time since the start. */
export function ApartStrip({ axis, ranges, onAxis }: ApartStripProps) {
  const group = useChartGroup()
  const kind = axis === 'step' ? 'number' : 'time'
  const zoom = useStore(group, (state) => zoomOn(state, kind))
  const seen = zoom === null ? undefined : rangeAround(ranges, zoom)
  const what = axis === 'step' ? 'Steps lie far apart' : 'Runs lie far apart in time'
  const names = rangeNames(axis, ranges)
  return (
    <div className={s.strip} role="group" aria-label={what}>
      <span className={s.words} title={`${what}: on one axis most points would share a pixel.`}>
        {what}
      </span>
      {ranges.map((range, at) => (
        <Button
          key={range.from}
          tone="link"
          size="small"
          pressed={range === seen}
          className={s.range}
          aria-label={`Show ${names[at]?.long ?? ''} alone`}
          onPress={() => zoomGroup(group, kind, isSame(zoom, windowOf(range)) ? null : windowOf(range))}
        >
          {names[at]?.short}
        </Button>
      ))}
      {onAxis === undefined ? null : (
        <Button tone="link" size="small" onPress={() => onAxis('relative')}>
          Time since start
        </Button>
      )}
    </div>
  )
}

const isSame = (a: Extent | null, b: Extent): boolean => a !== null && a[0] === b[0] && a[1] === b[1]

/** After the change to time since the start: leads back. */
export function SinceStartStrip({ onBack }: { readonly onBack: () => void }) {
  return (
    <div className={s.strip} role="group" aria-label="Time since start">
      <span className={s.words}>Over time since start</span>
      <Button tone="link" size="small" onPress={onBack}>
        Back to steps
      </Button>
    </div>
  )
}
