import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { ImportArtifacts } from '#shared/contract/imports.ts'
import { openTestProject, type TestProject } from '#electron/features/runs/test-project.fixture.ts'
import type { ServerFiles, SourceArtifacts } from './source.ts'
import { takeFiles } from './take-files.ts'
import { createTally } from './tally.ts'

let project: TestProject
let from: string

beforeEach(() => {
  project = openTestProject()
  from = mkdtempSync(join(tmpdir(), 'artifacts-'))
})
afterEach(async () => {
  await project.dispose()
  rmSync(from, { recursive: true, force: true })
})

const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(from, path)), { recursive: true })
  writeFileSync(join(from, path), text)
}
const own = (path: string): string => join(project.artifactsFolder, 'r', 'artifacts', path)
const roots = () => project.db.all('SELECT owner, location FROM artifact_root')

async function take(artifacts: SourceArtifacts, mode: ImportArtifacts = 'copy', signal = new AbortController().signal) {
  const tally = createTally()
  const files: string[] = []
  await takeFiles(
    {
      project,
      mode,
      growing: false,
      tally,
      signal,
      onTotal: () => {},
      onFile: (path) => files.push(path),
      onBytes: () => {},
    },
    [{ owner: { kind: 'run', id: 'r' }, shown: 'run r', artifacts }],
  )
  return { ...tally.report('done', 0, 0, null), files }
}

it('copies what is not here yet, with the time that it had', async () => {
  write('model/MLmodel', 'flavors: {}')
  write('größe 中文/a b.txt', 'x'.repeat(10))
  write(`${'n'.repeat(255)}`, 'long')
  utimesSync(join(from, 'model/MLmodel'), 1_600_000_000.5, 1_600_000_000.5)
  const folder = { at: 'folder', path: from } as const
  const first = await take(folder)
  expect(first.came).toMatchObject({ copiedFiles: 3, copiedBytes: 11 + 10 + 4 })
  expect(readFileSync(own('größe 中文/a b.txt'), 'utf8')).toBe('x'.repeat(10))
  expect(lstatSync(own('model/MLmodel')).mtimeMs).toBe(1_600_000_000_500)
  const inode = lstatSync(own('model/MLmodel')).ino
  expect((await take(folder)).came.copiedFiles).toBe(0)
  write('a b.txt', 'changed')
  write('model/MLmodel', 'flavors: {a}')
  expect((await take(folder)).files).toEqual(['run r: a b.txt', 'run r: model/MLmodel'])
  expect(lstatSync(own('model/MLmodel')).ino).not.toBe(inode)
  expect(readFileSync(own('model/MLmodel'), 'utf8')).toBe('flavors: {a}')
})

it('leaves a file alone that was written here since', async () => {
  for (const path of ['model.pkl', 'notes.md', 'plot.png']) {
    write(path, 'there')
    utimesSync(join(from, path), 1_600_000_000, 1_600_000_000)
  }
  const folder = { at: 'folder', path: from } as const
  await take(folder)
  writeFileSync(own('model.pkl'), 'trained again')
  writeFileSync(own('notes.md'), 'here!')
  write('plot.png', 'drawn again')
  const { came, notes } = await take(folder)
  expect(came.copiedFiles).toBe(1)
  expect(['model.pkl', 'notes.md', 'plot.png'].map((path) => readFileSync(own(path), 'utf8'))).toEqual([
    'trained again',
    'here!',
    'drawn again',
  ])
  expect(notes).toEqual([
    { kind: 'skipped', what: join(from, 'model.pkl'), why: 'a later one is here: what is here stays' },
  ])
})

it('follows no link that leads out, and names what it leaves out', async () => {
  const outside = mkdtempSync(join(tmpdir(), 'outside-'))
  writeFileSync(join(outside, 'secret'), 'no')
  write('inside.txt', 'yes')
  symlinkSync(join(outside, 'secret'), join(from, 'out'))
  symlinkSync('inside.txt', join(from, 'in'))
  symlinkSync('nowhere', join(from, 'broken'))
  symlinkSync(outside, join(from, 'folder'))
  symlinkSync('.', join(from, 'round'))
  const { came, notes } = await take({ at: 'folder', path: from })
  rmSync(outside, { recursive: true })
  expect(came.copiedFiles).toBe(2)
  expect(lstatSync(own('in')).isFile()).toBe(true)
  expect(notes.map(({ what }) => what.slice(from.length + 1)).toSorted()).toEqual(['broken', 'folder', 'out', 'round'])
})

