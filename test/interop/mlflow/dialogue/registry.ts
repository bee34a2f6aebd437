import type { Peer } from '../support/peer.ts'
import { freshExperiment, freshRun } from './runs.ts'

/** Registered models: made, changed, renamed, tagged, deleted, and every way to ask for them wrongly. */
export async function registeredModels({ ask }: Peer): Promise<void> {
  await ask('create', 'POST', 'registered-models/create', {
    name: 'größe 1',
    description: 'eins',
    tags: [
      { key: 'team', value: 'a' },
      { key: 'team', value: 'b' },
    ],
  })
  await ask('create bare', 'POST', 'registered-models/create', { name: 'bare' })
  await ask('create again', 'POST', 'registered-models/create', { name: 'bare' })
  for (const name of ['a/b', 'a:b', '', '  ', '.', '..', '../x'])
    await ask(`create ${JSON.stringify(name)}`, 'POST', 'registered-models/create', { name })
  await ask('create without a name', 'POST', 'registered-models/create', {})
  await ask('create with a number', 'POST', 'registered-models/create', { name: 5 })
  await ask('create with a bad tag', 'POST', 'registered-models/create', {
    name: 'x',
    tags: [{ key: 'a//b', value: '' }],
  })
  await ask('create with a long tag', 'POST', 'registered-models/create', {
    name: 'x',
    tags: [{ key: 'k', value: 'x'.repeat(100_001) }],
  })
  await ask('get', 'GET', `registered-models/get?name=${encodeURIComponent('größe 1')}`)
  await ask('get bare', 'GET', 'registered-models/get?name=bare')
  await ask('get unknown', 'GET', 'registered-models/get?name=nothing')
  await ask('get nothing', 'GET', 'registered-models/get')
  for (const name of ['a/b', 'a:b', ' ']) {
    const query = `name=${encodeURIComponent(name)}`
    await ask(`get ${JSON.stringify(name)}`, 'GET', `registered-models/get?${query}`)
    await ask(`delete ${JSON.stringify(name)}`, 'DELETE', 'registered-models/delete', { name })
    await ask(`tag ${JSON.stringify(name)}`, 'POST', 'registered-models/set-tag', { name, key: 'k', value: 'v' })
    await ask(`latest of ${JSON.stringify(name)}`, 'POST', 'registered-models/get-latest-versions', { name })
    await ask(`version of ${JSON.stringify(name)}`, 'GET', `model-versions/get?${query}&version=1`)
    await ask(`alias of ${JSON.stringify(name)}`, 'GET', `registered-models/alias?${query}&alias=a`)
    await ask(`rename to ${JSON.stringify(name)}`, 'POST', 'registered-models/rename', {
      name: 'nothing',
      new_name: name,
    })
  }
  await ask('describe', 'PATCH', 'registered-models/update', { name: 'bare', description: 'more' })
  await ask('describe with nothing', 'PATCH', 'registered-models/update', { name: 'bare' })
  await ask('describe unknown', 'PATCH', 'registered-models/update', { name: 'nothing', description: '' })
  await ask('tag', 'POST', 'registered-models/set-tag', { name: 'bare', key: 'k', value: 'v' })
  await ask('tag again', 'POST', 'registered-models/set-tag', { name: 'bare', key: 'k', value: 'w' })
  await ask('tag without a value', 'POST', 'registered-models/set-tag', { name: 'bare', key: 'empty' })
  await ask('tag without a key', 'POST', 'registered-models/set-tag', { name: 'bare', value: 'v' })
  await ask('tag of a bad key', 'POST', 'registered-models/set-tag', { name: 'bare', key: '/k', value: 'v' })
  await ask('tag unknown', 'POST', 'registered-models/set-tag', { name: 'nothing', key: 'k', value: 'v' })
  await ask('get tagged', 'GET', 'registered-models/get?name=bare')
  await ask('untag', 'DELETE', 'registered-models/delete-tag', { name: 'bare', key: 'k' })
  await ask('untag again', 'DELETE', 'registered-models/delete-tag', { name: 'bare', key: 'k' })
  await ask('untag unknown', 'DELETE', 'registered-models/delete-tag', { name: 'nothing', key: 'k' })
  await ask('rename', 'POST', 'registered-models/rename', { name: 'bare', new_name: 'renamed' })
  await ask(
    'rename to a taken name',
    'POST',
    'registered-models/rename',
    { name: 'renamed', new_name: 'größe 1' },
    { kind: true },
  )
  await ask('rename to a bad name', 'POST', 'registered-models/rename', { name: 'renamed', new_name: 'a/b' })
  await ask('rename to nothing', 'POST', 'registered-models/rename', { name: 'renamed' })
  await ask('rename unknown', 'POST', 'registered-models/rename', { name: 'nothing', new_name: 'x' })
  await ask('get renamed', 'GET', 'registered-models/get?name=renamed')
  await ask('get by the old name', 'GET', 'registered-models/get?name=bare')
  await ask('delete', 'DELETE', 'registered-models/delete', { name: 'renamed' })
  await ask('delete again', 'DELETE', 'registered-models/delete', { name: 'renamed' })
  await ask('get deleted', 'GET', 'registered-models/get?name=renamed')
  await ask('create the deleted', 'POST', 'registered-models/create', { name: 'renamed' })
  await ask('get new', 'GET', 'registered-models/get?name=renamed')
  for (const name of ['größe 1', 'renamed']) await ask(`clear ${name}`, 'DELETE', 'registered-models/delete', { name })
}

