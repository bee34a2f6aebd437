import { systemSeries } from '#shared/domain/system-series.ts'
import { formatBytes, formatBytesPerSecond, formatNumber } from '#shared/lib/format.ts'

/** The words of a system series: what it shows. */
export function systemSeriesLabel(key: string): string {
  return systemSeries(key)?.label ?? key.replace(/^system\//, '')
}

/** Its value with its unit. */
export function formatSystemValue(key: string, value: number): string {
  switch (systemSeries(key)?.unit) {
    case 'percent':
      return `${formatNumber(Math.round(value))} %`
    case 'bytes':
      return formatBytes(value)
    case 'bytes per second':
      return formatBytesPerSecond(value)
    case 'degrees Celsius':
      return `${formatNumber(Math.round(value))} °C`
    default:
      return formatNumber(value)
  }
}

/** A series as a chart shows it: values times `factor` are in `unit`. `largest` decides between MB and GB. */
export function systemScale(key: string, largest: number): { readonly factor: number; readonly unit: string } {
  const large = largest >= 1e9
  switch (systemSeries(key)?.unit) {
    case 'percent':
      return { factor: 1, unit: '%' }
    case 'bytes':
      return large ? { factor: 1e-9, unit: 'GB' } : { factor: 1e-6, unit: 'MB' }
    case 'bytes per second':
      return large ? { factor: 1e-9, unit: 'GB/s' } : { factor: 1e-6, unit: 'MB/s' }
    case 'degrees Celsius':
      return { factor: 1, unit: '°C' }
    default:
      return { factor: 1, unit: '' }
  }
}

/** What limits a training first stands first. */
const ORDER: readonly RegExp[] = [
  /gpu\d+_percent/,
  /gpu\d+_memory_bytes/,
  /gpu\d+_celsius/,
  /cpu_/,
  /memory_bytes/,
  /disk_read/,
  /disk_write/,
]

export function bySystemOrder(a: { readonly key: string }, b: { readonly key: string }): number {
  const rank = (key: string): number => {
    const found = ORDER.findIndex((one) => one.test(key))
    return found < 0 ? ORDER.length : found
  }
  return rank(a.key) - rank(b.key) || (a.key < b.key ? -1 : 1)
}
