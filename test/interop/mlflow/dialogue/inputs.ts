import type { Peer } from '../support/peer.ts'
import { freshExperiment, freshRun } from './runs.ts'

/** Datasets and models that runs read and made. */
export async function inputs(peer: Peer): Promise<void> {
  const { ask, label } = peer
  const experiment = await freshExperiment(peer, 'inputs')
  const run = await freshRun(peer, 'run of inputs', { experiment_id: experiment })
  const other = await freshRun(peer, 'other run of inputs', { experiment_id: experiment })
  const dataset = {
    name: 'iris',
    digest: 'abc',
    source_type: 'local',
    source: '{"uri": "x.csv"}',
    schema: '{}',
    profile: '{}',
  }
  const log = (name: string, given: object, kind = false) =>
    ask(name, 'POST', 'runs/log-inputs', { run_id: run, ...given }, { kind })
  await log('dataset', {
    datasets: [
      {
        dataset,
        tags: [
          { key: 'mlflow.data.context', value: 'train' },
          { key: 'größe', value: '5' },
        ],
      },
    ],
  })
  await log('dataset again', { datasets: [{ dataset, tags: [{ key: 'mlflow.data.context', value: 'train' }] }] })
  await log(
    'dataset bare',
    { datasets: [{ dataset: { name: 'bare', digest: 'd', source_type: 's', source: '' } }] },
    true,
  )
  await log('dataset without schema', {
    datasets: [{ dataset: { name: 'plain', digest: 'd', source_type: 's', source: 'x' } }],
  })
  await log('two datasets of a name', {
    datasets: [
      { dataset: { ...dataset, name: 'two', digest: '1' } },
      { dataset: { ...dataset, name: 'two', digest: '2' } },
      { dataset: { ...dataset, name: 'two', digest: '1' } },
    ],
  })
  await log('nothing', {})
  await log('a long name', { datasets: [{ dataset: { ...dataset, name: 'x'.repeat(501) } }] })
  await log('a long digest', { datasets: [{ dataset: { ...dataset, digest: 'x'.repeat(37) } }] })
  await log('a long source', { datasets: [{ dataset: { ...dataset, source: 'x'.repeat(65_536) } }] })
  await log('a long tag', { datasets: [{ dataset, tags: [{ key: 'k', value: 'x'.repeat(501) }] }] })
  await log('no run', { run_id: undefined })
  await log('an unknown run', { run_id: '0'.repeat(32) })
  await log('a bad run', { run_id: '../x' })
  await ask('dataset of another run', 'POST', 'runs/log-inputs', {
    run_id: other,
    datasets: [{ dataset, tags: [{ key: 'mlflow.data.context', value: 'eval' }] }],
  })
  const made = await ask('model', 'POST', 'logged-models', {
    experiment_id: experiment,
    name: 'lm',
    source_run_id: run,
  })
  const model = label(String((made.body['model'] as { info: { model_id: string } }).info.model_id), 'model')
  await ask('output', 'POST', 'runs/outputs', { run_id: run, models: [{ model_id: model, step: 3 }] })
  await ask('no output', 'POST', 'runs/outputs', { run_id: run })
  await ask('outputs without one', 'POST', 'runs/outputs', { run_id: run, models: [] })
  await ask('output of an unknown run', 'POST', 'runs/outputs', {
    run_id: '0'.repeat(32),
    models: [{ model_id: model, step: 3 }],
  })
  await log('model as input', { run_id: other, models: [{ model_id: model }] })
  await ask('run with outputs', 'GET', `runs/get?run_id=${run}`)
  await ask('run with inputs', 'GET', `runs/get?run_id=${other}`)
  await ask(
    'summaries',
    'POST',
    '/ajax-api/2.0/mlflow/experiments/search-datasets',
    { experiment_ids: [experiment] },
    { unordered: 'dataset_summaries' },
  )
  await ask('summaries of nothing', 'POST', '/ajax-api/2.0/mlflow/experiments/search-datasets', {})
  await ask('summaries of 21', 'POST', '/ajax-api/2.0/mlflow/experiments/search-datasets', {
    experiment_ids: Array.from({ length: 21 }, (_, i) => String(i)),
  })
  await ask('summaries of unknown', 'POST', '/ajax-api/2.0/mlflow/experiments/search-datasets', {
    experiment_ids: ['987654'],
  })

  const history = (given: object): string =>
    JSON.stringify({
      artifact_path: 'm',
      flavors: { f: {} },
      utc_time_created: '2026-01-01 00:00:00.000000',
      run_id: run,
      ...given,
    })
  await ask('legacy model', 'POST', 'runs/log-model', { run_id: run, model_json: history({}) })
  await ask('legacy model without flavours', 'POST', 'runs/log-model', {
    run_id: run,
    model_json: history({ flavors: undefined }),
  })
  await ask('legacy model of no JSON', 'POST', 'runs/log-model', { run_id: run, model_json: '{x' })
  await ask('legacy model of nothing', 'POST', 'runs/log-model', { run_id: run })
}

