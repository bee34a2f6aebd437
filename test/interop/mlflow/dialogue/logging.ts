import type { Peer } from '../support/peer.ts'
import { freshExperiment, freshRun } from './runs.ts'

/** Metrics, parameters and tags, one by one and in batches, with what is refused of them. */
export async function logging(peer: Peer): Promise<void> {
  const { ask } = peer
  const experiment = await freshExperiment(peer, 'logging')
  const run = await freshRun(peer, 'run of logging', { experiment_id: experiment })
  const metric = (name: string, given: object, kind = false): Promise<unknown> =>
    ask(
      name,
      'POST',
      'runs/log-metric',
      { run_id: run, key: 'm', value: 1, timestamp: 10, step: 0, ...given },
      { kind },
    )
  await metric('metric', {})
  await metric('metric again', {})
  await metric('metric of texts', { value: '0.5', timestamp: '11', step: '1' })
  await metric('metric NaN', { key: 'nan', value: 'NaN' })
  await metric('metric of unicode', { key: 'größe/中文 (x)' })
  await metric('metric of letters', { key: 'größe/中文 x' })
  for (const key of ['../m', '/m', 'm/', 'a//b', './m', 'm.', '..', '.', '', 'a\u0000b', 'k'.repeat(251)]) {
    await metric(`metric key ${JSON.stringify(key)}`, { key })
  }
  await metric('metric without value', { value: undefined })
  await metric('metric of a word', { value: 'high' })
  await metric('metric without time', { timestamp: undefined })
  await metric('metric before 1970', { timestamp: -1 })
  await metric('metric of a word as time', { timestamp: 'now' })
  await metric('metric of a word as step', { step: 'first' })
  await metric('metric of a negative step', { step: -5, key: 'negative' })
  await ask('metric of no run', 'POST', 'runs/log-metric', { key: 'm', value: 1, timestamp: 1 })
  await ask('metric of an unknown run', 'POST', 'runs/log-metric', {
    run_id: '0'.repeat(32),
    key: 'm',
    value: 1,
    timestamp: 1,
  })

  const param = (name: string, given: object): Promise<unknown> =>
    ask(name, 'POST', 'runs/log-parameter', { run_id: run, key: 'p', value: '1', ...given })
  await param('parameter', {})
  await param('parameter again', {})
  await param('parameter changed', { value: '2' })
  await param('parameter empty', { key: 'empty', value: '' })
  await param('parameter long', { key: 'long', value: `ü${'x'.repeat(6_500)}` })
  await param('parameter of a bad key', { key: 'a//b' })
  await param('parameter of a bad letter', { key: 'a*b' })
  await param('parameter of a long key', { key: 'k'.repeat(251) })
  await param('parameter of a number', { key: 'n', value: 5 })
  await param('parameter without key', { key: undefined })
  await param('parameter of an unknown run', { run_id: '0'.repeat(32) })

  const tag = (name: string, given: object): Promise<unknown> =>
    ask(name, 'POST', 'runs/set-tag', { run_id: run, key: 't', value: '1', ...given })
  await tag('tag', {})
  await tag('tag changed', { value: '2' })
  await tag('tag long', { key: 'long', value: 'x'.repeat(8_500) })
  await tag('tag of a bad key', { key: 'a//b' })
  await tag('tag of a long key', { key: 'k'.repeat(251) })
  await tag('tag without key', { key: undefined })
  await ask('untag', 'POST', 'runs/delete-tag', { run_id: run, key: 't' })
  await ask('untag again', 'POST', 'runs/delete-tag', { run_id: run, key: 't' })
  await ask('untag without key', 'POST', 'runs/delete-tag', { run_id: run })
  await ask('get logged', 'GET', `runs/get?run_id=${run}`)
}

