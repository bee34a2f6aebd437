/** What a series of origin `system` shows, for its chart's title and axis. */
export interface SystemSeries {
  readonly label: string
  readonly unit: 'percent' | 'bytes' | 'bytes per second' | 'degrees Celsius' | 'count'
}

const FIXED: ReadonlyMap<string, SystemSeries> = new Map([
  ['system/cpu_percent', { label: 'CPU, this run', unit: 'percent' }],
  ['system/memory_bytes', { label: 'Memory, this run', unit: 'bytes' }],
  ['system/disk_read_bytes_per_second', { label: 'Disk read', unit: 'bytes per second' }],
  ['system/disk_write_bytes_per_second', { label: 'Disk write', unit: 'bytes per second' }],
  ['system/processes', { label: 'Processes', unit: 'count' }],
])

const CARD: ReadonlyMap<string, SystemSeries> = new Map([
  ['percent', { label: 'busy', unit: 'percent' }],
  ['memory_bytes', { label: 'memory, this run', unit: 'bytes' }],
  ['memory_others_bytes', { label: 'memory, others', unit: 'bytes' }],
  ['memory_total_bytes', { label: 'memory, all', unit: 'bytes' }],
  ['celsius', { label: 'temperature', unit: 'degrees Celsius' }],
])

/**
 * The words for a system series' key, such as `system/cpu_percent` (100 is one core) or `system/gpu0_memory_bytes`; undefined for a key that the
 * sampler does not write.
 */
export function systemSeries(key: string): SystemSeries | undefined {
  const fixed = FIXED.get(key)
  if (fixed !== undefined) return fixed
  const [, card, what] = /^system\/gpu(\d+)_(\w+)$/.exec(key) ?? []
  const known = what === undefined ? undefined : CARD.get(what)
  return known === undefined || card === undefined ? undefined : { ...known, label: `GPU ${card} ${known.label}` }
}
