import type { RunDetail } from '#shared/contract/runs.ts'
import { isOfMachine } from '#shared/domain/system-series.ts'

export type RunProgress = NonNullable<RunDetail['progress']>

/** Parameters that say how long a training is, by the unit that they count. */
const BUDGETS: readonly (readonly [unit: string, name: RegExp])[] = [
  ['epoch', /^(?:num_|n_|max_|total_|num_train_)?epochs?$/i],
  ['step', /^(?:num_|n_|max_|total_|max_train_)?(?:steps|iterations|iters)$/i],
]

/**
 * How far a run is: what its log says, or else the last step of its metrics against a parameter that names the whole, such
 * as `epochs`. Null where neither is known, or where they do not fit together.
 */
export function progressOf({
  progress,
  params,
  metrics,
}: Pick<RunDetail, 'progress' | 'params' | 'metrics'>): RunProgress | null {
  if (progress !== null) return progress
  const done = Math.max(
    0,
    ...metrics
      .filter((metric) => metric.lastStep !== null && !isOfMachine(metric))
      // Steps that begin at 0 are one more than their last number.
      .map(({ count, lastStep }) => (count === (lastStep ?? 0) + 1 ? count : (lastStep ?? 0))),
  )
  for (const [unit, name] of BUDGETS) {
    const given = params.find(({ key }) => name.test(key.split(/[./]/).at(-1) ?? key))
    const total = given === undefined ? Number.NaN : Number(given.value)
    if (done > 0 && Number.isFinite(total) && total > 1 && done <= total) return { done, total, unit }
  }
  return null
}
