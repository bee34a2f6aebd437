import { AppError } from '#shared/rpc/errors.ts'
import type { MetricStore, SeriesId, SeriesInfo } from './store.ts'

/** Series of one run that have grown since the last event. */
export type Growth<Summary> = { readonly run: string; readonly series: Summary[] }

/**
 * Which series of the given runs grow, until the signal aborts: what happens meanwhile is gathered, so that a run has an event at most each
 * `interval` milliseconds however fast it logs, and a slow reader gets fewer and larger events rather than more of them.
 *
 * @param runs ids by the runs' numbers.
 */
export async function* watchRuns<Summary>(
  metrics: MetricStore,
  runs: ReadonlyMap<number, string>,
  summarise: (info: SeriesInfo) => Summary,
  interval: number,
  signal: AbortSignal,
): AsyncGenerator<Growth<Summary>> {
  const grown = new Map<number, Set<SeriesId>>()
  const runOf = new Map<SeriesId, number | null>()
  let wake: (() => void) | undefined
  const onAbort = (): void => wake?.()
  const stop = metrics.onAppend((series) => {
    for (const id of series) {
      const run = watchedRun(metrics, runs, runOf, id)
      if (run === null) continue
      const waiting = grown.get(run) ?? new Set<SeriesId>()
      grown.set(run, waiting.add(id))
      wake?.()
    }
  })
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    while (!signal.aborted) {
      if (grown.size === 0) {
        await new Promise<void>((resolve) => (wake = resolve))
        wake = undefined
        continue
      }
      const batch = [...grown]
      grown.clear()
      for (const [run, ids] of batch) {
        const series = [...ids].flatMap((id) => infoOf(metrics, id) ?? []).map(summarise)
        if (series.length > 0) yield { run: runs.get(run) ?? '', series }
        if (signal.aborted) return
      }
      await pause(interval, signal)
    }
  } finally {
    stop()
    signal.removeEventListener('abort', onAbort)
  }
}

/** The number of the watched run that a series belongs to; null for one of another run. Remembered, as it never changes. */
function watchedRun(
  metrics: MetricStore,
  runs: ReadonlyMap<number, string>,
  known: Map<SeriesId, number | null>,
  id: SeriesId,
): number | null {
  const remembered = known.get(id)
  if (remembered !== undefined) return remembered
  const run = infoOf(metrics, id)?.run ?? null
  const watched = run !== null && runs.has(run) ? run : null
  known.set(id, watched)
  return watched
}

/** Undefined for a series that was deleted since. */
function infoOf(metrics: MetricStore, id: SeriesId): SeriesInfo | undefined {
  try {
    return metrics.info(id)
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') return undefined
    throw error
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, milliseconds)
    signal.addEventListener('abort', done, { once: true })
    if (signal.aborted) done()
  })
}
