/** The true minus, as wide as the plus, that all shown numbers use; copies of a value use the ASCII one. */
export const MINUS = '−'

/**
 * How the numbers of one column are written, so that its digits line up.
 *
 * `integer` groups thousands; `fixed` has the same count of decimals in each cell; `exponent` is for columns
 * that are out of reach of either (`1.234e−7`).
 */
export type NumberFormat =
  | { readonly kind: 'integer' }
  | { readonly kind: 'fixed'; readonly decimals: number }
  | { readonly kind: 'exponent'; readonly digits: number }

const LARGEST_PLAIN = 1e15
const MOST_DECIMALS = 8

/**
 * Chooses the one format for all values of a column.
 *
 * The column's largest magnitude gets `significant` digits and every other cell the same decimals; integers stay
 * integers. NaN and infinities have no say.
 */
export function chooseNumberFormat(values: Iterable<number>, significant = 4): NumberFormat {
  let largest = 0
  let integers = true
  for (const value of values) {
    if (!Number.isFinite(value)) continue
    if (!Number.isInteger(value)) integers = false
    largest = Math.max(largest, Math.abs(value))
  }
  if (largest >= LARGEST_PLAIN) return { kind: 'exponent', digits: significant - 1 }
  if (integers) return { kind: 'integer' }
  const decimals = significant - 1 - decimalExponent(largest)
  if (decimals > MOST_DECIMALS) return { kind: 'exponent', digits: significant - 1 }
  return { kind: 'fixed', decimals: Math.max(0, decimals) }
}

/**
 * The format for values that a person wrote, such as parameters: as `chooseNumberFormat`, but with no more decimals than the
 * values need. Learning rates of 0.01 and 0.003 have three.
 */
export function chooseWrittenFormat(values: readonly number[], significant = 4): NumberFormat {
  const format = chooseNumberFormat(values, significant)
  if (format.kind !== 'fixed') return format
  const needed = values.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, decimalsOf(value)) : most), 0)
  return { kind: 'fixed', decimals: Math.min(format.decimals, needed) }
}

/** Decimals that write a value exactly: 3 for 0.001, 5 for 1.5e-4. */
function decimalsOf(value: number): number {
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e')
  const point = mantissa.indexOf('.')
  return Math.max(0, (point < 0 ? 0 : mantissa.length - point - 1) - Number(exponent))
}

/** Exponent of the first digit: 2 for 412, −4 for 0.0007; read from the text because log10 errs at powers of ten. */
function decimalExponent(magnitude: number): number {
  if (magnitude === 0) return 0
  const text = magnitude.toExponential()
  return Number(text.slice(text.indexOf('e') + 1))
}

/**
 * Writes one number in its column's format: true minus, thousands comma, `NaN`, `∞`.
 *
 * A value that the column's decimals would turn into zero is written with an exponent instead: no cell claims a
 * zero that is none.
 */
export function formatNumber(value: number, format?: NumberFormat): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '∞' : `${MINUS}∞`
  const sign = value < 0 ? MINUS : ''
  const magnitude = Math.abs(value)
  if (format === undefined) return sign + trimZeros(magnitudeText(magnitude, chooseNumberFormat([value])))
  const text = magnitudeText(magnitude, format)
  return value !== 0 && isZeroText(text) ? sign + exponentText(magnitude, 1) : sign + text
}

function magnitudeText(magnitude: number, format: NumberFormat): string {
  if (format.kind === 'exponent' || magnitude >= 1e21) {
    return exponentText(magnitude, format.kind === 'exponent' ? format.digits : 3)
  }
  return groupThousands(magnitude.toFixed(format.kind === 'integer' ? 0 : format.decimals))
}

function exponentText(magnitude: number, digits: number): string {
  return magnitude.toExponential(digits).replace('e-', `e${MINUS}`).replace('e+', 'e')
}

function groupThousands(plain: string): string {
  const point = plain.indexOf('.')
  const whole = point === -1 ? plain : plain.slice(0, point)
  if (whole.length < 4) return plain
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, ',')
  return point === -1 ? grouped : grouped + plain.slice(point)
}

function trimZeros(text: string): string {
  const exponent = text.indexOf('e')
  const mantissa = exponent === -1 ? text : text.slice(0, exponent)
  const rest = exponent === -1 ? '' : text.slice(exponent)
  return mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') + rest : text
}

