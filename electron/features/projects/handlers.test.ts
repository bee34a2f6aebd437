import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { contract } from '#shared/contract/index.ts'
import { backUp } from '#electron/db/backup.ts'
import { randomIds } from '#electron/platform/ids.ts'
import { silentLog } from '#electron/platform/log.ts'
import { tempFolder } from '#test/fixtures/temp-folder.ts'
import { createProjectHandlers } from './handlers.ts'
import { backupFolder, createOpenProjects } from './open-projects.ts'

/** Handlers over a data folder of their own; answers are parsed as the contract has them. */
function open() {
  const root = tempFolder()
  const dataFolder = join(root, 'data')
  const sampleFolder = join(root, 'resources', 'sample')
  mkdirSync(join(sampleFolder, '__pycache__'), { recursive: true })
  mkdirSync(join(sampleFolder, 'outputs'))
  for (const name of ['train.py', 'README.md', '__pycache__/x.pyc', 'outputs/model.pkl'])
    writeFileSync(join(sampleFolder, name), name)
  const changes: unknown[] = []
  const projects = createOpenProjects({
    clock: { now: () => 1_000 },
    ids: randomIds,
    log: silentLog,
    dataFolder,
    changed: (change) => void changes.push(change),
  })
  onTestFinished(() => projects.closeAll())
  const handlers = createProjectHandlers({ projects, dataFolder, baseUrl: () => 'http://127.0.0.1:5080', sampleFolder })
  const context = { signal: new AbortController().signal, actor: 'test' }
  const folder = join(root, 'churn')
  mkdirSync(folder)
  return {
    root,
    folder,
    dataFolder,
    projects,
    changes,
    open: async (given: string) =>
      contract.projects.open.output.parse(await handlers.open({ folder: given, create: true }, context)),
    look: async (given: string) => contract.projects.look.output.parse(await handlers.look({ folder: given }, context)),
    ask: <Result>(work: (given: typeof handlers, context_: typeof context) => Result) => work(handlers, context),
  }
}

type Bench = ReturnType<typeof open>

function addRun({ projects }: Bench, project: string, number: number): Promise<void> {
  const { db, commits } = projects.require(project)
  return commits.enqueue(() => {
    db.run(
      `INSERT INTO run (number, id, experiment, name, status, source, created_at) VALUES (?, ?, '0', 'a', 'finished', 'client', 0)`,
      number,
      `run-${number}`,
    )
  })
}