/** Versions: sources, stages, aliases, tags, and what is refused of them. */
export async function modelVersions(peer: Peer): Promise<void> {
  const { ask, label } = peer
  const experiment = await freshExperiment(peer, 'versions')
  const run = await freshRun(peer, 'run of versions', { experiment_id: experiment })
  const other = await freshRun(peer, 'other run of versions', { experiment_id: experiment })
  const made = await ask('logged model', 'POST', 'logged-models', {
    experiment_id: experiment,
    name: 'lm',
    source_run_id: run,
  })
  const model = label(String((made.body['model'] as { info: { model_id: string } }).info.model_id), 'model')
  await ask('register', 'POST', 'registered-models/create', { name: 'm' })
  const version = (name: string, given: object, kind = false) =>
    ask(
      name,
      'POST',
      'model-versions/create',
      { name: 'm', source: `runs:/${run}/model`, run_id: run, ...given },
      { kind },
    )
  await version('of a run', { description: 'first', tags: [{ key: 'a', value: '1' }], run_link: 'http://x/y' })
  await version('of artifacts', { source: `mlflow-artifacts:/${experiment}/${run}/artifacts/model` })
  await version('of a logged model', { source: `models:/${model}`, model_id: model, run_id: undefined })
  await version('of a logged model with its run', { source: `models:/${model}`, model_id: model })
  await version('of a bucket', { source: 's3://bucket/model', run_id: undefined })
  await version('of a bucket with a run', { source: 's3://bucket/model' })
  await version('of a version', { source: 'models:/m/1', run_id: undefined })
  await version('of an unknown version', { source: 'models:/m/99', run_id: undefined })
  for (const [name, given] of Object.entries({
    'another run': { run_id: other },
    'no run': { run_id: undefined },
    'an unknown run': { run_id: '0'.repeat(32) },
    'artifacts of another run': { source: `mlflow-artifacts:/${experiment}/${other}/artifacts/model` },
    'artifacts and no run': { source: `mlflow-artifacts:/${experiment}/${run}/artifacts/model`, run_id: undefined },
    'a folder': { source: '/etc' },
    'a file address': { source: 'file:///etc' },
    'a folder of a run': { source: './model' },
    dots: { source: `mlflow-artifacts:/${experiment}/${run}/artifacts/../../x` },
    'hidden dots': { source: `mlflow-artifacts:/${experiment}/${run}/artifacts/%252e%252e/x` },
    'dots in a bucket': { source: 's3://bucket/a/../b', run_id: undefined },
    'a zero byte': { source: 's3://bucket/a%00b', run_id: undefined },
    'an unknown logged model': { source: 'models:/m-0123', model_id: 'm-0123', run_id: undefined },
    'another logged model': { source: `models:/m-0123`, model_id: model, run_id: undefined },
    'a logged model alone': { source: `models:/${model}`, run_id: undefined },
    'no source': { source: undefined },
  }))
    await version(`refused: ${name}`, given, name === 'a folder of a run' || name === 'another logged model')
  await version('of an unknown model', { name: 'nothing' })
  await version('of a bad name', { name: 'a/b' })
  await version('with a bad tag', { tags: [{ key: 'a//b', value: '' }] })

  const at = 'name=m&version='
  await ask('get', 'GET', `model-versions/get?${at}1`)
  await ask('get unknown', 'GET', `model-versions/get?${at}99`)
  await ask('get a word', 'GET', `model-versions/get?${at}one`)
  await ask('get of unknown', 'GET', 'model-versions/get?name=nothing&version=1')
  await ask('get nothing', 'GET', 'model-versions/get?name=m')
  for (const number of [1, 2, 3, 5, 7])
    await ask(`address ${number}`, 'GET', `model-versions/get-download-uri?${at}${number}`)
  await ask('address of unknown', 'GET', `model-versions/get-download-uri?${at}99`)
  await ask('describe', 'PATCH', 'model-versions/update', { name: 'm', version: '1', description: 'changed' })
  await ask('describe by number', 'PATCH', 'model-versions/update', { name: 'm', version: 1, description: 'x' })
  await ask('describe unknown', 'PATCH', 'model-versions/update', { name: 'm', version: '99', description: 'x' })
  await ask('tag', 'POST', 'model-versions/set-tag', { name: 'm', version: '1', key: 'k', value: 'v' })
  await ask('tag without a key', 'POST', 'model-versions/set-tag', { name: 'm', version: '1', value: 'v' })
  await ask('tag unknown', 'POST', 'model-versions/set-tag', { name: 'm', version: '99', key: 'k', value: 'v' })
  await ask('untag', 'DELETE', 'model-versions/delete-tag', { name: 'm', version: '1', key: 'a' })
  await ask('untag again', 'DELETE', 'model-versions/delete-tag', { name: 'm', version: '1', key: 'a' })
  await ask('untag unknown', 'DELETE', 'model-versions/delete-tag', { name: 'm', version: '99', key: 'a' })

  await stages(peer)
  await aliases(peer)
  await ask('get at last', 'GET', `model-versions/get?${at}1`)
  await ask('model at last', 'GET', 'registered-models/get?name=m')
  await ask('delete a version', 'DELETE', 'model-versions/delete', { name: 'm', version: '2' })
  await ask('delete a version again', 'DELETE', 'model-versions/delete', { name: 'm', version: '2' })
  await ask('delete the version of an alias', 'DELETE', 'model-versions/delete', { name: 'm', version: '1' })
  await ask('alias of the deleted', 'GET', 'registered-models/alias?name=m&alias=champion')
  await ask('get deleted', 'GET', `model-versions/get?${at}2`)
  await version('after a deletion', {})
  await ask('rename', 'POST', 'registered-models/rename', { name: 'm', new_name: 'm2' })
  await ask('version by the new name', 'GET', 'model-versions/get?name=m2&version=3')
  await ask('version by the old name', 'GET', `model-versions/get?${at}3`)
  await ask('logged model registered', 'GET', `logged-models/${model}`)
  await ask('clear m2', 'DELETE', 'registered-models/delete', { name: 'm2' })
}

