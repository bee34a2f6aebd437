import type { Axis, Level } from '#shared/contract/metrics.ts'
import type { MetricStore, SeriesId } from './store.ts'

export type LevelRequest = {
  readonly axis: Axis
  readonly from: number | undefined
  readonly to: number | undefined
  readonly width: number
}

/**
 * A series at one zoom level on any axis. The relative one is time since the series' earliest point, in milliseconds: runs that began at
 * different times lie on each other.
 */
export function levelOn(
  metrics: MetricStore,
  series: SeriesId,
  { axis, from, to, width }: LevelRequest,
): Omit<Level, 'run' | 'key'> {
  const summary = metrics.summary(series)
  const shift = axis === 'relative' ? summary.startTime : 0
  const level = metrics.level(series, {
    axis: axis === 'step' ? 'step' : 'time',
    from: (from ?? -Infinity) + shift,
    to: (to ?? Infinity) + shift,
    width,
  })
  return {
    x: shifted(level.x, shift),
    first: new Float64Array(level.first),
    min: new Float64Array(level.min),
    max: new Float64Array(level.max),
    last: new Float64Array(level.last),
    oddX: shifted(level.oddX, shift),
    oddKind: new Float64Array(level.oddKind),
    count: summary.count,
    exact: level.exact,
  }
}

function shifted(values: Float64Array, by: number): Float64Array<ArrayBuffer> {
  const moved = new Float64Array(values)
  if (by !== 0) for (let index = 0; index < moved.length; index++) moved[index] = (moved[index] ?? 0) - by
  return moved
}
