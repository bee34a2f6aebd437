import type { Peer } from '../support/peer.ts'
import { freshExperiment, freshRun } from './runs.ts'

const RUNS = ['a', 'b', 'c', 'd', 'e', 'f'] as const

/** Six runs with parameters, metrics, tags and datasets in many combinations. */
async function sixRuns(peer: Peer): Promise<string> {
  const { ask, label } = peer
  const experiment = await freshExperiment(peer, 'search runs')
  for (const [index, name] of RUNS.entries()) {
    // The client sends no tag of a user that it was not told.
    const user = index === 4 ? 'unknown' : index < 3 ? 'ada' : 'bob'
    const run = await freshRun(peer, `run ${name}`, {
      experiment_id: experiment,
      user_id: user,
      start_time: 1_000 * (index + 1),
      tags: [
        ...(index === 4 ? [] : [{ key: 'mlflow.user', value: user }]),
        ...(index === 5 ? [] : [{ key: 'team', value: index % 2 === 0 ? 'Red' : 'blue' }]),
      ],
    })
    label(run, `run ${name}`)
    await ask(`log ${name}`, 'POST', 'runs/log-batch', {
      run_id: run,
      params:
        index === 4
          ? []
          : [
              { key: 'lr', value: ['0.1', '0.01', '1e-3', '0.1', '', '5'][index] },
              { key: 'a b', value: `v${index}` },
            ],
      metrics: [
        ...(index === 3 ? [] : [{ key: 'loss', value: index === 2 ? 'NaN' : 5 - index, timestamp: 1, step: 1 }]),
        { key: 'val/acc', value: index / 10, timestamp: 1, step: 0 },
        { key: 'val/acc', value: 1 - index / 10, timestamp: 2, step: 5 },
      ],
      tags: [{ key: 'mlflow.note.content', value: `note 100% of ${name}` }],
    })
    if (index < 2)
      await ask(`inputs ${name}`, 'POST', 'runs/log-inputs', {
        run_id: run,
        datasets: [
          {
            dataset: { name: `data-${name}`, digest: `d${index}`, source_type: 'local', source: '{}' },
            tags: [{ key: 'mlflow.data.context', value: index === 0 ? 'train' : 'eval' }],
          },
          {
            dataset: { name: 'shared', digest: 'd9', source_type: 'local', source: '{}' },
            tags: [],
          },
        ],
      })
    if (index === 3) await ask('end d', 'POST', 'runs/update', { run_id: run, status: 'FINISHED', end_time: 9_000 })
    if (index === 5) await ask('delete f', 'POST', 'runs/delete', { run_id: run })
  }
  return experiment
}

const FILTERS = [
  '',
  "params.lr = '0.1'",
  "param.lr != '0.1'",
  "parameters.lr LIKE '0.%'",
  "parameter.lr ILIKE '1E-%'",
  "params.`a b` = 'v1'",
  'params."a b" = \'v2\'',
  'params.lr IS NULL',
  "params.lr IS NOT NULL AND params.`a b` LIKE 'v%'",
  "params.missing != 'x'",
  'metrics.loss < 4',
  'metric.loss <= 4.0 AND metrics.loss >= 1',
  'metrics.loss > 1e0',
  'metrics.loss = 5',
  'metrics.loss != 5',
  'metrics.`val/acc` > 0.75',
  'metrics."val/acc" = 1',
  'metrics.missing != 1',
  "tags.team = 'Red'",
  "tags.team != 'Red'",
  "tag.team LIKE 'R%'",
  "tag.team LIKE 'r%'",
  "tag.team ILIKE 'r_d'",
  'tags.team IS NULL',
  "tags.`mlflow.note.content` LIKE '%100\\% of%'",
  "tags.mlflow.note.content LIKE '%of a'",
  "tags.mlflow.runName = 'run a'",
  "tags.mlflow.user = 'ada'",
  "tags.mlflow.user = 'unknown'",
  "tags.mlflow.user != 'ada'",
  'tags.mlflow.user IS NULL',
  'tags.mlflow.user IS NOT NULL',
  "user_id = 'unknown'",
  "attributes.status = 'FINISHED'",
  "status = 'RUNNING' and user_id = 'ada'",
  "status != 'RUNNING'",
  "attribute.run_name ILIKE 'RUN _'",
  "run_name = 'run b'",
  "attributes.`run name` = 'run b'",
  "attributes.`Run Name` LIKE 'run%' AND attributes.Created > 2500",
  "run.run_name LIKE '%c'",
  'start_time > 2000 AND start_time <= 4000',
  'attributes.start_time = 1000',
  'end_time > 0',
  'attribute.created < 2000',
  "attr.user_id = 'bob'",
  "artifact_uri LIKE 'mlflow-artifacts:/%/artifacts'",
  "dataset.name = 'data-a'",
  "datasets.name LIKE 'data%'",
  "dataset.digest = 'd9'",
  "dataset.context = 'eval'",
  "datasets.context IN ('train', 'eval')",
  "dataset.name IN ('data-b', 'nothing')",
  "dataset.name = 'shared' AND dataset.context = 'train'",
  "run_id IN ('nothing')",
  "run_id != 'nothing'",
  "  params.lr  =  '0.1'  AND\n metrics.loss>3  ",
] as const