/** log-batch: limits, order, and what lands of a request that is refused. */
export async function batches(peer: Peer): Promise<void> {
  const { ask } = peer
  const experiment = await freshExperiment(peer, 'batches')
  const run = await freshRun(peer, 'run of batches', { experiment_id: experiment })
  const batch = (name: string, given: object, kind = false): Promise<unknown> =>
    ask(name, 'POST', 'runs/log-batch', { run_id: run, ...given }, { kind })
  const metrics = (length: number, key = 'm'): readonly object[] =>
    Array.from({ length }, (_, index) => ({ key, value: index / 8, timestamp: 1_000 + index, step: index }))
  const pairs = (length: number, key: string): readonly object[] =>
    Array.from({ length }, (_, index) => ({ key: `${key}${index}`, value: String(index) }))
  await batch('batch', { metrics: metrics(10), params: pairs(5, 'p'), tags: pairs(5, 't') })
  await batch('batch again', { metrics: metrics(10), params: pairs(5, 'p'), tags: pairs(5, 't') })
  await batch('batch of nothing', {})
  await batch('batch of empty lists', { metrics: [], params: [], tags: [] })
  await batch('batch of 1000 metrics', { metrics: metrics(1_000, 'many') })
  await batch('batch of 1001 metrics', { metrics: metrics(1_001) })
  await batch('batch of 101 params', { params: pairs(101, 'q') })
  await batch('batch of 101 tags', { tags: pairs(101, 'q') })
  await batch('batch of 1001 in all', { metrics: metrics(950), params: pairs(51, 'q') })
  await batch('batch of a param twice', {
    params: [
      { key: 'twice', value: '1' },
      { key: 'twice', value: '1' },
    ],
  })
  await batch('batch of a tag twice', {
    tags: [
      { key: 'twice', value: '1' },
      { key: 'twice', value: '2' },
    ],
  })
  await batch('batch of a changed param', {
    params: [
      { key: 'p0', value: 'x' },
      { key: 'new', value: '1' },
    ],
  })
  await batch('batch of one param, changed', { params: [{ key: 'p0', value: 'x' }] })
  await batch('batch of a param with quotes', { params: [{ key: 'quotes', value: `it's` }] })
  for (const value of ['"both" and it\'s', 'two\nlines', 'größe 中文', ''])
    await batch(`batch of that param changed to ${JSON.stringify(value)}`, { params: [{ key: 'quotes', value }] })
  await batch('batch of two changed params', {
    params: [
      { key: 'p0', value: 'x' },
      { key: 'p1', value: 'y' },
    ],
  })
  await batch('batch of NaN and infinities', {
    metrics: [
      { key: 'odd', value: 'NaN', timestamp: 1, step: 0 },
      { key: 'late nan', value: 1, timestamp: 1, step: 0 },
      { key: 'late nan', value: 'NaN', timestamp: 1, step: 1 },
    ],
  })
  await batch('batch of one time', {
    metrics: [
      { key: 'same', value: 3, timestamp: 1, step: 1 },
      { key: 'same', value: 5, timestamp: 1, step: 1 },
      { key: 'same', value: 4, timestamp: 1, step: 1 },
      { key: 'step wins', value: 9, timestamp: 9, step: 1 },
      { key: 'step wins', value: 1, timestamp: 1, step: 2 },
    ],
  })
  await batch('batch without key', { metrics: [{ value: 1, timestamp: 1 }] })
  await batch('batch without value', { metrics: [...metrics(1), { key: 'm', timestamp: 1 }] })
  await batch('batch without time', { metrics: [{ key: 'm', value: 1 }] })
  await batch('batch of a bad metric key', { metrics: [...metrics(2), { key: 'a//b', value: 1, timestamp: 1 }] })
  await batch('batch of a long metric key', { metrics: [{ key: 'k'.repeat(251), value: 1, timestamp: 1 }] })
  await batch('batch of a bad param key', { params: [{ key: 'a//b', value: '1' }] })
  await batch('batch of a bad tag key', { tags: [{ key: 'a//b', value: '1' }] })
  await batch('batch of a param without key', { params: [{ value: '1' }] })
  await batch('batch of a tag without key', { tags: [{ value: '1' }] })
  await batch('batch of a long param', { params: [{ key: 'long', value: 'x'.repeat(6_001) }] })
  await batch('batch of no list', { metrics: { key: 'm' } }, true)
  await ask('batch of no run', 'POST', 'runs/log-batch', { metrics: metrics(1) })
  await ask('batch of an unknown run', 'POST', 'runs/log-batch', { run_id: '0'.repeat(32), metrics: metrics(1) })
  await ask('batch of a bad run', 'POST', 'runs/log-batch', { run_id: '../x', metrics: metrics(1) })
  // The order of MLflow: parameters, metrics, tags, each kept by itself. A refused key is found before any of them is written.
  await batch('batch half refused', { params: [{ key: 'half', value: '1' }], tags: [{ key: 'a//b', value: '1' }] })
  await ask('get batched', 'GET', `runs/get?run_id=${run}`)
  await ask('history', 'GET', `metrics/get-history?run_id=${run}&metric_key=m&max_results=100`)
  await ask('history of one time', 'GET', `metrics/get-history?run_id=${run}&metric_key=same&max_results=100`)
  await ask(
    'history of NaN',
    'GET',
    `metrics/get-history?run_id=${run}&metric_key=${encodeURIComponent('late nan')}&max_results=9`,
  )
}

