import Database from 'better-sqlite3'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ExportReport } from '#shared/contract/exports.ts'
import { createModelsService, createRegistry } from '#electron/features/models/index.ts'
import { createRunsService } from '#electron/features/runs/service.ts'
import { openTestProject, START, type TestProject } from '#electron/features/runs/test-project.fixture.ts'
import { createExports, type ExportsFeature } from './index.ts'

const runs = createRunsService(() => 'unnamed')
const models = createModelsService(() => 'model')
const registry = createRegistry()
const context = { signal: new AbortController().signal, actor: 'test' }
let project: TestProject
let exports: ExportsFeature
let folder: string
let target: string

beforeEach(() => {
  project = openTestProject()
  folder = mkdtempSync(join(tmpdir(), 'export-'))
  target = join(folder, 'out')
  exports = createExports({ projects: { require: () => project, onClose: () => {} }, runs, models, registry })
})
afterEach(async () => {
  await exports.close()
  await project.dispose()
  rmSync(folder, { recursive: true, force: true })
})

const wanted = (more: object = {}) => ({
  project: 'test',
  format: 'mlflow' as const,
  target,
  artifacts: true,
  ...more,
})
async function write(more: object = {}): Promise<ExportReport> {
  const { job } = await exports.handlers.start(wanted(more), context)
  for await (const event of exports.handlers.follow({ project: 'test', job }, context))
    if (event.type === 'report') return event.report
  throw new Error('no report')
}

function read<Row>(sql: string): readonly Row[] {
  const database = new Database(join(target, 'mlflow.db'), { readonly: true })
  try {
    return database.prepare(sql).raw().safeIntegers(true).all() as Row[]
  } finally {
    database.close()
  }
}
const put = (file: string, text: string): void => {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}
const own = (run: string): string => join(project.artifactsFolder, run, 'artifacts')

test('every point is written once, with NaN, infinities and the latest value as MLflow has them', async () => {
  const { id } = await runs.createRun(project, { source: 'client', name: 'odd' })
  const points = [
    { key: 'm', value: 1.5, step: 3, time: START },
    { key: 'm', value: Number.NaN, step: 3, time: START },
    { key: 'm', value: -2, step: 3, time: START },
    { key: 'm', value: Infinity, step: 1, time: START + 5 },
    { key: 'm', value: -Infinity, step: 2, time: START },
    { key: 'size', value: 2 ** 53, step: 2 ** 40, time: START },
  ]
  await runs.logMetrics(project, id, points)
  await runs.logMetrics(project, id, [{ key: 'm', value: 7, step: 0, time: START }], 'log')
  await runs.logMetrics(project, id, [{ key: 'acc', value: 7, step: 0, time: START }], 'log')
  await runs.logMetrics(project, id, [{ key: 'system/cpu', value: 1, step: 0, time: START }], 'system')
  const report = await write()
  expect(report).toMatchObject({ target, experiments: 1, runs: 1, points: 9, files: 0, bytes: 0 })
  const largest = 1.7976931348623157e308
  const time = BigInt(START)
  expect(read('SELECT key, value, timestamp, step, is_nan, run_uuid FROM metrics ORDER BY key, step, value')).toEqual([
    ['acc', 7, time, 0n, 0n, id],
    ['log/m', 7, time, 0n, 0n, id],
    ['m', largest, time + 5n, 1n, 0n, id],
    ['m', -largest, time, 2n, 0n, id],
    ['m', -2, time, 3n, 0n, id],
    ['m', 0, time, 3n, 1n, id],
    ['m', 1.5, time, 3n, 0n, id],
    ['size', 2 ** 53, time, BigInt(2 ** 40), 0n, id],
    ['system/cpu', 1, time, 0n, 0n, id],
  ])
  expect(read('SELECT key, value, step, is_nan FROM latest_metrics ORDER BY key')).toEqual([
    ['acc', 7, 0n, 0n],
    ['log/m', 7, 0n, 0n],
    ['m', 1.5, 3n, 0n],
    ['size', 2 ** 53, BigInt(2 ** 40), 0n],
    ['system/cpu', 1, 0n, 0n],
  ])
  expect(report.notes.map(({ what }) => what)).toEqual([`run odd (${id}), metric m`])
})

