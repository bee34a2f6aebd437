import type { Peer } from '../support/peer.ts'
import { freshExperiment, freshRun } from './runs.ts'

/** As JSON writes them: JavaScript's own numbers would be rounded before they are sent. */
const WHOLE = [
  ...['9007199254740991', '9007199254740992', '9007199254740993', '1800000000000000001', '1800000000000000002'],
  ...['9223372036854775807', '-9223372036854775808', '-9007199254740993'],
  ...['"9007199254740993"', '"9223372036854775807"', '"-9223372036854775808"', '"+3"', '"3.0"', '"3e2"', '"00012"'],
  ...['3.0', '1e3', '1e18', '1.8e18', '9007199254740993.0', '-0', 'null'],
]
/** Neither whole nor of 64 bits: the real server keeps many of them as 0. */
const OTHER = [
  ...[
    '9223372036854775808',
    '-9223372036854775809',
    '"9223372036854775808"',
    '9.3e18',
    '1e19',
    '99999999999999999999999',
  ],
  ...['3.5', '"3.5"', '" 3 "', 'true', '""', '"x"', '"0x10"', '"NaN"', '[1]', '{}'],
]

/** Steps and times of 64 bits, where a double no longer holds every whole number. */
export async function wholeNumbers(peer: Peer): Promise<void> {
  const { ask } = peer
  const experiment = await freshExperiment(peer, 'whole numbers')
  const run = await freshRun(peer, 'run of whole numbers', { experiment_id: experiment })
  const other = await freshRun(peer, 'other run of whole numbers', { experiment_id: experiment })
  const wrong = await freshRun(peer, 'run of wrong numbers', { experiment_id: await freshExperiment(peer, 'wrong') })
  const point = (key: string, step: string, time: string, value = '1'): string =>
    `"key":"${key}","value":${value},"timestamp":${time},"step":${step}`
  const history = (name: string, of: string, key: string, more = ''): Promise<unknown> =>
    ask(name, 'GET', `metrics/get-history?run_id=${of}&metric_key=${key}${more}`)
  const log = async (name: string, key: string, step: string, time: string): Promise<void> => {
    await ask(name, 'POST', 'runs/log-metric', `{"run_id":"${run}",${point(key, step, time)}}`)
    const batch = `{"run_id":"${other}","metrics":[{${point(key, step, time)}}]}`
    await ask(`${name} in a batch`, 'POST', 'runs/log-batch', batch)
    await history(`history of ${name}`, run, key)
    await history(`history of ${name} in a batch`, other, key)
  }
  const refuse = async (name: string, step: string, time: string): Promise<void> => {
    const options = { codeAlone: true } as const
    await ask(name, 'POST', 'runs/log-metric', `{"run_id":"${wrong}",${point('m', step, time)}}`, options)
    const batch = `{"run_id":"${wrong}","metrics":[{${point('m', step, time)}}]}`
    await ask(`${name} in a batch`, 'POST', 'runs/log-batch', batch, options)
  }
  for (const [index, given] of WHOLE.entries()) {
    await log(`step ${given}`, `step${index}`, given, '5')
    await log(`time ${given}`, `time${index}`, '5', given)
  }
  for (const given of OTHER) {
    await refuse(`wrong step ${given}`, given, '5')
    await refuse(`wrong time ${given}`, '5', given)
  }
  await ask('get the run', 'GET', `runs/get?run_id=${run}`)

  // Nanoseconds one after the other, in no order, some twice: many of them are one double.
  const many = Array.from({ length: 60 }, (_, index) => (index * 37) % 55)
  const metrics = many.map((by, index) => {
    const at = `18000000000000000${String(by).padStart(2, '0')}`
    return `{${point('many', at, by % 3 === 0 ? at : '7', String(index % 2))}}`
  })
  await ask('many', 'POST', 'runs/log-batch', `{"run_id":"${run}","metrics":[${metrics.join()}]}`)
  await history('history of many', run, 'many')
  await history('page of many', run, 'many', '&max_results=20')
  const bulk = `run_id=${run}&metric_key=many`
  await ask('bulk of many', 'GET', `/ajax-api/2.0/mlflow/metrics/get-history-bulk?${bulk}`)
  const ends = '&start_step=1800000000000000010&end_step=1800000000000000020'
  const interval = `metrics/get-history-bulk-interval?run_ids=${run}&metric_key=many`
  await ask('interval of many', 'GET', `${interval}${ends}`, undefined, { unordered: 'metrics' })
  await ask('interval backwards', 'GET', `${interval}&start_step=1800000000000000001&end_step=1800000000000000000`)
  await ask('search', 'POST', 'runs/search', { experiment_ids: [experiment], filter: 'metrics.many >= 0' })
}