/** Logged models: made, measured, finished, tagged, deleted, searched. */
export async function loggedModels(peer: Peer): Promise<void> {
  const { ask, label } = peer
  const experiment = await freshExperiment(peer, 'logged models')
  const run = await freshRun(peer, 'run of models', { experiment_id: experiment })
  const create = async (name: string, given: object): Promise<string> => {
    const made = await ask(`create ${name}`, 'POST', 'logged-models', { experiment_id: experiment, name, ...given })
    return label(String((made.body['model'] as { info: { model_id: string } }).info.model_id), name)
  }
  const a = await create('model-a', {
    model_type: 'sklearn',
    source_run_id: run,
    params: [{ key: 'lr', value: '0.1' }],
    tags: [{ key: 'größe', value: 'ü' }],
  })
  const b = await create('model-b', { source_run_id: run })
  const c = await create('model-c', {})
  for (const name of ['a/b', 'a:b', 'a.b', 'a%b', 'a"b', "a'b"])
    await ask(`create ${name}`, 'POST', 'logged-models', { experiment_id: experiment, name })
  await ask('create in unknown', 'POST', 'logged-models', { experiment_id: '987654', name: 'x' })
  await ask('create in nothing', 'POST', 'logged-models', { name: 'x' })
  await ask('create in a word', 'POST', 'logged-models', { name: 'x', experiment_id: 'word' })
  await ask('get', 'GET', `logged-models/${a}`)
  await ask('get unknown', 'GET', 'logged-models/m-nothing')
  await ask('params', 'POST', `logged-models/${a}/params`, { model_id: a, params: [{ key: 'depth', value: '3' }] })
  await ask('params of unknown', 'POST', 'logged-models/m-nothing/params', {
    model_id: 'm-nothing',
    params: [{ key: 'depth', value: '3' }],
  })
  await ask('tags', 'PATCH', `logged-models/${a}/tags`, {
    tags: [
      { key: 'k', value: '1' },
      { key: 'größe', value: 'x' },
    ],
  })
  await ask('tags of unknown', 'PATCH', 'logged-models/m-nothing/tags', { tags: [{ key: 'k', value: '1' }] })
  await ask('untag', 'DELETE', `logged-models/${a}/tags/k`)
  await ask('untag again', 'DELETE', `logged-models/${a}/tags/k`)
  await ask('finish', 'PATCH', `logged-models/${a}`, { model_id: a, status: 'LOGGED_MODEL_READY' })
  await ask('finish by number', 'PATCH', `logged-models/${b}`, { model_id: b, status: 3 })
  await ask('finish with nothing', 'PATCH', `logged-models/${b}`, { model_id: b })
  await ask('finish unknown', 'PATCH', 'logged-models/m-nothing', { model_id: 'm-nothing', status: 2 })
  for (const [model, value, name] of [
    [a, 0.5, 'train'],
    [a, 0.75, 'eval'],
    [b, 0.25, 'train'],
  ] as const)
    await ask(`metric ${value}`, 'POST', 'runs/log-metric', {
      run_id: run,
      key: 'acc',
      value,
      timestamp: value * 100,
      step: 1,
      model_id: model,
      dataset_name: name,
      dataset_digest: `d-${name}`,
    })
  for (const half of [{ dataset_name: 'train' }, { dataset_digest: 'd-train' }]) {
    const metric = { key: 'half', value: 1, timestamp: 1, model_id: a, ...half }
    await ask(`metric of half a dataset: ${JSON.stringify(half)}`, 'POST', 'runs/log-metric', {
      run_id: run,
      ...metric,
    })
    await ask(`batch of half a dataset: ${JSON.stringify(half)}`, 'POST', 'runs/log-batch', {
      run_id: run,
      metrics: [metric],
    })
  }
  await ask('batch', 'POST', 'runs/log-batch', {
    run_id: run,
    metrics: [
      { key: 'loss', value: 1, timestamp: 5, step: 0, model_id: a },
      { key: 'loss', value: 2, timestamp: 6, step: 1, model_id: a },
    ],
  })
  await ask('get measured', 'GET', `logged-models/${a}`)
  await ask('run measured', 'GET', `runs/get?run_id=${run}`)

  const search = (name: string, given: object, kind = false) =>
    ask(
      name,
      'POST',
      'logged-models/search',
      { experiment_ids: [experiment], order_by: [{ field_name: 'name' }], ...given },
      { kind },
    )
  await search('all', {})
  for (const filter of [
    "name = 'model-a'",
    "name != 'model-a'",
    "name LIKE 'model-%' AND model_type = 'sklearn'",
    "name IN ('model-a', 'model-c')",
    `source_run_id = '${run}'`,
    `model_id = '${b}'`,
    'metrics.acc > 0.4',
    "params.lr = '0.1'",
    "tags.`größe` = 'x'",
    "attributes.name ILIKE 'MODEL-B'",
    'creation_timestamp > 0',
    'last_updated_timestamp > 0 AND metrics.loss < 5',
  ])
    await search(`filter ${filter.replace(run, 'RUN').replace(b, 'B')}`, { filter })
  for (const filter of ['name', "unknown = 'x'", "metrics.acc = 'x'", "dataset.name = 'x'"])
    await search(`refused ${filter}`, { filter }, true)
  await search('on train', { datasets: [{ dataset_name: 'train', dataset_digest: 'd-train' }] })
  await search('on train, good', {
    datasets: [{ dataset_name: 'train', dataset_digest: 'd-train' }],
    filter: 'metrics.acc > 0.4',
  })
  await search('on nothing', { datasets: [{ dataset_name: 'nothing', dataset_digest: 'x' }] })
  await search('on no name', { datasets: [{ dataset_digest: 'x' }] })
  await search('by metric', { order_by: [{ field_name: 'metrics.acc', ascending: false }, { field_name: 'name' }] })
  await search('by metric on train', {
    order_by: [{ field_name: 'metrics.acc', dataset_name: 'train', ascending: true }, { field_name: 'name' }],
  })
  await search('by type', { order_by: [{ field_name: 'model_type' }, { field_name: 'name', ascending: false }] })
  await search('by unknown', { order_by: [{ field_name: 'unknown' }] })
  await search('by params', { order_by: [{ field_name: 'params.lr' }] })
  await search('no experiments', { experiment_ids: [] })
  await search('nothing said of experiments', { experiment_ids: undefined })
  await search('a word as experiment', { experiment_ids: ['word'] })
  const first = await search('page 1', { max_results: 2 })
  const token = first.body['next_page_token']
  await ask('page 2', 'POST', 'logged-models/search', {
    experiment_ids: [experiment],
    order_by: [{ field_name: 'name' }],
    max_results: 2,
    page_token: token,
  })
  await search('page of another question', { max_results: 2, page_token: token, filter: "name = 'x'" }, true)
  await search('a broken token', { page_token: '!' }, true)
  await ask('delete', 'DELETE', `logged-models/${c}`)
  await ask('get deleted', 'GET', `logged-models/${c}`)
  await ask('get deleted all the same', 'GET', `logged-models/${c}?allow_deleted=true`)
  await ask('delete unknown', 'DELETE', 'logged-models/m-nothing')
  await search('after the deletion', {})
}
