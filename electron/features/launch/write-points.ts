import type { SeriesOrigin } from '#shared/contract/common.ts'
import type { Rests } from '#electron/features/metrics/index.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import type { TimedPoint } from './log/read-metrics.ts'

/** Writes points of one run, by its number, in their order. Inside a write. */
export function writePoints(
  { metrics }: Pick<ProjectContext, 'metrics'>,
  run: number,
  points: readonly TimedPoint[],
  origin: SeriesOrigin,
): void {
  if (points.length === 0) return
  const known = new Map<string, number>()
  const series = points.map(({ key }) => {
    const id = known.get(key) ?? metrics.seriesFor(run, key, origin)
    known.set(key, id)
    return id
  })
  metrics.write({
    series: Uint32Array.from(series),
    step: Float64Array.from(points, ({ step }) => step),
    time: Float64Array.from(points, ({ time }) => time),
    value: Float64Array.from(points, ({ value }) => value),
    ...(points.some(({ rest }) => rest !== undefined) ? { rest: restsOf(points) } : {}),
  })
}

function restsOf(points: readonly TimedPoint[]): Rests {
  return {
    step: Int16Array.from(points, ({ rest }) => rest?.step ?? 0),
    time: Int16Array.from(points, ({ rest }) => rest?.time ?? 0),
  }
}
