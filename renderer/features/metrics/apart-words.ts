import type { Axis } from '#shared/contract/metrics.ts'
import { formatNumber } from '#shared/lib/format.ts'
import { formatDateTime } from '#shared/lib/format-time.ts'
import type { ApartRange } from '#renderer/charts/apart.ts'

/** What ranges of x are called: on a button, and in full. Ends that read alike are written once. */
export function rangeNames(
  axis: Axis,
  ranges: readonly Pick<ApartRange, 'from' | 'to'>[],
  now: number = Date.now(),
): readonly { readonly short: string; readonly long: string }[] {
  const text = (x: number): string => (axis === 'step' ? formatNumber(x) : formatDateTime(x, now))
  return ranges.map(({ from, to }) => {
    const ends = text(from) === text(to) ? [text(from)] : [text(from), text(to)]
    return { short: ends.join('–'), long: `${axis === 'step' ? 'steps ' : ''}${ends.join(' to ')}` }
  })
}
