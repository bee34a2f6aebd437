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
    case 'megabytes':
      return formatBytes(value * 1e6)
    case 'bytes per second':
      return formatBytesPerSecond(value)
    case 'watts':
      return `${formatNumber(Math.round(value))} W`
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
    case 'megabytes':
      return largest >= 1e3 ? { factor: 1e-3, unit: 'GB' } : { factor: 1, unit: 'MB' }
    case 'watts':
      return { factor: 1, unit: 'W' }
    case 'degrees Celsius':
      return { factor: 1, unit: '°C' }
    default:
      return { factor: 1, unit: '' }
  }
}

/** What limits a training first stands first. */
const ORDER: readonly RegExp[] = [
  /gpu\d+_percent|gpu_\d+_utilization/,
  /gpu\d+_memory_bytes|gpu_\d+_memory_usage/,
  /gpu\d+_celsius|gpu_\d+_power/,
  /cpu_/,
  /memory_bytes|system_memory/,
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
