/** What a series of the machine shows, for its chart's title and axis. A megabyte is a million bytes. */
export interface SystemSeries {
  readonly label: string
  readonly unit: 'percent' | 'bytes' | 'megabytes' | 'bytes per second' | 'degrees Celsius' | 'watts' | 'count'
}

/**
 * Whether a series tells of the machine, not of the work: what we sampled around a run, and what clients log beside it
 * (`mlflow.enable_system_metrics_logging()` and others, all under `system/`).
 */
export function isOfMachine({ origin, key }: { readonly origin?: string; readonly key: string }): boolean {
  return origin === 'system' || key.startsWith('system/')
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

/** As the MLflow client measures the whole machine; `disk_...` is the disk of `/`. */
const BY_CLIENT: ReadonlyMap<string, SystemSeries> = new Map([
  ['cpu_utilization_percentage', { label: 'CPU, machine', unit: 'percent' }],
  ['system_memory_usage_megabytes', { label: 'Memory, machine', unit: 'megabytes' }],
  ['system_memory_usage_percentage', { label: 'Memory share, machine', unit: 'percent' }],
  ['disk_usage_megabytes', { label: 'Disk used', unit: 'megabytes' }],
  ['disk_usage_percentage', { label: 'Disk share used', unit: 'percent' }],
  ['disk_available_megabytes', { label: 'Disk free', unit: 'megabytes' }],
  ['network_receive_megabytes', { label: 'Network received', unit: 'megabytes' }],
  ['network_transmit_megabytes', { label: 'Network sent', unit: 'megabytes' }],
])

const CARD_BY_CLIENT: ReadonlyMap<string, SystemSeries> = new Map([
  ['utilization_percentage', { label: 'busy', unit: 'percent' }],
  ['memory_usage_megabytes', { label: 'memory', unit: 'megabytes' }],
  ['memory_usage_percentage', { label: 'memory share', unit: 'percent' }],
  ['power_usage_watts', { label: 'power', unit: 'watts' }],
  ['power_usage_percentage', { label: 'power share', unit: 'percent' }],
])

/**
 * The words for a key of the machine, such as `system/cpu_percent` (100 is one core), `system/gpu0_memory_bytes`, or of the MLflow client
 * `system/gpu_0_power_usage_watts` and `system/<node>/cpu_utilization_percentage`; undefined for a key that neither writes.
 */
export function systemSeries(key: string): SystemSeries | undefined {
  const fixed = FIXED.get(key)
  if (fixed !== undefined) return fixed
  const [, node, name = ''] = /^system\/(?:(.+)\/)?([^/]+)$/.exec(key) ?? []
  const [, client, card, what = ''] = /^gpu(_?)(\d+)_(\w+)$/.exec(name) ?? []
  if (client === '' && node !== undefined) return undefined
  const known = card === undefined ? BY_CLIENT.get(name) : (client === '' ? CARD : CARD_BY_CLIENT).get(what)
  if (known === undefined) return undefined
  const label = card === undefined ? known.label : `GPU ${card} ${known.label}`
  return { ...known, label: node === undefined ? label : `${label}, ${node}` }
}
