import { type SeriesColumns, sortExact, subtractExact } from '#electron/features/metrics/index.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import type { SourceSeries } from './source.ts'

/**
 * The points of a series that the run does not have yet, in order, each once; how many different ones there are in the source, and how many can't be kept
 * because their step or time is no number.
 */
export function newPoints(
  { db, metrics }: ProjectContext,
  run: string,
  series: SourceSeries,
): { readonly points: SeriesColumns; readonly there: number; readonly refused: number } {
  const whole = withPlace(series)
  const refused = series.step.length - whole.step.length
  const sorted = sortExact(whole)
  const number = db.value<number>('SELECT number FROM run WHERE id = ?', run)
  const known = number === undefined ? undefined : metrics.find(number, series.key, 'logged')
  const points = known === undefined ? sorted : subtractExact(sorted, metrics.series(known))
  return { points, there: sorted.step.length, refused }
}

/** Those that have a place: with a finite step and time. */
function withPlace(points: SeriesColumns): SeriesColumns {
  const { step, time, value, rest } = points
  const isPlaced = (_: unknown, index: number): boolean => {
    const sum = (step[index] as number) - (time[index] as number)
    return sum - sum === 0
  }
  if (step.every(isPlaced)) return points
  const placed = { step: step.filter(isPlaced), time: time.filter(isPlaced), value: value.filter(isPlaced) }
  return rest === undefined
    ? placed
    : { ...placed, rest: { step: rest.step.filter(isPlaced), time: rest.time.filter(isPlaced) } }
}
