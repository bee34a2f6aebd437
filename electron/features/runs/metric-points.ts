import type { SeriesOrigin } from '#shared/contract/common.ts'
import type { PointBatch, Rests } from '#electron/features/metrics/index.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'

/** A value of a metric. `time` is in milliseconds since 1970; NaN and infinities are values. */
export type MetricPoint = {
  readonly key: string
  readonly value: number
  readonly time: number
  readonly step: number
  /** By how much its step and its time are more than these doubles: where those are beyond 2^53. */
  readonly rest?: { readonly step: number; readonly time: number }
}

/** Points of a run as the metric store takes them; new series get their ids. */
export function batchOf(
  project: ProjectContext,
  run: number,
  points: readonly MetricPoint[],
  origin: SeriesOrigin,
): PointBatch {
  const { length } = points
  const series = new Uint32Array(length)
  const step = new Float64Array(length)
  const time = new Float64Array(length)
  const value = new Float64Array(length)
  let rest: Rests | undefined
  let key: string | undefined
  let id = 0
  for (let index = 0; index < length; index++) {
    const point = points[index] as MetricPoint
    if (point.key !== key) {
      key = point.key
      id = project.metrics.seriesFor(run, key, origin)
    }
    series[index] = id
    step[index] = point.step
    time[index] = point.time
    value[index] = point.value
    if (point.rest !== undefined) {
      rest ??= { step: new Int16Array(length), time: new Int16Array(length) }
      rest.step[index] = point.rest.step
      rest.time[index] = point.rest.time
    }
  }
  return rest === undefined ? { series, step, time, value } : { series, step, time, value, rest }
}