async function stages({ ask }: Peer): Promise<void> {
  const move = (name: string, given: object, kind = false) =>
    ask(
      name,
      'POST',
      'model-versions/transition-stage',
      { name: 'm', version: '1', stage: 'Staging', archive_existing_versions: false, ...given },
      { kind },
    )
  await move('stage', {})
  await move('stage of another', { version: '2', stage: 'staging' })
  await move('stage, archiving', { version: '3', archive_existing_versions: true })
  await move('stage none', { version: '3', stage: 'None' })
  await move('stage production', { version: '3', stage: 'PRODUCTION' })
  await move('stage archived, archiving', { stage: 'Archived', archive_existing_versions: true })
  await move('stage unknown', { stage: 'best' }, true)
  await move('stage nothing', { stage: undefined })
  await move('stage of unknown', { version: '99' })
  await ask('latest', 'POST', 'registered-models/get-latest-versions', { name: 'm' }, { unordered: 'model_versions' })
  await ask(
    'latest of stages',
    'POST',
    'registered-models/get-latest-versions',
    { name: 'm', stages: ['archived', 'production'] },
    { unordered: 'model_versions' },
  )
  await ask('latest by GET', 'GET', 'registered-models/get-latest-versions?name=m&stages=Production')
  await ask(
    'latest of an unknown stage',
    'POST',
    'registered-models/get-latest-versions',
    { name: 'm', stages: ['best'] },
    { kind: true },
  )
  await ask('latest of unknown', 'POST', 'registered-models/get-latest-versions', { name: 'nothing' })
}

