import type { Answer, Peer } from '../support/peer.ts'

/** The id of the run that an answer holds. */
export function runIdOf({ body }: Answer): string {
  return (body['run'] as { readonly info: { readonly run_id: string } }).info.run_id
}

/** A fresh experiment's id. */
export async function freshExperiment({ ask, label }: Peer, name: string): Promise<string> {
  const made = await ask(`create ${name}`, 'POST', 'experiments/create', { name })
  return label(String(made.body['experiment_id']), name)
}

/** A fresh run's id. */
export async function freshRun({ ask, label }: Peer, name: string, given: object): Promise<string> {
  const made = await ask(`create ${name}`, 'POST', 'runs/create', { run_name: name, start_time: 1_000, ...given })
  return label(runIdOf(made), name)
}

/** Runs: made, changed, deleted, and every way to ask for them wrongly. */
export async function runs(peer: Peer): Promise<void> {
  const { ask, label } = peer
  const experiment = await freshExperiment(peer, 'runs')
  const made = await ask('create', 'POST', 'runs/create', {
    experiment_id: experiment,
    user_id: 'ada',
    run_name: 'näme',
    start_time: 1_234,
    tags: [
      { key: 'mlflow.user', value: 'ada' },
      { key: 'mlflow.source.name', value: '/home/ada/train.py' },
      { key: 'mlflow.source.type', value: 'LOCAL' },
      { key: 'mlflow.note.content', value: 'a *note*' },
      { key: 'x/y', value: 'ü' },
    ],
  })
  const run = label(runIdOf(made), 'run')
  const child = await freshRun(peer, 'child', {
    experiment_id: experiment,
    tags: [{ key: 'mlflow.parentRunId', value: run }],
  })
  await freshRun(peer, 'named by tag', {
    experiment_id: experiment,
    run_name: undefined,
    tags: [{ key: 'mlflow.runName', value: 'tagged' }],
  })
  const withoutTime = await ask('create with a time as text', 'POST', 'runs/create', {
    experiment_id: experiment,
    run_name: 'text',
    start_time: '1234',
  })
  label(runIdOf(withoutTime), 'run of text')
  await ask('create of two names', 'POST', 'runs/create', {
    experiment_id: experiment,
    run_name: 'a',
    tags: [{ key: 'mlflow.runName', value: 'b' }],
  })
  const tagged = await ask('create with tags of any form', 'POST', 'runs/create', {
    experiment_id: experiment,
    run_name: 'tagged',
    start_time: 5,
    tags: [
      { key: 'a*b', value: '1' },
      { key: '../x', value: '2' },
      { key: 'mlflow.note.content', value: 'x'.repeat(9_000) },
      { key: 'k'.repeat(300), value: '3' },
    ],
  })
  label(runIdOf(tagged), 'tagged run')
  const untold = await freshRun(peer, 'of nobody', { experiment_id: experiment, user_id: 'unknown' })
  const user = { run_id: untold, key: 'mlflow.user' }
  await ask('get of nobody', 'GET', `runs/get?run_id=${untold}`)
  await ask('take the user from nobody', 'POST', 'runs/delete-tag', user)
  await ask('call nobody so', 'POST', 'runs/set-tag', { ...user, value: 'unknown' })
  await ask('get of nobody who is called so', 'GET', `runs/get?run_id=${untold}`)
  await ask('take the user away', 'POST', 'runs/delete-tag', user)
  await ask('get of nobody again', 'GET', `runs/get?run_id=${untold}`)
  const called = await freshRun(peer, 'of nobody by name', {
    experiment_id: experiment,
    user_id: 'unknown',
    tags: [{ key: 'mlflow.user', value: 'unknown' }],
  })
  await ask('get of nobody by name', 'GET', `runs/get?run_id=${called}`)
  await ask('create before all', 'POST', 'runs/create', { experiment_id: '-1' })
  await ask('create in unknown', 'POST', 'runs/create', { experiment_id: '987654' })
  await ask('create with a number', 'POST', 'runs/create', { experiment_id: experiment, run_name: 5 })
  await ask('create with a wrong time', 'POST', 'runs/create', { experiment_id: experiment, start_time: 'soon' })

  await ask('get', 'GET', `runs/get?run_id=${run}`)
  await ask('get by both names', 'GET', `runs/get?run_uuid=${run}&run_id=${run}`)
  await ask('get by the old name', 'GET', `runs/get?run_uuid=${run}`)
  await ask('get unknown', 'GET', `runs/get?run_id=${'0'.repeat(32)}`)
  await ask('get nothing', 'GET', 'runs/get')

  for (const status of ['FINISHED', 'FAILED', 'KILLED', 'SCHEDULED', 'RUNNING', 3]) {
    await ask(`status ${status}`, 'POST', 'runs/update', { run_id: run, status, end_time: 5_000 })
  }
  await ask('end time alone', 'POST', 'runs/update', { run_id: child, end_time: 6_000 })
  await ask('rename', 'POST', 'runs/update', { run_id: run, run_name: 'other' })
  await ask('rename to nothing', 'POST', 'runs/update', { run_id: run, run_name: '' })
  await ask('update unknown', 'POST', 'runs/update', { run_id: '0'.repeat(32), status: 'FINISHED' })
  await ask('update nothing', 'POST', 'runs/update', { status: 'FINISHED' })
  await ask('get renamed', 'GET', `runs/get?run_id=${run}`)
  await ask('rename by tag', 'POST', 'runs/set-tag', { run_id: run, key: 'mlflow.runName', value: 'by tag' })
  await ask('note by tag', 'POST', 'runs/set-tag', { run_id: run, key: 'mlflow.note.content', value: 'new' })
  await ask('get renamed by tag', 'GET', `runs/get?run_id=${run}`)

  await ask('delete', 'POST', 'runs/delete', { run_id: child })
  await ask('delete again', 'POST', 'runs/delete', { run_id: child })
  await ask('delete unknown', 'POST', 'runs/delete', { run_id: '0'.repeat(32) })
  await ask('delete nothing', 'POST', 'runs/delete', {})
  await ask('get deleted', 'GET', `runs/get?run_id=${child}`)
  await ask('update deleted', 'POST', 'runs/update', { run_id: child, status: 'FINISHED' })
  await ask('metric to deleted', 'POST', 'runs/log-metric', { run_id: child, key: 'm', value: 1, timestamp: 1 })
  await ask('parameter to deleted', 'POST', 'runs/log-parameter', { run_id: child, key: 'p', value: '1' })
  await ask('tag to deleted', 'POST', 'runs/set-tag', { run_id: child, key: 't', value: '1' })
  await ask('untag deleted', 'POST', 'runs/delete-tag', { run_id: child, key: 't' })
  await ask('batch to deleted', 'POST', 'runs/log-batch', { run_id: child })
  await ask('restore', 'POST', 'runs/restore', { run_id: child })
  await ask('restore again', 'POST', 'runs/restore', { run_id: child })
  await ask('restore unknown', 'POST', 'runs/restore', { run_id: '0'.repeat(32) })
  await ask('get restored', 'GET', `runs/get?run_id=${child}`)
}

