import fc from 'fast-check'
import type { Answer, Peer } from '../support/peer.ts'
import { freshExperiment, freshRun } from './runs.ts'

/** Keys of one kind of thing, by what they are compared with, and what it can be ordered by. */
type Keys = {
  readonly texts: readonly string[]
  readonly numbers: readonly string[]
  readonly orders: readonly string[]
}

const KEYS = {
  runs: {
    texts: [
      ...['params.lr', 'param.lr', 'parameters.lr', 'parameter.lr', 'params.`p q`', 'params."p q"', 'params.none'],
      ...['tags.team', 'tag.team', 'tags.`a b/c`', 'tag."a b/c"', 'tags.mlflow.runName', 'tags.`mlflow.runName`'],
      ...['run_name', 'attributes.run_name', 'attr.run_name', 'run.run_name', '`run_name`', 'attributes.`run name`'],
      ...['status', 'attributes.status', 'user_id', 'run_id', 'artifact_uri', 'lifecycle_stage', 'experiment_id'],
      ...['dataset.name', 'datasets.name', 'dataset.digest', 'dataset.context', "params.'lr'", 'Params.lr', 'Status'],
    ],
    numbers: [
      ...['metrics.loss', 'metric.loss', 'metrics.`val/acc`', 'metrics.val/acc', 'metrics."m-1 x"', 'metrics.none'],
      ...['start_time', 'attributes.start_time', 'end_time', 'created', 'attributes.Created', 'METRICS.loss'],
    ],
    orders: [
      ...['metrics.loss', 'metrics.`val/acc`', 'metrics.`m-1 x`', 'metrics.none', 'params.lr', 'params.none'],
      ...['tags.team', 'run_name', '`run_name`', 'status', 'start_time', 'attributes.start_time', 'end_time'],
      ...['user_id', 'created', 'attributes.`Run Name`', 'dataset.name', 'lifecycle_stage', 'unknown'],
    ],
  },
  experiments: {
    texts: ['name', 'attribute.name', 'attributes.name', 'attr.name', '`name`', 'tags.k', 'tag.k', 'tags.`a b`', 'x'],
    numbers: ['creation_time', 'last_update_time', 'attribute.creation_time'],
    orders: ['name', 'attribute.name', '`name`', 'tags.k'],
  },
  models: {
    texts: ['name', 'attribute.name', 'attributes.name', '`name`', 'tags.k', 'tag.k', 'tags.`a b`', 'tags.none'],
    numbers: ['creation_timestamp'],
    orders: ['name', '`name`', 'attribute.name'],
  },
  versions: {
    texts: [
      'name',
      'attribute.name',
      '`name`',
      'source_path',
      'attributes.source_path',
      'tags.k',
      'tag.k',
      'tags.none',
    ],
    numbers: ['version_number', 'attribute.version_number', 'creation_timestamp'],
    orders: ['name', '`name`', 'version_number', 'run_id'],
  },
  loggedModels: {
    texts: [
      ...['name', 'attributes.name', '`name`', 'model_type', 'lifecycle_stage', 'params.lr', 'params.`p q`', 'tags.k'],
      ...['tags.none', 'model_id', 'experiment_id'],
    ],
    numbers: [
      ...['metrics.acc', 'metrics.`x y`', 'metrics.none', 'creation_timestamp', 'last_updated_timestamp', 'status'],
      'attributes.creation_timestamp',
    ],
    orders: [
      'name',
      'metrics.acc',
      'metrics.x y',
      'status',
      'model_type',
      'lifecycle_stage',
      'experiment_id',
      'params.lr',
    ],
  },
} as const satisfies Record<string, Keys>

const TEXTS = [
  ...["'a'", "'B'", "'A'", "'a_b'", '"a"', '"it\'s"', "''", "'50%'", "'0.1'", "'x'", "'X'", "'1'", "'train'", "'d1'"],
  ...["'red'", "'Red'", "'FINISHED'", "'RUNNING'", "'ada'", "'skl'", "'a AND b'", "'a OR b'", "'(a)'", "'NOT'", "'g1'"],
]
const PATTERNS = ["'%'", "'_'", "'ü%'", "'%B'", "'A_B'", "'\\%'", "'a\\_b'", "'s3://%'", "'%:/%'", "'R_d'", "'50%'"]
const NUMBERS = ['0', '1', '-0.5', '1e10', '0.5', '3', '2.0', '+1', '.5', '5.', '1E0', '100', '-1', '1e-3']

