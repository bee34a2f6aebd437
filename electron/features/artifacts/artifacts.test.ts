import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createModelsService } from '#electron/features/models/index.ts'
import { createRunsService } from '#electron/features/runs/service.ts'
import { openTestProject, START, type TestProject } from '#electron/features/runs/test-project.fixture.ts'
import { fileInside, safeParts } from './file-inside.ts'
import { createArtifactHandlers } from './handlers.ts'
import { folderSize, listFolder } from './list-folder.ts'
import { mimeOf, mimeOfContent } from './mime.ts'
import { artifactFolder, modelFolder } from './roots.ts'

const runs = createRunsService(() => 'unnamed')
const models = createModelsService(() => 'model')
const context = { signal: new AbortController().signal, actor: 'test' }
let project: TestProject
let run = ''
let handlers: ReturnType<typeof createArtifactHandlers>
beforeEach(async () => {
  project = openTestProject()
  run = (await runs.createRun(project, { source: 'client' })).id
  handlers = createArtifactHandlers({ projects: { require: () => project } })
})
afterEach(() => project.dispose())

function put(path: string, text: string | Uint8Array, root = artifactFolder(project, run)): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

const place = () => ({ project: 'test', run, place: 'artifact' as const })
const list = (path: string, given: object = place()) => handlers.list({ ...place(), ...given, path }, context)
const read = (path: string, given: object = {}) =>
  handlers.read({ ...place(), path, offset: 0, limit: 1 << 20, ...given }, context)

/** Paths that would lead out of the folder, or would if they were decoded once more or on another system. */
const ESCAPES = [
  '../x',
  '..',
  'a/../../x',
  '/etc/passwd',
  'a/../..',
  './../x',
  'a\0b',
  '../../etc/passwd',
  '//etc/passwd',
  'link/passwd',
  'dangling',
  'dangling/x',
]