test('a long series comes in portions, each point once', async () => {
  const { id } = await runs.createRun(project, { source: 'client' })
  const count = 123_457
  await runs.logMetrics(
    project,
    id,
    Array.from({ length: count }, (_, index) => ({
      key: 'm',
      value: index,
      step: Math.floor(index / 2),
      time: START + index,
    })),
  )
  expect((await write()).points).toBe(count)
  expect(read('SELECT count(*), count(DISTINCT value), max(value), max(step) FROM metrics')).toEqual([
    [BigInt(count), BigInt(count), count - 1, BigInt(Math.floor((count - 1) / 2))],
  ])
})

test('what was captured stands beside what was logged, and states are MLflow’s', async () => {
  const { id } = await runs.createRun(project, {
    source: 'launch',
    status: 'lost',
    name: 'r',
    user: 'ada',
    script: 'train.py',
    note: 'n',
  })
  const trashed = await runs.createRun(project, { source: 'client', name: 'trashed' })
  await runs.trash(project, [trashed.id])
  await runs.logParams(
    project,
    id,
    [
      { key: 'lr', value: '0.1' },
      { key: 'same', value: '1' },
    ],
    'logged',
    null,
  )
  const captured = [
    { key: 'lr', value: '1e-1' },
    { key: 'same', value: '1' },
    { key: 'seed=7', value: 'x'.repeat(7_000) },
  ]
  await runs.logParams(project, id, captured, 'captured', 'arguments')
  const report = await write()
  expect(read('SELECT key, length(value), run_uuid FROM params ORDER BY key')).toEqual([
    ['lr', 3n, id],
    ['same', 1n, id],
    ['seed=7', 7_000n, id],
  ])
  expect(read(`SELECT key, value FROM tags ORDER BY key`)).toEqual([
    ['benchtop.captured.lr', '1e-1'],
    ['mlflow.note.content', 'n'],
    ['mlflow.runName', 'r'],
    ['mlflow.source.name', 'train.py'],
    ['mlflow.source.type', 'LOCAL'],
    ['mlflow.user', 'ada'],
  ])
  expect(read('SELECT run_uuid, status, lifecycle_stage, user_id FROM runs')).toEqual([[id, 'KILLED', 'active', 'ada']])
  expect(report.notes).toEqual([
    { what: `run r (${id}), parameter seed=7`, why: expect.stringContaining('MLflow takes letters') as string },
    { what: `run r (${id}), parameter seed=7`, why: expect.stringContaining('longer than the 6,000') as string },
  ])
})

test('experiments of 18 digits keep their ids; others get one, and it is said', async () => {
  const long = (await runs.createExperiment(project, { name: 'long' })).id
  expect(long).toMatch(/^\d{18}$/)
  project.db.run(`INSERT INTO experiment (id, name) VALUES ('abc', 'named'), ('007', 'agent')`)
  const { id } = await runs.createRun(project, { source: 'client', experiment: 'abc' })
  const report = await write()
  expect(read('SELECT experiment_id, name, artifact_location FROM experiments ORDER BY name')).toEqual([
    [0n, 'Default', join(target, 'mlruns/0')],
    [1n, 'agent', join(target, 'mlruns/1')],
    [BigInt(long), 'long', join(target, 'mlruns', long)],
    [2n, 'named', join(target, 'mlruns/2')],
  ])
  expect(read('SELECT artifact_uri, experiment_id FROM runs')).toEqual([
    [join(target, 'mlruns/2', id, 'artifacts'), 2n],
  ])
  expect(report.notes.map(({ what }) => what)).toEqual(['experiment agent', 'experiment named'])
})

