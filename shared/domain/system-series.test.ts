import { expect, it } from 'vitest'
import { isOfMachine, systemSeries } from './system-series.ts'

const told = (key: string): string | undefined => {
  const known = systemSeries(key)
  return known === undefined ? undefined : `${known.label} [${known.unit}]`
}

it.each([
  ['system/cpu_percent', 'CPU, this run [percent]'],
  ['system/gpu12_memory_bytes', 'GPU 12 memory, this run [bytes]'],
  ['system/gpu0_celsius', 'GPU 0 temperature [degrees Celsius]'],
  ['system/cpu_utilization_percentage', 'CPU, machine [percent]'],
  ['system/system_memory_usage_megabytes', 'Memory, machine [megabytes]'],
  ['system/gpu_3_power_usage_watts', 'GPU 3 power [watts]'],
  ['system/node/1/disk_available_megabytes', 'Disk free, node/1 [megabytes]'],
  ['system/a/gpu_0_utilization_percentage', 'GPU 0 busy, a [percent]'],
  ['system/gpu0_power_usage_watts', undefined],
  ['system/gpu_0_celsius', undefined],
  ['system/a/gpu0_celsius', undefined],
  ['system/mine', undefined],
  ['cpu_utilization_percentage', undefined],
])('%s is %s', (key, words) => expect(told(key)).toBe(words))

it('knows the machine by who measured it, and by the names that clients give it', () => {
  const keys = [
    { key: 'cpu', origin: 'system' },
    { key: 'system/x', origin: 'logged' },
    { key: 'system/x' },
    { key: 'systems/x', origin: 'logged' },
    { key: 'loss', origin: 'log' },
  ]
  expect(keys.map(isOfMachine)).toEqual([true, true, true, false, false])
})