it('leaves one file out that can’t be read, not the rest (root may read everything, so not for root)', async ({
  skip,
}) => {
  write('a', '1')
  write('b', '2')
  chmodSync(join(from, 'a'), 0)
  try {
    readFileSync(join(from, 'a'))
    return skip('this user may read everything')
  } catch {
    // As it should be.
  }
  const { came, notes } = await take({ at: 'folder', path: from })
  expect(came.copiedFiles).toBe(1)
  expect(notes).toMatchObject([{ kind: 'skipped', what: join(from, 'a') }])
})

it('refers to folders and addresses, and brings files home later', async () => {
  write('a', '1')
  const folder = { at: 'folder', path: from } as const
  expect((await take(folder, 'reference')).came).toMatchObject({ referencedFolders: 1, copiedFiles: 0 })
  expect(roots()).toEqual([{ owner: 'r', location: from }])
  expect((await take(folder, 'reference')).came.referencedFolders).toBe(0)
  expect((await take(folder, 'copy')).came.copiedFiles).toBe(1)
  expect(roots()).toEqual([])
  await take({ at: 'remote', address: 's3://bucket/x' }, 'copy')
  expect(roots()).toEqual([{ owner: 'r', location: 's3://bucket/x' }])
  const { notes } = await take({ at: 'missing', address: 'file:///gone' })
  expect(notes).toEqual([{ kind: 'noticed', what: 'run r', why: 'its files were not found: file:///gone' }])
})

/** What a server answers to who asks for a file; `timeOf` tells when it says that it was changed. */
function servedBy(
  textOf: (path: string) => string,
  timeOf: (path: string) => string | null = () => null,
): Pick<ServerFiles, 'read' | 'lastModified'> {
  return {
    read: (path) => Promise.resolve({ body: new Blob([textOf(path)]).stream(), lastModified: timeOf(path) }),
    lastModified: (path) => Promise.resolve(timeOf(path)),
  }
}

it('downloads what a server has, whole files only, and nothing that leads out', async () => {
  const content: Readonly<Record<string, string>> = { 'a/b.txt': 'hello', '../out': 'no', bad: 'never' }
  let reads = 0
  const server: SourceArtifacts = {
    at: 'server',
    files: {
      async *list() {
        for (const [path, text] of Object.entries(content)) yield { path, size: text.length }
        await Promise.resolve()
      },
      read(path) {
        reads++
        const body = new ReadableStream<Uint8Array>({
          start(stream) {
            stream.enqueue(Buffer.from(content[path] ?? ''))
            if (path === 'bad') stream.error(new Error('the connection broke'))
            else stream.close()
          },
        })
        return Promise.resolve({ body, lastModified: null })
      },
      lastModified: () => Promise.resolve(null),
    },
  }
  const { came, notes } = await take(server)
  expect(came).toMatchObject({ copiedFiles: 1, copiedBytes: 5 })
  expect(readFileSync(own('a/b.txt'), 'utf8')).toBe('hello')
  expect(notes.map(({ what, why }) => `${what}: ${why}`)).toEqual([
    'run r: ../out: its path leads out of its folder',
    'run r: bad: the connection broke',
  ])
  expect(lstatSync(own('bad'), { throwIfNoEntry: false })).toBeUndefined()
  reads = 0
  await take(server)
  expect(reads).toBe(1)
})