const REFUSED = [
  'metrics.loss',
  'metrics.loss <',
  "metrics.loss = 'x'",
  "metrics.loss LIKE '5'",
  'loss < 4',
  "status = 'RUNNING' status = 'FAILED'; DROP TABLE runs",
  "params.lr = '0.1",
  'start_time > now',
  "start_time = 'abc'",
  "dataset.source = 'x'",
  "model.x = 'y'",
  "params.lr ~ '5'",
  "= 'x'",
] as const

const ORDERS = [
  ['start_time ASC'],
  ['attributes.start_time DESC'],
  ['metrics.loss'],
  ['metrics.loss DESC'],
  ['metric.`val/acc` asc', 'start_time'],
  ['params.lr', 'start_time ASC'],
  ['param.lr DESC', 'attribute.start_time ASC'],
  ['tags.team ASC', 'start_time DESC'],
  ['tag.team desc', 'start_time'],
  ['status', 'start_time'],
  ['end_time', 'start_time'],
  ['end_time DESC', 'start_time'],
  ['run_name DESC'],
  ['attributes.user_id', 'metrics.`val/acc` DESC'],
  ['metrics.missing', 'start_time'],
] as const

/** runs/search: grammar, orders, stages and pages. */
export async function searchRuns(peer: Peer): Promise<void> {
  const experiment = await sixRuns(peer)
  const search = (name: string, given: object, kind = false) =>
    peer.ask(name, 'POST', 'runs/search', { experiment_ids: [experiment], ...given }, { kind })
  for (const filter of FILTERS) await search(`filter ${filter}`, { filter })
  for (const filter of REFUSED) await search(`refused ${filter}`, { filter }, true)
  for (const order_by of ORDERS) await search(`order ${order_by.join()}`, { order_by })
  await search('order by a duplicate', { order_by: ['start_time', 'start_time DESC'] }, true)
  await search('order by unknown', { order_by: ['unknown'] }, true)
  await search('order by three words', { order_by: ['metrics.loss DESC now'] }, true)
  await search('deleted', { run_view_type: 'DELETED_ONLY' })
  await search('all', { run_view_type: 'ALL', order_by: ['start_time'] })
  await search('all by number', { run_view_type: 3, order_by: ['start_time'] })
  await search('two experiments', { experiment_ids: ['0', experiment], filter: "run_name = 'run a'" })
  await search('no experiment', { experiment_ids: [] })
  await search('unknown experiment', { experiment_ids: ['987654'] })
  await search('a word as experiment', { experiment_ids: ['word'] })
  await search('size 0', { max_results: 0 })
  await search('size 50001', { max_results: 50_001 })
  await search('size -1', { max_results: -1 })
  let token: unknown
  for (const number of [1, 2, 3]) {
    const { body } = await search(`page ${number}`, { max_results: 2, page_token: token })
    token = body['next_page_token']
  }
  await search('a page of exactly all', { max_results: 5 })
  await search('a broken token', { page_token: '!' }, true)
}