function isZeroText(text: string): boolean {
  return !/[1-9∞]/.test(text)
}

/** The exact value for hover and copy: the shortest text that reads back as the same number, with an ASCII minus. */
export function exactNumber(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value)
}

/** A number with its unit behind one space: `93 %`, `71 °C`, `2,384 images/s`. */
export function formatQuantity(value: number, unit: string, format?: NumberFormat): string {
  return `${formatNumber(value, format)} ${unit}`
}

/** A share as percent: 0.57 is `57 %`. */
export function formatPercent(share: number, decimals = 0): string {
  return formatQuantity(share * 100, '%', decimals === 0 ? { kind: 'integer' } : { kind: 'fixed', decimals })
}

/**
 * A difference with its sign, in the format of the column that it belongs to: `+0.0121`, `−0.0018`, `+0.77 %`.
 *
 * A difference under half a unit of the last digit is `±0.0000`, which is also what says "no change".
 */
export function formatDelta(delta: number, format?: NumberFormat, unit = ''): string {
  const tail = unit === '' ? '' : ` ${unit}`
  if (Number.isNaN(delta)) return `NaN${tail}`
  const used = format ?? chooseNumberFormat([delta])
  const text = Number.isFinite(delta) ? magnitudeText(Math.abs(delta), used) : '∞'
  if (isZeroText(text)) return `±${text}${tail}`
  return `${delta < 0 ? MINUS : '+'}${text}${tail}`
}

/** Whether a difference shows as `±0`: under half a unit of the column's last digit. */
export function isNegligible(delta: number, format: NumberFormat): boolean {
  return Number.isFinite(delta) && isZeroText(magnitudeText(Math.abs(delta), format))
}

/**
 * Mean and spread of a group as the two parts of one cell: `0.8497` and `± .0007`.
 *
 * @param sd sample standard deviation; null or NaN (a single run) gives no second part.
 * @returns the spread without leading zero, with the mean's decimals, or with one significant digit where those
 *   would show a zero that is none.
 */
export function formatMeanSd(
  mean: number,
  sd: number | null,
  format: NumberFormat = chooseNumberFormat([mean]),
): { readonly mean: string; readonly sd: string | null } {
  // A mean of integers is rarely one; its spread needs a decimal to say anything.
  const used: NumberFormat =
    format.kind === 'integer' && sd !== null && sd > 0 && Math.abs(mean) < 1000
      ? { kind: 'fixed', decimals: 1 }
      : format
  const meanText = formatNumber(mean, used)
  if (sd === null || Number.isNaN(sd)) return { mean: meanText, sd: null }
  return { mean: meanText, sd: `± ${spreadText(sd, used)}` }
}

function spreadText(sd: number, format: NumberFormat): string {
  if (!Number.isFinite(sd)) return '∞'
  const text = magnitudeText(sd, format)
  if (sd !== 0 && isZeroText(text)) {
    const decimals = -decimalExponent(sd)
    return decimals > 10 ? exponentText(sd, 0) : withoutLeadingZero(sd.toFixed(decimals))
  }
  return withoutLeadingZero(text)
}

function withoutLeadingZero(text: string): string {
  return text.startsWith('0.') ? text.slice(1) : text
}

const BYTE_PREFIXES = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const

/** A size in decimal units with at most three digits: `812 B`, `4.2 GB`, `412 MB`. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return `${formatNumber(bytes)} B`
  let scaled = Math.abs(bytes)
  let index = 0
  // Rounding comes first: 999.6 kB is 1 MB, never "1,000 kB".
  while (index < BYTE_PREFIXES.length - 1 && roundedSize(scaled, index) >= 1000) {
    scaled /= 1000
    index += 1
  }
  const rounded = roundedSize(scaled, index)
  return `${bytes < 0 && rounded !== 0 ? MINUS : ''}${groupThousands(String(rounded))} ${BYTE_PREFIXES[index] ?? 'B'}`
}

function roundedSize(scaled: number, index: number): number {
  return index === 0 || scaled >= 99.95 ? Math.round(scaled) : Math.round(scaled * 10) / 10
}

/** A rate of bytes: `412 MB/s`. */
export function formatBytesPerSecond(bytesPerSecond: number): string {
  return `${formatBytes(bytesPerSecond)}/s`
}