/** Clauses that mean something, clauses that do not, and ANDs and blanks of every kind between them. */
function filters({ texts, numbers }: Keys): fc.Arbitrary<string> {
  const any = (words: readonly string[]) => fc.constantFrom(...words)
  const space = any([' ', ' ', '  ', '\n'])
  const join = (...parts: readonly fc.Arbitrary<string>[]) => fc.tuple(...parts).map((pieces) => pieces.join(''))
  const list = fc.array(any(TEXTS), { minLength: 1, maxLength: 3 }).map((values) => `(${values.join(', ')})`)
  const clause = fc.oneof(
    { weight: 5, arbitrary: join(any(texts), any(['=', ' = ', '!=', ' != ', '= ']), any(TEXTS)) },
    { weight: 3, arbitrary: join(any(texts), space, any(['LIKE', 'ILIKE', 'like', 'Ilike']), space, any(PATTERNS)) },
    { weight: 2, arbitrary: join(any(texts), space, any(['IN', 'NOT IN', 'in']), space, list) },
    { weight: 1, arbitrary: join(any(texts), space, any(['IS NULL', 'IS NOT NULL', 'is null'])) },
    { weight: 5, arbitrary: join(any(numbers), any(['=', ' != ', '>', ' >= ', '<', ' <= ']), any(NUMBERS)) },
    {
      weight: 1,
      arbitrary: any(['', 'name', '= 1', 'a = b', "foo.bar = 'x'", "params.lr > '1'", '1 = 1', 'NOT name']),
    },
  )
  return fc
    .tuple(clause, fc.array(join(any([' AND ', ' and ', '\nAnd ', ' OR ']), clause), { maxLength: 2 }))
    .map(([first, rest]) => first + rest.join(''))
}

function orders({ orders: keys }: Keys): fc.Arbitrary<readonly string[]> {
  const clause = fc.tuple(fc.constantFrom(...keys), fc.constantFrom('', ' ASC', ' DESC', ' asc', '  DESC '))
  return fc.array(
    clause.map(([key, direction]) => key + direction),
    { minLength: 1, maxLength: 2 },
  )
}

/** The same for both servers, and at every time. */
const SAMPLE = { seed: 20_261_121, numRuns: 60 }

/** Searches put together by chance: whatever the real server takes is answered with the same things in the same order. */
export async function randomSearches(peer: Peer): Promise<void> {
  const runs = await someRuns(peer)
  await someRegistered(peer, runs.ids)
  await someExperiments(peer)
  const models = await someLoggedModels(peer, runs.ids)
  const mine = (filter: string): string => (filter === '' ? "name LIKE 'r-%'" : `${filter} AND name LIKE 'r-%'`)
  const ask = {
    runs: (name, filter, order_by) =>
      peer.ask(name, 'POST', 'runs/search', { experiment_ids: [runs.experiment], filter, order_by }, MORE),
    experiments: (name, filter, order_by) =>
      peer.ask(name, 'POST', 'experiments/search', { filter: mine(filter), order_by, max_results: 100 }, MORE),
    models: (name, filter, order) =>
      peer.ask(name, 'GET', registryPath('registered-models', mine(filter), order), undefined, MORE),
    versions: (name, filter, order) =>
      peer.ask(name, 'GET', registryPath('model-versions', mine(filter), order), undefined, MORE),
    loggedModels: (name, filter, order) =>
      peer.ask(
        name,
        'POST',
        'logged-models/search',
        { experiment_ids: [models], filter, order_by: [...order.map(modelOrder), { field_name: 'name' }] },
        MORE,
      ),
  } satisfies Record<keyof typeof KEYS, (name: string, filter: string, order: readonly string[]) => Promise<Answer>>
  let taken = 0
  for (const [kind, keys] of Object.entries(KEYS) as readonly (readonly [keyof typeof KEYS, Keys])[]) {
    const named = kind === 'runs' ? [] : ['name']
    for (const [index, filter] of fc.sample(filters(keys), SAMPLE).entries())
      taken += (await ask[kind](`${kind} ${index}: ${filter}`, filter, named)).status === 200 ? 1 : 0
    for (const [index, order] of fc.sample(orders(keys), { ...SAMPLE, numRuns: 20 }).entries())
      await ask[kind](`${kind} ${index} by ${order.join()}`, '', [
        ...order,
        ...named.filter((name) => !order.join().includes(name)),
      ])
  }
  if (taken < 60) throw new Error(`Only ${taken} of the filters mean something`)
}

const MORE = { more: true, kind: true } as const

function registryPath(what: string, filter: string, order: readonly string[]): string {
  const query = new URLSearchParams([
    ['filter', filter],
    ['max_results', '100'],
    ...order.map((key) => ['order_by', key]),
  ])
  return `${what}/search?${query.toString()}`
}

function modelOrder(clause: string): object {
  const [, field, direction] = /^(.*?)(?:\s+(asc|desc)\s*)?$/i.exec(clause) ?? []
  return { field_name: field, ascending: direction?.toLowerCase() !== 'desc' }
}

const NAMES = ['a', 'B', 'ü x', "it's", '50%', 'a_b', 'ab', 'A', 'z"q'] as const