it('replaces what came from a server by what is there now, but for what was changed here', async () => {
  const content = new Map(['same', 'grown', 'mine', 'logged', 'gone'].map((path) => [path, 'first']))
  const server: SourceArtifacts = {
    at: 'server',
    files: {
      async *list() {
        for (const [path, text] of content) yield { path, size: text.length }
        await Promise.resolve()
      },
      ...servedBy((path) => content.get(path) ?? ''),
    },
  }
  mkdirSync(own(''), { recursive: true })
  writeFileSync(own('logged'), 'by the run itself')
  expect((await take(server)).notes).toEqual([
    { kind: 'skipped', what: 'run r: logged', why: 'another file is here: what is here stays' },
  ])
  for (const path of ['grown', 'mine', 'logged', 'gone']) content.set(path, 'the second')
  writeFileSync(own('mine'), 'by a person')
  rmSync(own('gone'))
  const { came, notes } = await take(server)
  expect(came).toMatchObject({ copiedFiles: 2, copiedBytes: 20 })
  expect(notes.map(({ what, why }) => `${what}: ${why}`)).toEqual([
    'run r: mine: it was changed here since it came: what is here stays',
    'run r: logged: another file is here: what is here stays',
  ])
  expect([...content.keys()].map((path) => readFileSync(own(path), 'utf8'))).toEqual([
    ...['first', 'the second', 'by a person', 'by the run itself', 'the second'],
  ])
  expect((await take(server)).came.copiedFiles).toBe(0)
  // What was replaced came as well, and is replaced again.
  content.set('grown', 'third')
  expect((await take(server)).came.copiedFiles).toBe(1)
})

it('takes a file that changed on a server and kept its size, where the server says when', async () => {
  const content = new Map(['told', 'untold', 'mine', 'still'].map((path) => [path, 'first']))
  const times = new Map<string, string | null>([
    ['told', 'Sat, 21 Nov 2026 10:00:00 GMT'],
    ['untold', null],
    ['mine', 'Sat, 21 Nov 2026 10:00:00 GMT'],
    ['still', 'Sat, 21 Nov 2026 10:00:00 GMT'],
  ])
  const asked: string[] = []
  const served = servedBy(
    (path) => content.get(path) ?? '',
    (path) => times.get(path) ?? null,
  )
  const server: SourceArtifacts = {
    at: 'server',
    files: {
      async *list() {
        for (const [path, text] of content) yield { path, size: text.length }
        await Promise.resolve()
      },
      read: served.read,
      lastModified(path, signal) {
        asked.push(path)
        return served.lastModified(path, signal)
      },
    },
  }
  await take(server)
  writeFileSync(own('mine'), 'MY WN')
  // A disk may keep times less exactly than two writes follow each other.
  utimesSync(own('mine'), 5, 5)
  for (const path of ['told', 'untold', 'mine']) {
    content.set(path, 'other')
    if (times.get(path) !== null) times.set(path, 'Sat, 21 Nov 2026 11:00:00 GMT')
  }
  const { came, notes } = await take(server)
  expect(came.copiedFiles).toBe(1)
  expect(notes.map(({ what, why }) => `${what}: ${why}`)).toEqual([
    'run r: mine: it was changed here since it came: what is here stays',
  ])
  expect(['told', 'untold', 'mine', 'still'].map((path) => readFileSync(own(path), 'utf8'))).toEqual([
    ...['other', 'first', 'MY WN', 'first'],
  ])
  expect(asked).toEqual(['told', 'mine', 'still'])
  times.set('told', null)
  expect((await take(server)).came.copiedFiles).toBe(0)
})

it('goes on with a file from a server that came, and was not written down before the process was killed', async () => {
  let text = 'first'
  const server: SourceArtifacts = {
    at: 'server',
    files: {
      async *list() {
        yield { path: 'log', size: text.length }
        await Promise.resolve()
      },
      ...servedBy(() => text),
    },
  }
  await take(server)
  project.db.run('DELETE FROM import_file')
  expect((await take(server)).came.copiedFiles).toBe(0)
  text = 'the second'
  expect(await take(server)).toMatchObject({ came: { copiedFiles: 1 }, notes: [] })
  expect(readFileSync(own('log'), 'utf8')).toBe('the second')
})

it('begins nothing where there is no room for all of it', async () => {
  writeFileSync(join(from, 'huge'), '')
  const { truncateSync } = await import('node:fs')
  // A file of holes: it is long, and takes no room where it lies.
  truncateSync(join(from, 'huge'), 2 ** 43)
  await expect(take({ at: 'folder', path: from })).rejects.toMatchObject({
    code: 'disk_full',
    message: expect.stringMatching(/^The files need 8,796,094 MB, and [\d,]+ MB are free/) as string,
  })
  expect(lstatSync(own('huge'), { throwIfNoEntry: false })).toBeUndefined()
})
