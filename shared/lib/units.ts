/** Milliseconds in the units of time that people write. */
export const SECOND = 1_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
export const WEEK = 7 * DAY

/** Milliseconds of a unit as it is written after a number (`5m`, `2 hours`), or undefined for an unknown one. */
export function millisecondsOfUnit(unit: string): number | undefined {
  switch (unit.toLowerCase()) {
    case 'ms':
      return 1
    case 's':
    case 'sec':
    case 'secs':
    case 'second':
    case 'seconds':
      return SECOND
    case 'm':
    case 'min':
    case 'mins':
    case 'minute':
    case 'minutes':
      return MINUTE
    case 'h':
    case 'hr':
    case 'hrs':
    case 'hour':
    case 'hours':
      return HOUR
    case 'd':
    case 'day':
    case 'days':
      return DAY
    case 'w':
    case 'week':
    case 'weeks':
      return WEEK
    default:
      return undefined
  }
}

const DURATION_PART = /(\d+(?:\.\d+)?)\s*([a-z]+)\s*/giy

/**
 * Reads a duration such as `5m`, `1h30m` or `12 min 5 s`.
 *
 * @returns milliseconds, or undefined when the text is not wholly a duration.
 */
export function parseDuration(text: string): number | undefined {
  const trimmed = text.trim()
  if (trimmed === '') return undefined
  const part = new RegExp(DURATION_PART)
  let total = 0
  while (part.lastIndex < trimmed.length) {
    const match = part.exec(trimmed)
    if (match === null) return undefined
    const unit = millisecondsOfUnit(match[2] ?? '')
    if (unit === undefined) return undefined
    total += Number(match[1]) * unit
  }
  return total
}

const BYTE_UNITS: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['b', 1],
  ['k', 1e3],
  ['kb', 1e3],
  ['kib', 1024],
  ['m', 1e6],
  ['mb', 1e6],
  ['mib', 1024 ** 2],
  ['g', 1e9],
  ['gb', 1e9],
  ['gib', 1024 ** 3],
  ['t', 1e12],
  ['tb', 1e12],
  ['tib', 1024 ** 4],
])

/**
 * Reads a size such as `412 MB`, `8GiB` or `1024`; decimal prefixes are powers of 1000 and `Ki`, `Mi` ... of 1024.
 *
 * @returns bytes, or undefined when the text is not a size.
 */
export function parseByteSize(text: string): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(text)
  if (match === null) return undefined
  const unit = BYTE_UNITS.get((match[2] ?? '').toLowerCase())
  return unit === undefined ? undefined : Number(match[1]) * unit
}
