import type { Peer } from '../support/peer.ts'

/** Experiments: made, found, changed, deleted, and every way to ask for them wrongly. */
export async function experiments({ ask, label }: Peer): Promise<void> {
  const made = await ask('create', 'POST', 'experiments/create', {
    name: 'größe 中文',
    tags: [
      { key: 'mlflow.note.content', value: '# note' },
      { key: 'team', value: 'a' },
    ],
  })
  const id = label(String(made.body['experiment_id']), 'experiment')
  await ask('create again', 'POST', 'experiments/create', { name: 'größe 中文' }, { kind: true })
  await ask('create without a name', 'POST', 'experiments/create', {})
  await ask('create with an empty name', 'POST', 'experiments/create', { name: '' })
  await ask('create with a name of 501', 'POST', 'experiments/create', { name: 'x'.repeat(501) })
  await ask('create with a number as name', 'POST', 'experiments/create', { name: 5 })
  await ask('create with a bad tag', 'POST', 'experiments/create', {
    name: 'bad tag',
    tags: [{ key: '../x', value: '' }],
  })
  await ask('create with a long tag', 'POST', 'experiments/create', {
    name: 'long tag',
    tags: [{ key: 'k', value: 'x'.repeat(20_001) }],
  })
  const placed = await ask('create at a place', 'POST', 'experiments/create', {
    name: 'at a place',
    artifact_location: 's3://bucket/path',
  })
  const place = label(String(placed.body['experiment_id']), 'placed')
  await ask('get', 'GET', `experiments/get?experiment_id=${id}`)
  await ask('get placed', 'GET', `experiments/get?experiment_id=${place}`)
  await ask('get unknown', 'GET', 'experiments/get?experiment_id=987654')
  await ask('get nothing', 'GET', 'experiments/get')
  await ask('get a word', 'GET', 'experiments/get?experiment_id=word', undefined, { kind: true })
  await ask('by name', 'GET', `experiments/get-by-name?experiment_name=${encodeURIComponent('größe 中文')}`)
  await ask('by unknown name', 'GET', 'experiments/get-by-name?experiment_name=nowhere')
  await ask('by no name', 'GET', 'experiments/get-by-name')

  await ask('tag', 'POST', 'experiments/set-experiment-tag', { experiment_id: id, key: 'a/b.c-d e:f', value: '1' })
  await ask('tag again', 'POST', 'experiments/set-experiment-tag', { experiment_id: id, key: 'team', value: 'b' })
  await ask('tag empty', 'POST', 'experiments/set-experiment-tag', { experiment_id: id, key: 'empty', value: '' })
  await ask('tag long', 'POST', 'experiments/set-experiment-tag', {
    experiment_id: id,
    key: 'long',
    value: 'x'.repeat(20_001),
  })
  await ask('tag of a long key', 'POST', 'experiments/set-experiment-tag', {
    experiment_id: id,
    key: 'k'.repeat(251),
    value: '',
  })
  await ask('tag without key', 'POST', 'experiments/set-experiment-tag', { experiment_id: id, value: '' })
  await ask('tag of nothing', 'POST', 'experiments/set-experiment-tag', {
    experiment_id: '987654',
    key: 'k',
    value: '',
  })
  await ask('untag', 'POST', 'experiments/delete-experiment-tag', { experiment_id: id, key: 'empty' })
  await ask('untag again', 'POST', 'experiments/delete-experiment-tag', { experiment_id: id, key: 'empty' })
  await ask('get tagged', 'GET', `experiments/get?experiment_id=${id}`)

  await ask('rename', 'POST', 'experiments/update', { experiment_id: id, new_name: 'renamed' })
  await ask('rename to the same', 'POST', 'experiments/update', { experiment_id: id, new_name: 'renamed' })
  await ask('rename to nothing', 'POST', 'experiments/update', { experiment_id: id })
  await ask('rename unknown', 'POST', 'experiments/update', { experiment_id: '987654', new_name: 'x' })
  await ask('rename too long', 'POST', 'experiments/update', { experiment_id: id, new_name: 'x'.repeat(501) })

  const run = await ask('run in it', 'POST', 'runs/create', { experiment_id: id, run_name: 'inside', start_time: 5 })
  const runId = label(String((run.body['run'] as { info: { run_id: string } }).info.run_id), 'run inside')
  await ask('delete', 'POST', 'experiments/delete', { experiment_id: id })
  await ask('delete again', 'POST', 'experiments/delete', { experiment_id: id })
  await ask('delete unknown', 'POST', 'experiments/delete', { experiment_id: '987654' })
  await ask('get deleted', 'GET', `experiments/get?experiment_id=${id}`)
  await ask('by name deleted', 'GET', 'experiments/get-by-name?experiment_name=renamed')
  await ask('run of deleted', 'GET', `runs/get?run_id=${runId}`)
  await ask('create the name of a deleted one', 'POST', 'experiments/create', { name: 'renamed' }, { kind: true })
  await ask('run in deleted', 'POST', 'runs/create', { experiment_id: id })
  await ask('rename deleted', 'POST', 'experiments/update', { experiment_id: id, new_name: 'x' })
  await ask('tag deleted', 'POST', 'experiments/set-experiment-tag', { experiment_id: id, key: 'k', value: '' })
  await ask('restore', 'POST', 'experiments/restore', { experiment_id: id })
  await ask('restore again', 'POST', 'experiments/restore', { experiment_id: id })
  await ask('restore unknown', 'POST', 'experiments/restore', { experiment_id: '987654' })
  await ask('run of restored', 'GET', `runs/get?run_id=${runId}`)
}

