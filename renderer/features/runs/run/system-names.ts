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