async function someRuns(peer: Peer): Promise<{ readonly experiment: string; readonly ids: readonly string[] }> {
  const experiment = await freshExperiment(peer, 'random runs')
  const ids: string[] = []
  for (const [index, name] of NAMES.entries()) {
    const run_id = await freshRun(peer, `run ${name}`, {
      experiment_id: experiment,
      run_name: name,
      start_time: index + 1,
      user_id: ['ada', 'bob', 'Eve'][index % 3],
      tags: [
        { key: 'mlflow.user', value: ['ada', 'bob', 'Eve'][index % 3] },
        ...(index % 2 === 0 ? [] : [{ key: 'team', value: ['Red', 'red', 'ü', 'a_b'][(index >> 1) % 4] }]),
        ...(index % 3 === 0 ? [] : [{ key: 'a b/c', value: String(index) }]),
      ],
    })
    ids.push(run_id)
    await peer.ask(`log ${name}`, 'POST', 'runs/log-batch', {
      run_id,
      params: [
        ...(index % 4 === 0 ? [] : [{ key: 'lr', value: ['0.1', '1e-3', 'auto', '10', '9', '0.10'][index % 6] }]),
        ...(index % 2 === 0 ? [{ key: 'p q', value: ['x', 'X', ''][index % 3] }] : []),
      ],
      metrics: [
        ...(index % 5 === 0
          ? []
          : [{ key: 'loss', value: [1, -0.5, 'NaN', 1e10, 0, 3][index % 6], timestamp: 1, step: 0 }]),
        { key: 'val/acc', value: index / 10, timestamp: 5, step: index },
        { key: 'm-1 x', value: 1, timestamp: 5, step: 0 },
        { key: 'm-1 x', value: (index % 4) - 1, timestamp: 1, step: 1 },
      ],
    })
    if (index % 3 === 0)
      await peer.ask(`inputs of ${name}`, 'POST', 'runs/log-inputs', {
        run_id,
        datasets: ['d1', 'D2'].slice(0, 1 + (index % 2)).map((dataset, place) => ({
          dataset: { name: dataset, digest: `g${place}`, source_type: 's', source: 'x' },
          tags: [{ key: 'mlflow.data.context', value: ['train', 'Eval'][place] }],
        })),
      })
    if (index % 4 === 1)
      await peer.ask(`end ${name}`, 'POST', 'runs/update', {
        run_id,
        status: ['FINISHED', 'FAILED', 'KILLED'][index % 3],
        end_time: 100 - index,
      })
  }
  return { experiment, ids }
}

/** Tags of every second thing. */
function someTags(index: number): readonly object[] {
  if (index % 2 === 0) return []
  return [
    { key: 'k', value: ['1', 'x', 'X'][index % 3] },
    { key: 'a b', value: 'v' },
  ]
}

async function someExperiments({ ask, label }: Peer): Promise<void> {
  for (const [index, name] of NAMES.entries()) {
    const made = await ask(`create r-${name}`, 'POST', 'experiments/create', {
      name: `r-${name}`,
      tags: someTags(index),
    })
    label(String(made.body['experiment_id']), `experiment ${name}`)
  }
}

async function someRegistered({ ask }: Peer, runs: readonly string[]): Promise<void> {
  for (const [index, name] of NAMES.entries()) {
    await ask(`register r-${name}`, 'POST', 'registered-models/create', { name: `r-${name}`, tags: someTags(index) })
    for (let version = 0; version < index % 4; version++)
      await ask(`version ${version} of ${name}`, 'POST', 'model-versions/create', {
        name: `r-${name}`,
        ...(version === 1 ? { source: 's3://bucket/x' } : { source: `runs:/${runs[index]}/x`, run_id: runs[index] }),
        tags: someTags(version + index),
      })
  }
}

async function someLoggedModels({ ask, label }: Peer, runs: readonly string[]): Promise<string> {
  const made = await ask('create random models', 'POST', 'experiments/create', { name: 'random models' })
  const experiment = label(String(made.body['experiment_id']), 'random models')
  for (const [index, name] of ['a', 'B', 'ü x', 'a_b', 'ab', 'A', 'zz'].entries()) {
    const { body } = await ask(`make ${name}`, 'POST', 'logged-models', {
      experiment_id: experiment,
      name,
      model_type: ['', 'skl', 'Skl', undefined][index % 4],
      params:
        index % 3 === 0
          ? []
          : [
              { key: 'lr', value: ['0.1', 'auto'][index % 2] },
              { key: 'p q', value: '1' },
            ],
      tags: someTags(index),
    })
    const model_id = label((body['model'] as { info: { model_id: string } }).info.model_id, `model ${name}`)
    if (index % 2 === 1)
      await ask(`measure ${name}`, 'POST', 'runs/log-batch', {
        run_id: runs[index],
        metrics: [
          { key: 'acc', value: index / 4, timestamp: 1, step: 1, model_id },
          { key: 'acc', value: 5 - index, timestamp: 2, step: 0, model_id },
          { key: 'x y', value: index % 3, timestamp: 2, step: 0, model_id, dataset_name: 'd', dataset_digest: 'g' },
        ],
      })
    if (index % 3 === 1)
      await ask(`finish ${name}`, 'PATCH', `logged-models/${model_id}`, { model_id, status: 'LOGGED_MODEL_READY' })
  }
  return experiment
}
