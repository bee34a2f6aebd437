import type { MetricStore, SeriesColumns, SeriesId } from '#electron/features/metrics/index.ts'

export type CommonStep = { readonly step: number; readonly before: number; readonly now: number }

/** How far back is looked at first; doubled until a common step is found. */
const FIRST_WINDOW = 64

/**
 * Both series' values at the latest step that both have; null when there is none. Of several values at a step the latest one counts, as MLflow
 * has it. Reads from the end, so that two runs in lockstep cost a few points however long they are.
 */
export function latestCommonStep(metrics: MetricStore, before: SeriesId, now: SeriesId): CommonStep | null {
  const [one, other] = [metrics.summary(before), metrics.summary(now)]
  const from = Math.max(one.firstStep, other.firstStep)
  const to = Math.min(one.lastStep, other.lastStep)
  if (from > to) return null
  for (let window = FIRST_WINDOW; ; window *= 2) {
    const range = { from: Math.max(from, to - window), to }
    const found = lastCommon(metrics.series(before, range), metrics.series(now, range))
    if (found !== null || range.from === from) return found
  }
}

/** Points come sorted by step, then time, then value: the last of a step is its latest. */
function lastCommon(one: SeriesColumns, other: SeriesColumns): CommonStep | null {
  let left = one.step.length - 1
  let right = other.step.length - 1
  while (left >= 0 && right >= 0) {
    const [a, b] = [one.step[left] ?? 0, other.step[right] ?? 0]
    if (a === b) return { step: a, before: one.value[left] ?? Number.NaN, now: other.value[right] ?? Number.NaN }
    if (a > b) left--
    else right--
  }
  return null
}