async function aliases({ ask }: Peer): Promise<void> {
  const alias = (name: string, given: object) =>
    ask(name, 'POST', 'registered-models/alias', { name: 'm', alias: 'champion', version: '1', ...given })
  await alias('alias', {})
  await alias('alias a second', { alias: 'b-2_x' })
  await alias('alias moved', { version: '3' })
  await alias('alias moved back', {})
  for (const word of ['latest', 'LATEST', 'v1', 'V12', 'a b', 'a.b', 'x'.repeat(256), ''])
    await alias(`alias ${JSON.stringify(word.slice(0, 20))}`, { alias: word })
  await alias('alias of an unknown version', { version: '99' })
  for (const word of ['latest', 'v1', 'a/b'])
    await alias(`alias ${word} of an unknown version`, { alias: word, version: '99' })
  await alias('alias of an unknown model', { name: 'nothing' })
  await alias('alias of a word', { version: 'one' })
  await ask('by alias', 'GET', 'registered-models/alias?name=m&alias=champion')
  await ask('by unknown alias', 'GET', 'registered-models/alias?name=m&alias=nobody')
  await ask('by latest', 'GET', 'registered-models/alias?name=m&alias=latest')
  await ask('by alias of unknown', 'GET', 'registered-models/alias?name=nothing&alias=champion')
  await ask('unalias', 'DELETE', 'registered-models/alias', { name: 'm', alias: 'b-2_x' })
  await ask('unalias again', 'DELETE', 'registered-models/alias', { name: 'm', alias: 'b-2_x' })
  await ask('unalias of unknown', 'DELETE', 'registered-models/alias', { name: 'nothing', alias: 'x' })
}

