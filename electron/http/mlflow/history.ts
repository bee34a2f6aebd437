import type { Whole } from '#shared/lib/whole-number.ts'
import type { SeriesColumns } from '#electron/features/metrics/index.ts'

export type History = SeriesColumns

/**
 * Points in the order of MLflow's histories: by time, then step, then value, NaN as 0. Ours come by step first, which is the same unless a
 * program logged its steps out of order.
 */
export function inTimeOrder(points: History): History {
  const { length } = points.step
  let ordered = true
  for (let index = 1; ordered && index < length; index++) ordered = compare(points, index - 1, index) <= 0
  if (ordered) return points
  const order = Uint32Array.from({ length }, (_, index) => index).sort((a, b) => compare(points, a, b))
  const column = (values: Float64Array): Float64Array => Float64Array.from(order, (index) => values[index] as number)
  const rests = (values: Int16Array): Int16Array => Int16Array.from(order, (index) => values[index] as number)
  const { step, time, value, rest } = points
  const near = { step: column(step), time: column(time), value: column(value) }
  return rest === undefined ? near : { ...near, rest: { step: rests(rest.step), time: rests(rest.time) } }
}

function compare({ time, step, value, rest }: History, a: number, b: number): number {
  const number = (index: number): number => {
    const at = value[index] as number
    return Number.isNaN(at) ? 0 : at
  }
  return (
    (time[a] as number) - (time[b] as number) ||
    (rest === undefined ? 0 : (rest.time[a] as number) - (rest.time[b] as number)) ||
    (step[a] as number) - (step[b] as number) ||
    (rest === undefined ? 0 : (rest.step[a] as number) - (rest.step[b] as number)) ||
    (number(a) === number(b) ? a - b : number(a) - number(b))
  )
}

/** Negative, 0 or positive. */
export function compareWhole(a: Whole, b: Whole): number {
  return a.near - b.near || a.rest - b.rest
}

/**
 * Indexes of at most `size` points that matter, with a step in [from, to], ascending: both ends, and of each of some equal slices its smallest and its largest value. A
 * sample at fixed steps, as the real server takes it, loses the peaks.
 */
export function telling(
  { step, value, rest }: History,
  from: Whole | undefined,
  to: Whole | undefined,
  size: number,
): readonly number[] {
  const inside: number[] = []
  for (let index = 0; index < step.length; index++) {
    const at = { near: step[index] as number, rest: rest?.step[index] ?? 0 }
    if ((from === undefined || compareWhole(at, from) >= 0) && (to === undefined || compareWhole(at, to) <= 0))
      inside.push(index)
  }
  if (inside.length <= size) return inside
  const first = inside[0] ?? 0
  const last = inside.at(-1) ?? 0
  if (size < 4) return size === 1 ? [last] : [first, last]
  const slices = Math.floor((size - 2) / 2)
  const chosen = new Set<number>([first, last])
  for (let slice = 0; slice < slices; slice++) {
    const start = Math.floor((slice * inside.length) / slices)
    const end = Math.floor(((slice + 1) * inside.length) / slices)
    let low = inside[start] ?? 0
    let high = low
    for (let at = start; at < end; at++) {
      const index = inside[at] ?? 0
      const number = value[index] as number
      if (number < (value[low] as number) || Number.isNaN(value[low])) low = index
      if (number > (value[high] as number) || Number.isNaN(value[high])) high = index
    }
    chosen.add(low).add(high)
  }
  return [...chosen].toSorted((a, b) => a - b)
}