test('files come from where they lie, links lead nowhere, and stores of their own are named', async () => {
  const { id } = await runs.createRun(project, { source: 'import', name: 'r' })
  const left = join(folder, 'left')
  put(join(left, 'a.txt'), 'left')
  put(join(left, 'deep/b.txt'), 'left')
  put(join(own(id), 'a.txt'), 'mine')
  symlinkSync('/etc/passwd', join(own(id), 'passwd'))
  symlinkSync('a.txt', join(own(id), 'alias.txt'))
  const remote = await runs.createRun(project, { source: 'import', name: 'remote' })
  const refer = (run: string, location: string) =>
    project.db.run(`INSERT INTO artifact_root VALUES ('run', ?, ?)`, run, location)
  refer(id, left)
  refer(remote.id, 's3://bucket/7')
  const report = await write()
  const root = join(target, 'mlruns/0', id, 'artifacts')
  expect(['a.txt', 'deep/b.txt', 'alias.txt'].map((path) => readFileSync(join(root, path), 'utf8'))).toEqual([
    'mine',
    'left',
    'mine',
  ])
  expect(existsSync(join(root, 'passwd'))).toBe(false)
  expect([report.files, report.bytes]).toEqual([3, 12])
  expect(read('SELECT artifact_uri FROM runs ORDER BY name')).toEqual([[root], ['s3://bucket/7']])
  expect(report.notes.map(({ what }) => what)).toEqual([`run ${id}, passwd`])
  rmSync(left, { recursive: true })
  target = join(folder, 'gone')
  expect((await write()).notes).toContainEqual({
    what: `run ${id}`,
    why: `The files of this run were left in ${left}, and that folder is not there now.`,
  })
  put(join(own(remote.id), 'added.txt'), 'here')
  target = join(folder, 'added')
  expect((await write()).notes).toContainEqual({
    what: `run ${remote.id}`,
    why: expect.stringContaining('Its files lie at s3://bucket/7, and MLflow goes on reading them there.') as string,
  })
  target = join(folder, 'without')
  expect(await write({ artifacts: false })).toMatchObject({ files: 0, bytes: 0 })
  expect(readdirSync(join(target, 'mlruns'))).toEqual([])
})

describe('the folder', () => {
  test('is new or empty, and nothing else is touched', async () => {
    mkdirSync(target)
    await write()
    expect(readdirSync(target).toSorted()).toEqual(['README.txt', 'mlflow.db', 'mlruns'])
    expect(readdirSync(folder)).toEqual(['out'])
    await expect(write()).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('is not empty') as string,
    })
    const inside = join(project.folder, '.benchtop', 'x')
    const plan = await exports.handlers.plan(wanted({ target: inside }), context)
    expect(plan.problem).toContain('is the project')
    expect((await exports.handlers.plan(wanted({ target: 'relative' }), context)).problem).toContain('whole path')
    expect((await exports.handlers.plan(wanted({ target: '/a%20b' }), context)).problem).toContain('a ? or a %')
  })

  test('has no name before it is whole: cancelled, or with a run that there is not, nothing is left', async () => {
    const { id } = await runs.createRun(project, { source: 'client' })
    await runs.logMetrics(
      project,
      id,
      Array.from({ length: 200_000 }, (_, step) => ({ key: 'm', value: step, step, time: START })),
    )
    const { job } = await exports.handlers.start(wanted(), context)
    await expect(async () => exports.handlers.start(wanted(), context)).rejects.toMatchObject({ code: 'conflict' })
    expect(exports.live()).toBe(1)
    const following = exports.handlers.follow({ project: 'test', job }, context)[Symbol.asyncIterator]()
    while (!existsSync(`${target}.unfinished-export/mlflow.db`)) await following.next()
    await exports.handlers.cancel({ project: 'test', job }, context)
    expect([exports.live(), readdirSync(folder)]).toEqual([0, []])
    await expect(
      (async () => {
        for (let at = await following.next(); at.done !== true; at = await following.next());
      })(),
    ).rejects.toMatchObject({ code: 'cancelled' })
    await expect(write({ runs: ['nope'] })).rejects.toMatchObject({ code: 'not_found' })
    expect(readdirSync(folder)).toEqual([])
  })

  test('of an export that was killed is in nobody’s way, and what is not one is left alone', async () => {
    put(`${target}.unfinished-export/.benchtop-export`, '')
    put(`${target}.unfinished-export/mlflow.db`, 'half')
    await write()
    expect(readdirSync(folder)).toEqual(['out'])
    target = join(folder, 'second')
    put(`${target}.unfinished-export/precious.txt`, 'mine')
    await expect(write()).rejects.toMatchObject({ code: 'conflict' })
    expect(readFileSync(`${target}.unfinished-export/precious.txt`, 'utf8')).toBe('mine')
  })
})
