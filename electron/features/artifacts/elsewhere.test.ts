import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createModelsService } from '#electron/features/models/index.ts'
import { eraseRuns, wouldFree } from '#electron/features/runs/erase.ts'
import { createRunsService } from '#electron/features/runs/service.ts'
import { openTestProject, type TestProject } from '#electron/features/runs/test-project.fixture.ts'
import { createArtifactHandlers } from './handlers.ts'
import { artifactBytes, artifactFolder, mainPlace, modelFolder, rootsOf } from './roots.ts'

const runs = createRunsService(() => 'unnamed')
const models = createModelsService(() => 'model')
const context = { signal: new AbortController().signal, actor: 'test' }
let project: TestProject
let run = ''
let model = ''
/** Where another tracker left the files. */
let left = ''
let handlers: ReturnType<typeof createArtifactHandlers>

beforeEach(async () => {
  project = openTestProject()
  run = (await runs.createRun(project, { source: 'import' })).id
  const given = { experiment: '0', name: 'm', type: null, sourceRun: run, params: [], tags: [] }
  model = (await models.create(project, given)).id
  left = join(project.folder, 'mlruns', 'old', 'artifacts')
  put(left, 'plot.png', 'left')
  put(left, 'deep/table.csv', 'a,b')
  refer('run', run, left)
  handlers = createArtifactHandlers({ projects: { require: () => project } })
})
afterEach(() => project.dispose())

function put(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

function refer(kind: 'run' | 'model', owner: string, location: string): void {
  project.db.run('INSERT INTO artifact_root (owner_kind, owner, location) VALUES (?, ?, ?)', kind, owner, location)
}

const place = () => ({ project: 'test', run, place: 'artifact' as const })
const list = (path = '', given: object = {}) => handlers.list({ ...place(), ...given, path }, context)
const names = async (path = ''): Promise<readonly string[]> => (await list(path)).entries.map(({ name }) => name)
const text = async (path: string): Promise<string> =>
  Buffer.from((await handlers.read({ ...place(), path, offset: 0, limit: 100 }, context)).bytes).toString()
const remove = (path: string) => handlers.remove({ ...place(), path }, context)
const own = (): string => artifactFolder(project, run)
const OF_BOTH = ['deep', 'mine.txt', 'plot.png']

test('files that were left elsewhere are shown with the own ones, which come first', async () => {
  expect(await names()).toEqual(['deep', 'plot.png'])
  put(own(), 'mine.txt', 'mine')
  put(own(), 'plot.png', 'drawn again')
  put(own(), 'deep/other.csv', 'c')
  expect([await names(), await names('deep')]).toEqual([OF_BOTH, ['other.csv', 'table.csv']])
  expect([await text('plot.png'), await text('mine.txt'), await text('deep/table.csv')]).toEqual([
    'drawn again',
    'mine',
    'a,b',
  ])
  expect((await list()).elsewhere).toEqual({ location: left, state: 'there' })
  expect(await handlers.locate({ ...place(), path: 'deep/table.csv' }, context)).toEqual({
    path: join(left, 'deep/table.csv'),
  })
  await expect(text('nope')).rejects.toMatchObject({ code: 'not_found', message: 'There is no file nope.' })
})

test('nothing is deleted there; what is ours is', async () => {
  put(own(), 'mine.txt', 'mine')
  put(own(), 'plot.png', 'drawn again')
  put(own(), 'deep/other.csv', 'c')
  for (const path of ['deep/table.csv', 'deep']) {
    await expect(remove(path), path).rejects.toMatchObject({
      code: 'forbidden',
      message: `${path} lies in ${left}, which is only referenced: nothing is deleted there.`,
    })
  }
  await remove('plot.png')
  await remove('mine.txt')
  await remove('deep/other.csv')
  await expect(remove('mine.txt')).rejects.toMatchObject({ code: 'not_found' })
  expect([await names(), await text('plot.png')]).toEqual([['deep', 'plot.png'], 'left'])
  await expect(remove('plot.png')).rejects.toMatchObject({ code: 'forbidden' })
})

test('no path and no link leads out of the folder that they were left in', async () => {
  put(project.folder, 'secret.txt', 'secret')
  symlinkSync(join(project.folder, 'secret.txt'), join(left, 'link'))
  symlinkSync(project.folder, join(left, 'folder'))
  symlinkSync('plot.png', join(left, 'alias.png'))
  expect([await names(), await text('alias.png')]).toEqual([['deep', 'alias.png', 'plot.png'], 'left'])
  for (const path of ['link', 'folder/secret.txt', '../../secret.txt', 'deep/../../x', '/etc/passwd', 'a\0']) {
    await expect(text(path), path).rejects.toMatchObject({ code: 'forbidden' })
    await expect(list(path), path).rejects.toMatchObject({ code: 'forbidden' })
    await expect(remove(path), path).rejects.toMatchObject({ code: 'forbidden' })
  }
  expect(readFileSync(join(project.folder, 'secret.txt'), 'utf8')).toBe('secret')
})

test('a folder that is gone is said, and back when it is back', async () => {
  renameSync(left, `${left}-away`)
  const gone = {
    code: 'not_found',
    message: `The files of this run were left in ${left}, and that folder is not there now.`,
    hint: 'Put the folder back, or connect the disk that it lies on.',
  }
  await expect(list()).rejects.toMatchObject(gone)
  await expect(text('plot.png')).rejects.toMatchObject(gone)
  expect(await artifactBytes(rootsOf(project, { kind: 'run', id: run }))).toBeNull()
  put(own(), 'mine.txt', 'mine')
  expect(await list()).toMatchObject({ entries: [{ name: 'mine.txt' }], elsewhere: { location: left, state: 'gone' } })
  expect(await text('mine.txt')).toBe('mine')
  renameSync(`${left}-away`, left)
  expect(await names()).toEqual(OF_BOTH)
})

test('an address is told, and the own files are shown', async () => {
  project.db.run('UPDATE artifact_root SET location = ?', 's3://bucket/old/artifacts')
  expect(await list()).toEqual({
    entries: [],
    truncated: false,
    elsewhere: { location: 's3://bucket/old/artifacts', state: 'remote' },
  })
  const roots = rootsOf(project, { kind: 'run', id: run })
  expect(mainPlace(roots)).toBe('s3://bucket/old/artifacts')
  put(own(), 'mine.txt', 'mine')
  expect([await names(), mainPlace(roots)]).toEqual([['mine.txt'], own()])
})

test('a model’s files are shown and counted from where they were left', async () => {
  const there = join(project.folder, 'mlruns', 'models', 'artifacts')
  put(there, 'MLmodel', 'flavors: {}')
  refer('model', model, there)
  expect((await list('', { place: 'model', model })).entries.map(({ name }) => name)).toEqual(['MLmodel'])
  put(modelFolder(project, model), 'more', '12345')
  expect(await artifactBytes(rootsOf(project, { kind: 'model', id: model }))).toBe('flavors: {}'.length + 5)
})

test('a run that is erased takes its own files along, and leaves those that were only referenced', async () => {
  put(own(), 'mine.txt', 'mine')
  refer('model', model, join(project.folder, 'mlruns', 'models'))
  const record = runs.getRun(project, run)
  expect(await wouldFree(project, [record])).toMatchObject({ runs: 1, files: 1, bytes: 4 })
  await eraseRuns(project, [record])
  expect([existsSync(own()), readFileSync(join(left, 'plot.png'), 'utf8')]).toEqual([false, 'left'])
  expect(project.db.value('SELECT count(*) FROM artifact_root')).toBe(0)
  rmSync(left, { recursive: true })
})