describe('opening', () => {
  it('tells where everything is', async () => {
    const bench = open()
    const project = await bench.open(bench.folder)
    expect(project).toEqual({
      id: expect.stringMatching(/^churn-[0-9a-f]{4}$/),
      name: 'churn',
      folder: bench.folder,
      inbox: false,
      trackingUri: `http://127.0.0.1:5080/p/${project.id}`,
      database: join(bench.folder, '.benchtop', 'project.db'),
      databaseElsewhere: null,
      readOnly: false,
      git: null,
      counts: { runs: 0, running: 0, queued: 0, archived: 0, trashed: 0, models: 0 },
    })
    expect(bench.changes).toContainEqual({ project: project.id, entity: 'project', ids: [project.id] })
  })

  it('of a synced folder says why its database lies elsewhere', async () => {
    const bench = open()
    const folder = join(bench.root, 'Dropbox', 'churn')
    mkdirSync(folder, { recursive: true })
    const project = await bench.open(folder)
    expect(project.databaseElsewhere).toContain('Dropbox')
    expect(project.database.startsWith(join(bench.dataFolder, 'projects'))).toBe(true)
    expect(readdirSync(join(folder, '.benchtop')).toSorted()).toEqual(['.gitignore', 'database-is-elsewhere.txt'])
  })

  it('two folders of one name are two projects', async () => {
    const bench = open()
    mkdirSync(join(bench.root, 'b', 'churn'), { recursive: true })
    const [first, second] = [await bench.open(bench.folder), await bench.open(join(bench.root, 'b', 'churn'))]
    expect(first.id).not.toBe(second.id)
  })

  it('a project whose folder is gone is said to be, and is there again when the folder is', async () => {
    const bench = open()
    const { id } = await bench.open(bench.folder)
    await bench.projects.closeProject(id)
    renameSync(bench.folder, `${bench.folder}-moved`)
    const states = (): unknown =>
      bench.ask((handlers, context) => handlers.recent({}, context)) as readonly { readonly state: string }[]
    expect(states()).toMatchObject([{ id, state: 'missing' }])
    await expect(bench.ask(async (handlers, context) => handlers.get({ project: id }, context))).rejects.toMatchObject({
      code: 'not_found',
      message: `The folder of churn is gone: ${bench.folder}.`,
    })
    renameSync(`${bench.folder}-moved`, bench.folder)
    expect(states()).toMatchObject([{ id, state: 'ok' }])
    expect((await bench.open(bench.folder)).id).toBe(id)
  })

  it('the Inbox is there for good', async () => {
    const bench = open()
    const inbox = await bench.ask(async (handlers, context) => handlers.get({ project: 'inbox' }, context))
    expect(inbox).toMatchObject({ id: 'inbox', name: 'Inbox', inbox: true, git: null, databaseElsewhere: null })
    await expect(
      bench.ask(async (handlers, context) => handlers.forget({ project: 'inbox' }, context)),
    ).rejects.toMatchObject({ code: 'invalid' })
  })

  it('a rename stays with the project, and a forgotten one keeps its files', async () => {
    const bench = open()
    const { id } = await bench.open(bench.folder)
    await bench.ask((handlers, context) => handlers.rename({ project: id, name: 'Churn, second try' }, context))
    await bench.ask((handlers, context) => handlers.forget({ project: id }, context))
    expect(bench.ask((handlers, context) => handlers.recent({}, context))).toEqual([])
    const again = await bench.open(bench.folder)
    expect([again.id, again.name]).toEqual([id, 'Churn, second try'])
  })
})