describe('paths', () => {
  test('that lead out are refused by every call', async () => {
    put('a/ok.txt', 'ok')
    symlinkSync('/etc', join(artifactFolder(project, run), 'link'))
    symlinkSync('/nowhere/at/all', join(artifactFolder(project, run), 'dangling'))
    const refused = { code: 'forbidden', field: 'path' }
    for (const path of ESCAPES) {
      await expect(list(path), path).rejects.toMatchObject(refused)
      await expect(read(path), path).rejects.toMatchObject(refused)
      await expect(handlers.locate({ ...place(), path }, context), path).rejects.toMatchObject(refused)
      await expect(handlers.remove({ ...place(), path }, context), path).rejects.toMatchObject(refused)
    }
    expect(readdirSync('/etc').length).toBeGreaterThan(0)
  })

  test('whatever a path is made of, what comes out lies inside', async () => {
    put('a/b/c.txt', 'x')
    const root = artifactFolder(project, run)
    const part = fc.constantFrom('a', 'b', '..', '.', '', 'c.txt', '%2e%2e', '..\\..', 'ü', '\0', '~', '...', 'link')
    symlinkSync('/tmp', join(root, 'link'))
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 6 }), fc.boolean(), async (parts, absolute) => {
        const file = await fileInside(root, (absolute ? '/' : '') + parts.join('/'))
        if (file !== undefined) expect(file === root || file.startsWith(`${root}/`)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  test('links that stay inside are followed, also when the whole folder is a link', async () => {
    put('data/deep/x.txt', 'x')
    const root = artifactFolder(project, run)
    symlinkSync('data/deep', join(root, 'short'))
    symlinkSync(root, join(project.folder, 'elsewhere'))
    expect(await fileInside(root, 'short/x.txt')).toBe(join(root, 'data/deep/x.txt'))
    expect(await fileInside(join(project.folder, 'elsewhere'), 'data/new.txt')).toBe(join(root, 'data/new.txt'))
    expect(safeParts('./a//b/.')).toEqual(['a', 'b'])
  })
})

describe('listing', () => {
  test('folders first, then names with their numbers by value; drafts and links that lead out are not shown', async () => {
    put('plot-10.png', '1234')
    put('plot-9.png', '1')
    put('Ünïcode 🦦.txt', '')
    put('tables/a.csv', 'a')
    put('.0123456789ab.part', 'half')
    put('.hidden', '')
    symlinkSync('/etc/passwd', join(artifactFolder(project, run), 'passwd'))
    symlinkSync('plot-9.png', join(artifactFolder(project, run), 'alias.png'))
    const { entries, truncated } = await list('')
    expect(truncated).toBe(false)
    expect(entries.map(({ path, folder, size }) => [path, folder, size])).toEqual([
      ['tables', true, 0],
      ['.hidden', false, 0],
      ['alias.png', false, 1],
      ['plot-9.png', false, 1],
      ['plot-10.png', false, 4],
      ['Ünïcode 🦦.txt', false, 0],
    ])
    expect((await list('tables/')).entries.map(({ path, name }) => ({ path, name }))).toEqual([
      { path: 'tables/a.csv', name: 'a.csv' },
    ])
    expect(await list('not/there')).toEqual({ entries: [], truncated: false })
    await expect(list('plot-9.png')).rejects.toMatchObject({ code: 'forbidden' })
  })

  test('of ten thousand files is whole, of more is cut and says so', async () => {
    const folder = artifactFolder(project, run)
    mkdirSync(folder, { recursive: true })
    for (let file = 0; file < 10_001; file++) writeFileSync(join(folder, `f${file}`), '')
    const cut = await list('')
    expect([cut.entries.length, cut.truncated]).toEqual([10_000, true])
    expect(await folderSize(folder)).toEqual({ files: 10_001, bytes: 0 })
    const few = await listFolder(folder, '', 10)
    expect([few?.entries.length, few?.truncated]).toEqual([10, true])
  }, 60_000)

  test('a run without artifacts has none, an unknown run is said', async () => {
    expect(await list('')).toEqual({ entries: [], truncated: false })
    await expect(list('', { run: 'nope' })).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('reading', () => {
  test('brings a part, the whole size and the type', async () => {
    put('notes', 'hällo wörld')
    put('image', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3))
    put('empty.csv', '')
    const part = await read('notes', { offset: 1, limit: 4 })
    expect({ ...part, bytes: Buffer.from(part.bytes).toString('utf8') }).toEqual({
      bytes: 'äll',
      size: 13,
      mime: 'text/plain',
    })
    expect((await read('image')).mime).toBe('image/png')
    expect((await read('image', { offset: 9 })).bytes).toEqual(Uint8Array.of(2, 3))
    expect(await read('empty.csv')).toEqual({ bytes: new Uint8Array(), size: 0, mime: 'text/csv' })
    expect((await read('notes', { offset: 100 })).bytes).toEqual(new Uint8Array())
  })

  test('folders, pipes and missing files are refused, at once', async () => {
    put('folder/x', '')
    execFileSync('mkfifo', [join(artifactFolder(project, run), 'pipe')])
    await expect(read('folder')).rejects.toMatchObject({ code: 'invalid' })
    await expect(read('')).rejects.toMatchObject({ code: 'invalid' })
    await expect(read('pipe')).rejects.toMatchObject({ code: 'invalid' })
    await expect(read('gone')).rejects.toMatchObject({ code: 'not_found' })
    expect((await list('')).entries.map(({ name }) => name)).toEqual(['folder'])
  })
})

test('removing takes a file or a folder, never the root or the project’s own', async () => {
  put('a/b/x', '1')
  put('y', '2')
  const remove = (path: string, given: object = {}) => handlers.remove({ ...place(), ...given, path }, context)
  await expect(remove('')).rejects.toMatchObject({ code: 'invalid' })
  await expect(remove('nope')).rejects.toMatchObject({ code: 'not_found' })
  await remove('a')
  expect(readdirSync(artifactFolder(project, run))).toEqual(['y'])
  expect(project.changes.at(-1)).toEqual({ project: 'test', entity: 'artifact', ids: [run] })
  await expect(remove('y', { place: 'written' })).rejects.toMatchObject({ code: 'forbidden' })
})

test('a model’s files are shown with a run that has to do with it, and only with that', async () => {
  const model = await models.create(project, {
    experiment: '0',
    name: 'm',
    type: null,
    sourceRun: run,
    params: [],
    tags: [],
  })
  put('MLmodel', 'flavors: {}', modelFolder(project, model.id))
  const given = { place: 'model' as const, model: model.id }
  expect((await list('', given)).entries.map(({ name }) => name)).toEqual(['MLmodel'])
  expect((await read('MLmodel', given)).mime).toBe('application/yaml')
  const other = await runs.createRun(project, { source: 'client' })
  await expect(list('', { ...given, run: other.id })).rejects.toMatchObject({ code: 'not_found' })
  await expect(list('', { place: 'model' })).rejects.toMatchObject({ code: 'invalid', field: 'model' })
  await models.linkToRun(project, other.id, 'input', [{ model: model.id, step: 0 }])
  expect((await list('', { ...given, run: other.id })).entries).toHaveLength(1)
})

test('written files are listed with what became of them, and only they are shown', async () => {
  for (const [name, text] of [
    ['out/same.txt', '1'],
    ['out/changed.txt', '22'],
    ['secret.env', 'KEY=1'],
  ] as const) {
    put(name, text, project.folder)
    utimesSync(join(project.folder, name), START / 1_000, START / 1_000)
  }
  const files = [
    { path: 'out/changed.txt', size: 1, modifiedAt: START, kept: true },
    { path: 'out/gone.txt', size: 5, modifiedAt: START },
    { path: 'out/same.txt', size: 1, modifiedAt: START },
    { path: '../outside.txt', size: 1, modifiedAt: START },
  ]
  await runs.setWrittenFiles(project, run, files)
  const later = await runs.createRun(project, { source: 'client', name: 'later' })
  const latest = await runs.createRun(project, { source: 'client', name: 'latest' })
  await runs.setWrittenFiles(project, later.id, files.slice(0, 1))
  await runs.setWrittenFiles(project, latest.id, files.slice(0, 1))
  const written = await handlers.written({ project: 'test', run }, context)
  expect(written.map(({ path, kept, now, overwrittenBy }) => [path, kept, now, overwrittenBy?.name ?? null])).toEqual([
    ['../outside.txt', false, 'gone', null],
    ['out/changed.txt', true, 'changed', 'latest'],
    ['out/gone.txt', false, 'gone', null],
    ['out/same.txt', false, 'same', null],
  ])
  const given = { place: 'written' as const }
  expect((await list('out', given)).entries.map(({ path }) => path)).toEqual([
    'out/changed.txt',
    'out/gone.txt',
    'out/same.txt',
  ])
  expect(Buffer.from((await read('out/same.txt', given)).bytes).toString()).toBe('1')
  await expect(read('secret.env', given)).rejects.toMatchObject({ code: 'forbidden' })
  await expect(read('../outside.txt', given)).rejects.toMatchObject({ code: 'forbidden' })
  await expect(read('out/gone.txt', given)).rejects.toMatchObject({ code: 'not_found' })
})

test('types are told by the name, else by the content', () => {
  expect(
    ['a/PLOT.PNG', 'x.svg', 'README', 'MLmodel', 'w.safetensors', 'noend', 'a.constructor', 'constructor'].map(mimeOf),
  ).toEqual([
    'image/png',
    'image/svg+xml',
    'text/plain',
    'application/yaml',
    'application/x-safetensors',
    'application/octet-stream',
    'application/octet-stream',
    'application/octet-stream',
  ])
  const bytes = (text: string) => new TextEncoder().encode(text)
  expect(mimeOfContent('x', bytes('plain é').slice(0, -1))).toBe('text/plain')
  expect(mimeOfContent('x', Uint8Array.of(0xff, 0xfe, 0x00))).toBe('application/octet-stream')
  expect(mimeOfContent('x', Uint8Array.of(0x61, 0xff, 0x61))).toBe('application/octet-stream')
  expect(mimeOfContent('x.bin', bytes('text'))).toBe('application/octet-stream')
})
