import { setImmediate as nextTurn } from 'node:timers/promises'
import type { MetricStore, SeriesInfo } from '#electron/features/metrics/index.ts'
import { noteLimits } from './mlflow-limits.ts'
import type { MlflowWriter } from './mlflow-writer.ts'
import type { Notes } from './notes.ts'

/** Points that are read in one go: some milliseconds of this thread. */
const PORTION = 20_000

export type PointsWriting = {
  readonly metrics: MetricStore
  readonly writer: MlflowWriter
  readonly notes: Notes
  readonly signal: AbortSignal
}

/**
 * Writes all points of a run: what the script logged under its own keys, what was read from its output likewise unless the script logged that key
 * itself, and what was measured around it (`system/...`).
 */
export async function writePoints(
  { metrics, writer, notes, signal }: PointsWriting,
  run: { readonly number: number; readonly id: string; readonly name: string },
): Promise<void> {
  const series = metrics.list(run.number)
  const logged = new Set(series.flatMap(({ key, origin }) => (origin === 'logged' ? [key] : [])))
  for (const one of series) {
    const owner = `run ${run.name} (${run.id})`
    const key = one.origin === 'logged' || !logged.has(one.key) ? one.key : `${one.origin}/${one.key}`
    noteLimits(notes, owner, 'metric', key)
    for (const [from, to] of portions(one)) {
      const { step, time, value, rest } = metrics.series(one.id, { from, to })
      noteValues(notes, `${owner}, metric ${key}`, step, value)
      // Copies: the store may hold on to what it gave.
      const columns = { step: step.slice(), time: time.slice(), value: value.slice() }
      await writer.points({ run: run.id, key, ...columns, ...(rest === undefined ? {} : { rest }) })
      await nextTurn()
      signal.throwIfAborted()
    }
  }
}

/**
 * Ranges of steps with about as many points each as are read in one go, as far as they are spread evenly. A point on a bound is in both ranges: the
 * database keeps it once.
 */
export function portions({ summary }: Pick<SeriesInfo, 'summary'>): readonly (readonly [from: number, to: number])[] {
  const { count, firstStep, lastStep } = summary
  const pieces = Math.ceil(count / PORTION)
  const width = (lastStep - firstStep) / pieces
  if (pieces < 2 || !(width > 0) || !Number.isFinite(width)) return [[-Infinity, Infinity]]
  return Array.from({ length: pieces }, (_, index) => [
    index === 0 ? -Infinity : firstStep + index * width,
    index === pieces - 1 ? Infinity : firstStep + (index + 1) * width,
  ])
}

function noteValues(notes: Notes, what: string, step: Float64Array, value: Float64Array): void {
  if (value.some((one) => one === Infinity || one === -Infinity))
    notes.add(
      what,
      'It has infinities, and MLflow’s database has none: the largest number of their sign stands for them, as in MLflow itself.',
    )
  if (step.some((one) => !Number.isInteger(one)))
    notes.add(what, 'MLflow’s steps are whole numbers: others were rounded.')
}
