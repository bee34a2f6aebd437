import { formatDelta, formatNumber, type NumberFormat } from '#shared/lib/format.ts'
import { formatClock, formatDuration } from '#shared/lib/format-time.ts'
import { DAY, HOUR, MINUTE, SECOND } from '#shared/lib/units.ts'
import type { XKind } from './model.ts'

export interface Ticks {
  readonly values: readonly number[]
  readonly format: (value: number) => string
}

const none: Ticks = { values: [], format: (value) => formatNumber(value) }

/** The 1, 2, 5 or 10 times a power of ten that is nearest to `raw` in ratio. */
export const niceStep = (raw: number): number => {
  const power = 10 ** Math.floor(Math.log10(raw))
  const share = raw / power
  const step = share < Math.SQRT2 ? 1 : share < Math.sqrt(10) ? 2 : share < Math.sqrt(50) ? 5 : 10
  return step * power
}

/** Multiples of `step` within the domain, computed from whole factors so that no error adds up. */
const multiples = (domain: readonly [number, number], step: number): readonly number[] => {
  const first = Math.ceil(domain[0] / step - 1e-9)
  const last = Math.floor(domain[1] / step + 1e-9)
  const digits = Math.max(0, -Math.floor(Math.log10(step))) + 2
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => {
    const value = (first + at) * step
    return digits > 20 ? value : Number(value.toFixed(digits)) + 0
  })
}

/** From here on numbers have an exponent. */
const FROM_EXPONENT = 1e7
/** Digits after the point of a tick with an exponent. Where ticks differ behind these, they say how far they are from the first. */
const MOST_DIGITS = 4

const digitsOf = (step: number, largest: number): number =>
  Math.max(0, Math.floor(Math.log10(largest)) - Math.floor(Math.log10(step)))

const numberFormat = (step: number, largest: number): NumberFormat => {
  if (largest >= FROM_EXPONENT || step < 1e-6) {
    return { kind: 'exponent', digits: Math.min(MOST_DIGITS, digitsOf(step, largest)) }
  }
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9))
  return decimals === 0 ? { kind: 'integer' } : { kind: 'fixed', decimals }
}

/** About `wanted` round numbers. */
export const linearTicks = (domain: readonly [number, number], wanted: number): Ticks => {
  const span = domain[1] - domain[0]
  const largest = Math.max(Math.abs(domain[0]), Math.abs(domain[1]))
  // Below this the ticks would be the same double.
  if (!(span > largest * 1e-12) || !Number.isFinite(span) || wanted < 1) return none
  const step = niceStep(span / wanted)
  const values = multiples(domain, step)
  const [base] = values
  const needed = digitsOf(step, largest)
  if (base !== undefined && largest >= FROM_EXPONENT && needed > MOST_DIGITS) {
    const [first, further] = [formatNumber(base, { kind: 'exponent', digits: MOST_DIGITS }), numberFormat(step, span)]
    const short = first.replace(/\.?0+(?=e)/, '')
    return { values, format: (value) => (value === base ? short : formatDelta(value - base, further)) }
  }
  const format = numberFormat(step, largest)
  return { values, format: (value) => (value === 0 && format.kind === 'exponent' ? '0' : formatNumber(value, format)) }
}

/** Powers of ten; with steps between them where there is room for those. */
export const logTicks = (domain: readonly [number, number], wanted: number): Ticks => {
  const [low, high] = domain
  if (!(low > 0) || !(high > low)) return none
  const decades = Math.log10(high / low)
  if (decades < 0.7) return linearTicks(domain, wanted)
  const every = Math.max(1, Math.ceil(decades / wanted))
  const parts =
    decades <= wanted / 6
      ? [1, 1.5, 2, 3, 5, 7]
      : decades <= wanted / 3
        ? [1, 2, 5]
        : decades <= wanted / 2
          ? [1, 3]
          : [1]
  const values: number[] = []
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
    if (power % every !== 0) continue
    for (const part of parts) {
      const value = part * 10 ** power
      if (value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9)) values.push(Number(value.toPrecision(2)))
    }
  }
  return {
    values,
    format: (value) => formatNumber(value, value >= 1e5 || value < 1e-4 ? { kind: 'exponent', digits: 0 } : undefined),
  }
}

const timeSteps = [
  1,
  2,
  5,
  10,
  20,
  50,
  100,
  200,
  500,
  SECOND,
  2 * SECOND,
  5 * SECOND,
  10 * SECOND,
  15 * SECOND,
  30 * SECOND,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
  14 * DAY,
  30 * DAY,
  90 * DAY,
  365 * DAY,
] as const

const timeStep = (span: number, wanted: number): number =>
  timeSteps.find((step) => step >= span / wanted) ?? niceStep(span / wanted / (365 * DAY)) * 365 * DAY

/** Round lengths of time since the start: 0, 5 min, 10 min. */
export const durationTicks = (domain: readonly [number, number], wanted: number): Ticks => {
  const span = domain[1] - domain[0]
  if (!(span > 0) || !Number.isFinite(span)) return none
  return {
    values: multiples(domain, timeStep(span, wanted)),
    format: (value) => (value === 0 ? '0' : formatDuration(value)),
  }
}

const twoDigits = (value: number): string => String(value).padStart(2, '0')

/** Round moments of the local clock. Beyond a day, dates. */
export const clockTicks = (domain: readonly [number, number], wanted: number): Ticks => {
  const span = domain[1] - domain[0]
  if (!(span > 0) || !Number.isFinite(span)) return none
  const step = timeStep(span, wanted)
  const zone = new Date(domain[0]).getTimezoneOffset() * MINUTE
  const values = multiples([domain[0] - zone, domain[1] - zone], step).map((value) => value + zone)
  const day = (value: number) => {
    const date = new Date(value)
    return `${date.getDate()}.${date.getMonth() + 1}.`
  }
  const minute = (value: number) => {
    const date = new Date(value)
    return `${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`
  }
  return { values, format: step >= DAY ? day : step >= MINUTE ? minute : formatClock }
}

/** Ticks of an x axis of its kind. */
export const xTicks = (kind: XKind, domain: readonly [number, number], wanted: number): Ticks => {
  // All points have one x: it is the only thing that the axis has to say.
  if (domain[0] === domain[1]) return { values: [domain[0]], format: (value) => formatX(kind, value) }
  switch (kind) {
    case 'number':
      return linearTicks(domain, wanted)
    case 'duration':
      return durationTicks(domain, wanted)
    case 'time':
      return clockTicks(domain, wanted)
  }
}

/** One x as the crosshair's tag and the table name it. */
export const formatX = (kind: XKind, value: number): string => {
  switch (kind) {
    case 'number':
      return formatNumber(value)
    case 'duration':
      return formatDuration(value)
    case 'time':
      return formatClock(value)
  }
}