/** Searches over experiments whose names start with "s-". */
export async function searchExperiments({ ask, label }: Peer): Promise<void> {
  for (const [index, name] of ['s-b', 's-a', 's-C', 's-d_%', 's-ü'].entries()) {
    const made = await ask(`create ${name}`, 'POST', 'experiments/create', {
      name,
      tags:
        index % 2 === 0
          ? [
              { key: 'even', value: 'yes' },
              { key: 'with space', value: name },
            ]
          : [],
    })
    label(String(made.body['experiment_id']), name)
  }
  const deleted = await ask('create s-gone', 'POST', 'experiments/create', { name: 's-gone' })
  await ask('delete s-gone', 'POST', 'experiments/delete', {
    experiment_id: label(String(deleted.body['experiment_id']), 's-gone'),
  })
  const mine = "name LIKE 's-%'"
  const search = (name: string, given: object, kind = false): Promise<unknown> =>
    ask(name, 'POST', 'experiments/search', { max_results: 100, order_by: ['name'], ...given }, { kind })
  await search('all of mine', { filter: mine })
  await search('by name descending', { filter: mine, order_by: ['name DESC'] })
  await search('by a quoted attribute', { filter: mine, order_by: ['attribute.`name` desc'] })
  await search('deleted', { filter: mine, view_type: 'DELETED_ONLY' })
  await search('all stages by number', { filter: mine, view_type: 3 })
  for (const filter of [
    `${mine} AND tags.even = 'yes'`,
    `${mine} and tag.even != 'yes'`,
    `${mine} AND tags.even IS NULL`,
    `${mine} AND tags.even IS NOT NULL`,
    `${mine} AND tags.\`with space\` ILIKE '%c'`,
    "name = 's-a'",
    "attribute.name = 's-a'",
    "name ILIKE 'S-c'",
    "name LIKE 'S-c'",
    "name LIKE 's-d_%'",
    `${mine} AND name != 's-a'`,
    `${mine} AND creation_time > 0`,
    `${mine} AND creation_time < 5`,
    "name = 's-ü'",
  ]) {
    await search(filter, { filter })
  }
  for (const filter of ['name', 'unknown = 1', "params.x = '1'", "creation_time = 'x'", "name = 'a"]) {
    await search(`refused: ${filter}`, { filter }, true)
  }
  await search('order by unknown', { filter: mine, order_by: ['unknown'] }, true)
  await search('order by two words', { filter: mine, order_by: ['name x'] }, true)
  await search('no size', { max_results: undefined })
  await search('size 0', { max_results: 0 })
  await search('size too large', { max_results: 50_001 })
  const first = await ask('page 1', 'POST', 'experiments/search', { filter: mine, max_results: 2, order_by: ['name'] })
  const second = await ask('page 2', 'POST', 'experiments/search', {
    filter: mine,
    max_results: 2,
    order_by: ['name'],
    page_token: first.body['next_page_token'],
  })
  await ask('page 3', 'POST', 'experiments/search', {
    filter: mine,
    max_results: 2,
    order_by: ['name'],
    page_token: second.body['next_page_token'],
  })
  await search('broken token', { page_token: 'äöü' }, true)
  await ask('by GET', 'GET', `experiments/search?max_results=3&order_by=name&filter=${encodeURIComponent(mine)}`)
}