/** Forms of a request that the real server takes or refuses. */
export async function forms(peer: Peer): Promise<void> {
  const { ask } = peer
  const experiment = await freshExperiment(peer, 'forms')
  const run = await freshRun(peer, 'run of forms', { experiment_id: experiment })
  await ask('no content type', 'POST', 'runs/log-metric', '{}', {
    headers: { 'content-type': 'text/plain' },
    kind: true,
  })
  await ask(
    'content type with a charset',
    'POST',
    'runs/set-tag',
    JSON.stringify({ run_id: run, key: 'a', value: '1' }),
    {
      headers: { 'content-type': 'application/json; charset=utf-8' },
    },
  )
  await ask('empty body', 'POST', 'runs/log-metric', '')
  await ask('a list', 'POST', 'runs/log-metric', '[]', { kind: true })
  await ask('null', 'POST', 'runs/log-metric', 'null')
  await ask(
    'doubly encoded',
    'POST',
    'runs/set-tag',
    JSON.stringify(JSON.stringify({ run_id: run, key: 'b', value: '2' })),
  )
  await ask('camel case', 'POST', 'runs/set-tag', { runId: run, key: 'c', value: '3' }, { kind: true })
  await ask('fields of later versions', 'POST', 'runs/set-tag', {
    run_id: run,
    key: 'd',
    value: '4',
    later: { a: [1] },
  })
  await ask('a null field', 'POST', 'runs/log-metric', { run_id: run, key: 'n', value: 1, timestamp: 5, step: null })
  await ask('the old run id', 'POST', 'runs/set-tag', { run_uuid: run, key: 'e', value: '5' })
  await ask('unknown route', 'POST', 'runs/nothing', {})
  await ask('get', 'GET', `runs/get?run_id=${run}`)
}