describe('a deleted history', () => {
  it('is offered while there is no other, and comes back whole', async () => {
    const bench = open()
    const { id } = await bench.open(bench.folder)
    await addRun(bench, id, 1)
    await addRun(bench, id, 2)
    const context = bench.projects.require(id)
    await backUp(context.db, backupFolder(bench.dataFolder, bench.folder))
    await bench.projects.closeProject(id)
    expect((await bench.look(bench.folder)).backups).toEqual([])

    rmSync(join(bench.folder, '.benchtop'), { recursive: true })
    const offered = await bench.look(bench.folder)
    expect(offered).toMatchObject({ exists: true, isProject: false, backups: [{ runs: 2 }] })

    // A script that logs to the project's address makes an empty history by itself: the other is offered all the same.
    bench.projects.require(id)
    expect(await bench.look(bench.folder)).toMatchObject({ isProject: true, backups: [{ runs: 2 }] })

    const [backup] = offered.backups
    const restored = await bench.ask((handlers, given) =>
      handlers.restore({ folder: bench.folder, file: backup?.file ?? '' }, given),
    )
    expect([restored.id, restored.counts.runs, (await bench.look(bench.folder)).backups]).toEqual([id, 2, []])
  })

  it('an empty backup is no history', async () => {
    const bench = open()
    const { id } = await bench.open(bench.folder)
    await backUp(bench.projects.require(id).db, backupFolder(bench.dataFolder, bench.folder))
    expect((await bench.look(bench.folder)).backups).toEqual([])
  })

  it('only a folder’s own backups take its place', async () => {
    const bench = open()
    const { id } = await bench.open(bench.folder)
    const other = join(bench.root, 'other')
    mkdirSync(other)
    await bench.open(other)
    const theirs = await backUp(bench.projects.require(id).db, backupFolder(bench.dataFolder, other))
    const own = backupFolder(bench.dataFolder, bench.folder)
    for (const file of [theirs.file, '/etc/passwd', join(own, '..', 'x.db'), 'x.db', join(own, 'sub', 'x.db')])
      await expect(
        bench.ask((handlers, context) => handlers.restore({ folder: bench.folder, file }, context)),
      ).rejects.toMatchObject({ code: 'forbidden' })
    await expect(
      bench.ask((handlers, context) => handlers.restore({ folder: bench.folder, file: join(own, 'none.db') }, context)),
    ).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('the sample', () => {
  it('is copied without what it made, and opened as it is the second time', async () => {
    const bench = open()
    const target = join(bench.root, 'sample')
    const make = () => bench.ask((handlers, context) => handlers.sample({ folder: target }, context))
    const { id } = await make()
    expect(readdirSync(target).toSorted()).toEqual(['.benchtop', 'README.md', 'train.py'])
    writeFileSync(join(target, 'train.py'), 'my own')
    expect((await make()).id).toBe(id)
  })

  it('takes no folder that holds other things, and none that is not told from the root', async () => {
    const bench = open()
    writeFileSync(join(bench.folder, 'mine.txt'), '')
    const make = async (folder: string) => bench.ask((handlers, context) => handlers.sample({ folder }, context))
    await expect(make(bench.folder)).rejects.toMatchObject({ code: 'conflict', field: 'folder' })
    await expect(make('sample')).rejects.toMatchObject({ code: 'invalid', field: 'folder' })
    expect([readdirSync(bench.folder), existsSync('sample')]).toEqual([['mine.txt'], false])
  })
})

describe('looking at a path', () => {
  it('says what opening it would do, or what is wrong', async () => {
    const bench = open()
    expect([
      await bench.look(bench.folder),
      await bench.look(join(bench.root, 'none')),
      await bench.look('churn'),
    ]).toEqual([
      { exists: true, folder: bench.folder, isProject: false, backups: [], problem: null },
      {
        exists: false,
        folder: join(bench.root, 'none'),
        isProject: false,
        backups: [],
        problem: `There is no folder ${join(bench.root, 'none')}.`,
      },
      {
        exists: false,
        folder: 'churn',
        isProject: false,
        backups: [],
        problem: 'Give the folder from the root: /home/ada/churn.',
      },
    ])
  })

  it('names folders that begin so, hidden ones only when they are meant', () => {
    const bench = open()
    for (const name of ['Churn two', '.hidden', 'data']) mkdirSync(join(bench.root, name), { recursive: true })
    writeFileSync(join(bench.root, 'churn.txt'), '')
    const names = (prefix: string): readonly string[] =>
      (bench.ask((handlers, context) => handlers.folders({ prefix }, context)) as readonly string[]).map((name) =>
        name.slice(bench.root.length + 1),
      )
    expect([names(join(bench.root, 'ch')), names(join(bench.root, '.h')), names(join(bench.root, 'none/x'))]).toEqual([
      ['Churn two', 'churn'],
      ['.hidden'],
      [],
    ])
    expect(names(`${bench.root}/`)).not.toContain('.hidden')
  })
})

describe('space on disk', () => {
  it('is told, and what deletions left empty is given back', async () => {
    const bench = open()
    const { id: project } = await bench.open(bench.folder)
    const { db, commits, artifactsFolder } = bench.projects.require(project)
    const space = async () =>
      contract.projects.space.output.parse(await bench.ask((handlers, context) => handlers.space({ project }, context)))
    const vacuum = async () =>
      contract.projects.vacuum.output.parse(
        await bench.ask((handlers, context) => handlers.vacuum({ project }, context)),
      )
    expect(await space()).toMatchObject({ artifactBytes: 0, freeBytes: 0, vacuum: { running: false } })
    mkdirSync(join(artifactsFolder, 'run-1', 'artifacts'), { recursive: true })
    writeFileSync(join(artifactsFolder, 'run-1', 'artifacts', 'model.bin'), new Uint8Array(12_345))
    await commits.enqueue(() => db.exec('CREATE TABLE large (body BLOB); INSERT INTO large VALUES (zeroblob(2000000))'))
    await commits.enqueue(() => db.exec('DROP TABLE large'))
    const before = await space()
    expect(before.artifactBytes).toBe(12_345)
    expect(before.freeBytes).toBeGreaterThan(2_000_000)
    const { freedBytes } = await vacuum()
    expect(freedBytes).toBeGreaterThan(2_000_000)
    expect(await space()).toMatchObject({ freeBytes: 0, databaseBytes: before.databaseBytes - freedBytes })
    expect(bench.changes).toContainEqual({ project, entity: 'project', ids: [project] })
    expect(await vacuum()).toEqual({ freedBytes: 0 })
  })
})