/** Searches over models and versions. */
export async function searchRegistry(peer: Peer): Promise<void> {
  const { ask } = peer
  const experiment = await freshExperiment(peer, 'search registry')
  const run = await freshRun(peer, 'run of registry', { experiment_id: experiment })
  for (const name of ['s-b', 's-a', 's-C', 's-prompt']) {
    const tags = name === 's-prompt' ? [{ key: 'mlflow.prompt.is_prompt', value: 'true' }] : [{ key: 'k', value: name }]
    await ask(`register ${name}`, 'POST', 'registered-models/create', { name, tags, description: `of ${name}` })
  }
  for (const [name, source] of [
    ['s-b', `runs:/${run}/one`],
    ['s-b', `runs:/${run}/two`],
    ['s-a', `runs:/${run}/one`],
  ] as const) {
    await ask(`version ${name} ${source.slice(-3)}`, 'POST', 'model-versions/create', {
      name,
      source,
      run_id: run,
      tags: [{ key: 'part', value: source.slice(-3) }],
    })
  }
  await ask('prompt version', 'POST', 'model-versions/create', {
    name: 's-prompt',
    source: 'prompt-template',
    tags: [
      { key: 'mlflow.prompt.is_prompt', value: 'true' },
      { key: 'mlflow.prompt.text', value: 'Say {{what}}' },
    ],
  })
  await ask('alias', 'POST', 'registered-models/alias', { name: 's-b', alias: 'best', version: '1' })
  const models = (name: string, query: string, kind = false) =>
    ask(name, 'GET', `registered-models/search?${query}`, undefined, { kind })
  const filters = [
    "name = 's-a'",
    "name != 's-a'",
    "name LIKE 's-%'",
    "name ILIKE 'S-c'",
    "attribute.name LIKE 's-%'",
    "tags.k = 's-b'",
    "tag.k != 's-b'",
    "tags.`k` LIKE 's-%' AND name != 's-C'",
    "tags.`mlflow.prompt.is_prompt` = 'true'",
    "tags.`mlflow.prompt.is_prompt` != 'true'",
    "tags.`mlflow.prompt.is_prompt` != 'true' AND name LIKE 's-%'",
    "tags.`mlflow.prompt.is_prompt` = 'false'",
    "name IN ('s-a', 's-b')",
  ]
  await models('all', '')
  for (const filter of filters) await models(`models ${filter}`, `filter=${encodeURIComponent(filter)}`)
  for (const filter of ['name', "run_id = 'x'", "description = 'x'", "name = 's-a"])
    await models(`models refused ${filter}`, `filter=${encodeURIComponent(filter)}`, true)
  await models('by name', 'order_by=name%20DESC')
  await models('by time and name', 'order_by=timestamp%20ASC&order_by=name')
  await models('by updated', 'order_by=last_updated_timestamp%20ASC&order_by=name')
  await models('by unknown', 'order_by=run_id', true)
  await models('by a duplicate', 'order_by=name&order_by=name%20DESC', true)
  await models('page 1', 'max_results=2')
  await models('page 2', `max_results=2&page_token=${encodeURIComponent(btoa('{"offset": 2}'))}`)
  await models('size 1001', 'max_results=1001')
  const versions = (name: string, query: string, kind = false) =>
    ask(name, 'GET', `model-versions/search?${query}`, undefined, { kind })
  await versions('all versions', 'order_by=name&order_by=version_number')
  for (const filter of [
    "name = 's-b'",
    "name LIKE 's-%' AND version_number = 1",
    'version_number > 1',
    "version_number != 1 AND name = 's-b'",
    `run_id = '${run}'`,
    "run_id IN ('nothing', 'x')",
    `source_path = 'runs:/${run}/one'`,
    "source_path LIKE '%/two'",
    "tags.part = 'one'",
    "tag.part != 'one'",
    "tags.`mlflow.prompt.is_prompt` = 'true'",
    "name = 's-prompt'",
    "name IN ('s-a')",
  ])
    await versions(`versions ${filter.replace(run, 'RUN')}`, `order_by=name&filter=${encodeURIComponent(filter)}`)
  for (const filter of ['version_number', "version_number = 'x'", 'creation_timestamp > 0', "stage = 'x'"])
    await versions(`versions refused ${filter}`, `filter=${encodeURIComponent(filter)}`, true)
  await versions('versions by number', 'order_by=version_number%20ASC&order_by=name%20DESC')
  await versions('versions by unknown', 'order_by=stage', true)
  await versions('versions page 1', 'order_by=name&max_results=2')
  await versions(
    'versions page 2',
    `order_by=name&max_results=2&page_token=${encodeURIComponent(btoa('{"offset": 2}'))}`,
  )
  await versions('versions of size 0', 'max_results=0')
  await versions('versions of size 200001', 'max_results=200001')
}
