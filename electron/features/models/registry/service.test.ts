import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AppError } from '#shared/rpc/errors.ts'
import { openTestProject, START, type TestProject } from '#electron/features/runs/test-project.fixture.ts'
import { createRegistry } from './service.ts'

const registry = createRegistry()
let project: TestProject

beforeEach(() => void (project = openTestProject()))
afterEach(() => project.dispose())

const made = { description: '', run: null, runLink: '', loggedModel: null, user: null, tags: [] }
const create = (name: string) => registry.create(project, { name, description: '', tags: [] })
const version = (name: string, source = 's3://bucket/m') =>
  registry.createVersion(project, name, { ...made, source, storageLocation: source })

async function refusal(work: () => unknown): Promise<string> {
  try {
    await work()
    return 'none'
  } catch (error) {
    return error instanceof AppError ? `${error.code}: ${error.message}` : 'something else'
  }
}

describe('registered models', () => {
  it('have a name of their own, which is free again once they are deleted', async () => {
    await create('m')
    expect(await refusal(() => create('m'))).toBe('conflict: Registered Model (name=m) already exists.')
    await version('m')
    await registry.setAlias(project, 'm', 'best', '1')
    await registry.remove(project, 'm')
    expect(await refusal(() => registry.model(project, 'm'))).toBe('not_found: Registered Model with name=m not found')
    await create('m')
    expect(registry.model(project, 'm')).toMatchObject({ latest: [], aliases: [], tags: [] })
    expect((await version('m')).version).toBe(1)
    // What was deleted is still there for whoever looks for it.
    expect(project.db.value('SELECT count(*) FROM model_version')).toBe(2)
  })

  it('are renamed with all that hangs on them, and survive the closing of the project', async () => {
    await create('old')
    await version('old')
    await registry.setAlias(project, 'old', 'best', '1')
    await registry.setTags(project, 'old', [{ key: 'k', value: 'v' }])
    await registry.setVersionTags(project, 'old', '1', [{ key: 'w', value: 'x' }])
    project.setTime(START + 5_000)
    await registry.rename(project, 'old', 'new')
    await create('old')
    const before = registry.model(project, 'new')
    expect(before).toMatchObject({ name: 'new', updatedAt: START + 5_000, createdAt: START })
    project = await project.reopen()
    expect(registry.model(project, 'new')).toEqual(before)
    expect(registry.versionByAlias(project, 'new', 'best')).toMatchObject({
      name: 'new',
      version: 1,
      aliases: ['best'],
      tags: [{ key: 'w', value: 'x' }],
    })
    expect(registry.models(project).map(({ name }) => name)).toEqual(['new', 'old'])
  })

  it('are refused names that addresses could not hold', async () => {
    const refusals = await Promise.all(
      ['', ' ', 'a/b', 'a:b', '.', '..', '..x'].map((name) => refusal(() => create(name))),
    )
    expect(refusals.map((text) => text.split(':')[0])).toEqual(Array.from({ length: 7 }, () => 'invalid'))
    expect(await refusal(() => create('größe (1) 中文'))).toBe('none')
  })
})

describe('versions', () => {
  it('are numbered from 1, and a number is never given again', async () => {
    await create('m')
    const numbers: number[] = []
    for (let index = 0; index < 3; index++) numbers.push((await version('m')).version)
    await registry.removeVersion(project, 'm', '3')
    numbers.push((await version('m')).version)
    expect(numbers).toEqual([1, 2, 3, 4])
    expect(registry.versions(project).map((one) => one.version)).toEqual([1, 2, 4])
  })

  it('made at the same moment get a number each', async () => {
    await create('m')
    const all = await Promise.all(Array.from({ length: 20 }, () => version('m')))
    expect(all.map((one) => one.version).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 1),
    )
  })

  it('move between stages, archiving those before them if asked to', async () => {
    await create('m')
    for (let index = 0; index < 3; index++) await version('m')
    const move = (number: string, archive = false) =>
      registry.moveToStage(project, 'm', number, { stage: 'production', archive })
    await move('1')
    await move('2')
    const stages = (): readonly string[] => registry.versions(project).map(({ stage }) => stage)
    expect(stages()).toEqual(['production', 'production', 'none'])
    await move('3', true)
    expect(stages()).toEqual(['archived', 'archived', 'production'])
    expect(registry.model(project, 'm').latest.map((one) => [one.stage, one.version])).toEqual([
      ['archived', 2],
      ['production', 3],
    ])
    expect(await refusal(() => registry.moveToStage(project, 'm', '3', { stage: 'archived', archive: true }))).toMatch(
      /^invalid: .* is not an Active stage/,
    )
  })

  it('are found by alias, which belongs to one version of a model and goes with it', async () => {
    await create('m')
    await version('m')
    await version('m')
    await registry.setAlias(project, 'm', 'best', '1')
    await registry.setAlias(project, 'm', 'best', '2')
    expect(registry.versionByAlias(project, 'm', 'best').version).toBe(2)
    expect(registry.versionByAlias(project, 'm', 'LATEST').version).toBe(2)
    await registry.removeVersion(project, 'm', '2')
    expect(registry.versionByAlias(project, 'm', 'latest').version).toBe(1)
    expect(await refusal(() => registry.versionByAlias(project, 'm', 'best'))).toBe(
      'invalid: Registered model alias best not found.',
    )
    const reserved = ['latest', 'v1', 'a b', '', 'x'.repeat(256)]
    for (const alias of reserved)
      expect(await refusal(() => registry.setAlias(project, 'm', alias, '1'))).toMatch(/^invalid/)
  })

  it('are asked for by texts that are numbers', async () => {
    await create('m')
    const refusals = ['one', '', '1.5', '99', '9'.repeat(30)].map((text) =>
      refusal(() => registry.version(project, 'm', text)),
    )
    expect((await Promise.all(refusals)).map((text) => text.split(':')[0])).toEqual([
      ...['invalid', 'invalid', 'invalid'],
      ...['not_found', 'not_found'],
    ])
  })
})

it('what is refused leaves nothing behind, and what is written is told', async () => {
  await create('m')
  project.changes.length = 0
  expect(await refusal(() => version('nothing'))).toBe('not_found: Registered Model with name=nothing not found')
  expect(registry.versions(project)).toEqual([])
  expect(project.changes).toEqual([])
  await version('m')
  expect(project.changes).toEqual([{ project: 'test', entity: 'model', ids: [] }])
  const closed = { ...project, readOnly: true }
  expect(await refusal(() => registry.create(closed, { name: 'x', description: '', tags: [] }))).toBe(
    'read_only: test can only be read.',
  )
})