/** Histories: by page, of several runs, sampled. */
export async function histories(peer: Peer): Promise<void> {
  const { ask } = peer
  const experiment = await freshExperiment(peer, 'histories')
  const run = await freshRun(peer, 'a run of histories', { experiment_id: experiment })
  const other = await freshRun(peer, 'b run of histories', { experiment_id: experiment })
  const points = Array.from({ length: 30 }, (_, index) => ({
    key: 'm',
    value: index,
    timestamp: 1_000 - index,
    step: index * 2,
  }))
  await ask('log', 'POST', 'runs/log-batch', { run_id: run, metrics: points })
  await ask('log to the other', 'POST', 'runs/log-batch', { run_id: other, metrics: points.slice(0, 3) })
  const history = (name: string, query: string, kind = false): Promise<{ body: Readonly<Record<string, unknown>> }> =>
    ask(name, 'GET', `metrics/get-history?run_id=${run}&metric_key=m${query}`, undefined, { kind })
  await history('all', '')
  const first = await history('page 1', '&max_results=20')
  await history('page 2', `&max_results=20&page_token=${encodeURIComponent(String(first.body['next_page_token']))}`)
  await history('exactly all', '&max_results=30')
  await history('size 0', '&max_results=0')
  await history('size -1', '&max_results=-1')
  await history('broken token', '&page_token=xx', true)
  await ask('unknown key', 'GET', `metrics/get-history?run_id=${run}&metric_key=x`)
  await ask('no key', 'GET', `metrics/get-history?run_id=${run}`)
  const bulk = '/ajax-api/2.0/mlflow/metrics/get-history-bulk'
  await ask('bulk of one', 'GET', `${bulk}?run_id=${run}&metric_key=m`)
  await ask('bulk, few', 'GET', `${bulk}?run_id=${run}&metric_key=m&max_results=4`)
  await ask('bulk of no run', 'GET', `${bulk}?metric_key=m`)
  await ask('bulk of no key', 'GET', `${bulk}?run_id=${run}`)
  await ask(
    'bulk of 101 runs',
    'GET',
    `${bulk}?metric_key=m&${Array.from({ length: 101 }, () => `run_id=${run}`).join('&')}`,
  )
  const interval = 'metrics/get-history-bulk-interval'
  await ask('interval, all', 'GET', `${interval}?run_ids=${run}&run_ids=${other}&metric_key=m`)
  await ask('interval of steps', 'GET', `${interval}?run_ids=${run}&metric_key=m&start_step=10&end_step=20`)
  await ask('interval of one end', 'GET', `${interval}?run_ids=${run}&metric_key=m&start_step=10`)
  await ask('interval backwards', 'GET', `${interval}?run_ids=${run}&metric_key=m&start_step=10&end_step=2`)
  await ask('interval of size 0', 'GET', `${interval}?run_ids=${run}&metric_key=m&max_results=0`)
  await ask('interval of size 2501', 'GET', `${interval}?run_ids=${run}&metric_key=m&max_results=2501`)
  await ask('interval with an unknown run', 'GET', `${interval}?run_ids=${'0'.repeat(32)}&run_ids=${run}&metric_key=m`)
  await ask('interval of no run', 'GET', `${interval}?metric_key=m`)
  await ask('interval of no key', 'GET', `${interval}?run_ids=${run}`)
}
