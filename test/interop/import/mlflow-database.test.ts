import {
  copyFileSync,
  mkdtempSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ImportNote } from '#shared/contract/imports.ts'
import { eraOf } from '#electron/features/imports/mlflow-database/era.ts'
import { looksLikeDatabase, openDatabase } from '#electron/features/imports/mlflow-database/open-database.ts'
import { describeWith } from '#test/setup/describe-with.ts'
import { pythonOutput } from '../support/run-python.ts'
import { readWhole, type WholeRun } from './support/whole-source.ts'

const script = (name: string): string => fileURLToPath(new URL(`scripts/${name}`, import.meta.url))

type Told = {
  readonly file: string
  readonly revision: string
  readonly run: {
    readonly id: string
    readonly name: string
    readonly status: string
    readonly deleted: boolean
    readonly deletedAt: number | null
    readonly startedAt: number
    readonly endedAt: number | null
    readonly params: Record<string, string>
    readonly tags: Record<string, string>
    readonly points: readonly { key: string; value: number | 'NaN'; step: number; time: number }[]
    readonly datasets: readonly { name: string; digest: string; context: string }[]
    readonly models: readonly { model: string; direction: string; step: number }[]
  }
  readonly registered: {
    readonly name: string
    readonly versions: Record<string, string>
    readonly tags: Record<string, string>
    readonly versionTags: Record<string, string>
    readonly aliases: Record<string, number>
  } | null
}

async function read(file: string) {
  const before = listing(file)
  const notes: ImportNote[] = []
  const source = await openDatabase(file, (note) => notes.push(note))
  try {
    const whole = await readWhole(source)
    return { whole, notes, era: source.era, counts: await source.modelCounts(new AbortController().signal) }
  } finally {
    await source.close()
    expect(listing(file)).toEqual(before)
  }
}

/** Nothing is written beside a database, nor into it. */
function listing(file: string): unknown {
  const { mtimeMs, size } = statSync(file)
  return [readdirSync(dirname(file)), mtimeMs, size]
}

describeWith(['mlflow'], 'a database of MLflow', ({ mlflow }) => {
  let folder = ''
  const real = async (file: string, ...options: string[]) =>
    JSON.parse(
      await pythonOutput(mlflow, [script('read_store.py'), file, ...options], { cwd: dirname(file) }),
    ) as Awaited<ReturnType<typeof readWhole>>

  beforeAll(() => {
    folder = mkdtempSync(join(realpathSync(tmpdir()), 'benchtop-databases-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('is read whole in every schema that there has been', async () => {
    const eras = join(folder, 'eras')
    mkdirSync(eras)
    const output = await pythonOutput(mlflow, [script('database_eras.py'), eras], { cwd: eras })
    const told = JSON.parse(output.slice(output.lastIndexOf('\n[') + 1)) as readonly Told[]
    expect(told.length).toBeGreaterThan(60)
    for (const [number, { file, revision }] of told.entries()) {
      expect(await looksLikeDatabase(file)).toBe(true)
      const { whole, notes, era } = await read(file)
      const soFar = told.slice(0, number + 1)
      expect({ revision, runs: whole.runs }).toEqual({
        revision,
        runs: Object.fromEntries(soFar.map(({ run }) => [run.id, asRead(run, number)])),
      })
      expect(Object.values(whole.experiments)).toMatchObject([
        { name: 'Default', deleted: false, location: './mlruns/0' },
        { name: 'study', deleted: false },
        { name: 'gone', deleted: true },
      ])
      const outputs = soFar.flatMap(({ run }) => run.models.filter(({ direction }) => direction === 'output'))
      expect(whole.logged).toEqual(Object.fromEntries(outputs.map(({ model }) => [model, expect.anything()])))
      for (const model of Object.values(whole.logged))
        expect(model).toMatchObject({
          params: { depth: '3' },
          tags: { kind: 'cnn' },
          metrics: [['acc', expect.anything(), 4, 0.5, expect.anything(), null, null]],
        })
      const models = soFar.flatMap(({ registered }) => registered ?? [])
      expect(whole.registered).toMatchObject(
        Object.fromEntries(models.map((model) => [model.name, asRegistered(model)])),
      )
      expect(Object.keys(whole.registered)).toHaveLength(models.length)
      expect(era).toBe(revision === 'first' ? eraOf([]) : eraOf([revision]))
      expect(era).not.toContain('not known')
      expect(notes.filter(({ kind }) => kind !== 'changed')).toEqual([])
    }
  })

  it('gives what the real MLflow reads from a migrated copy, for databases of the wild', async ({ skip }) => {
    const corpus = corpusFolder()
    if (corpus === undefined) skip('the collection of real databases is not on this machine')
    const counts: Record<string, unknown> = {}
    for (const file of databasesIn(corpus ?? '')) {
      const place = mkdtempSync(join(folder, 'copy-'))
      const copy = join(place, basename(file))
      writeFileSync(copy, '')
      copyFileSync(file, copy)
      const expected = await real(copy, '--upgrade')
      const { whole, notes } = await read(file)
      for (const run of Object.values(expected.runs)) Object.assign(run, { files: expect.anything() as unknown })
      expect(whole).toEqual(expected)
      expect(notes).toEqual([])
      counts[file.slice((corpus ?? '').length + 1)] = countsOf(whole.runs)
    }
    expect(counts).toEqual({
      '1234525344__stock-quant/mlflow.db': { runs: 1, params: 0, tags: 5, series: 0, points: 0, files: 0 },
      '1412010__nda-mlops-zoomcamp-2024/mlflow.db': { runs: 0, params: 0, tags: 0, series: 0, points: 0, files: 0 },
      '1412010__nda-mlops-zoomcamp-2024/week-02/backend.db': {
        runs: 1,
        params: 2,
        tags: 5,
        series: 1,
        points: 1,
        files: 0,
      },
      '1412010__nda-mlops-zoomcamp-2024/week-02/mlflow.db': {
        runs: 17,
        params: 97,
        tags: 85,
        series: 22,
        points: 272,
        files: 28,
      },
      '17-doha__GANS/mlflow.db': { runs: 0, params: 0, tags: 0, series: 0, points: 0, files: 0 },
      '17-doha__GANS/mlruns.db': { runs: 4, params: 12, tags: 24, series: 8, points: 40, files: 10 },
    })
  })

  it('gives what the real MLflow reads, for some of everything that its client writes', async () => {
    const place = join(folder, 'every thing')
    mkdirSync(place)
    await pythonOutput(mlflow, [script('make_everything.py')], { cwd: place })
    const file = join(place, 'mlflow.db')
    const expected = await real(file, '--files')
    const { whole, notes, counts } = await read(file)
    // The real one hides this tag from those who ask for a model; in a project it is what tells a prompt.
    expect(expected.registered).toMatchObject({ greet: { tags: { a: 'b' } } })
    Object.assign((expected.registered['greet'] as { tags: object }).tags, { 'mlflow.prompt.is_prompt': 'true' })
    expect(whole).toEqual(expected)
    expect(countsOf(whole.runs)).toMatchObject({ runs: 11, files: 6 })
    expect(counts).toEqual({ logged: 2, registered: 3, versions: 4 })
    expect(notes).toEqual([
      { kind: 'skipped', what: 'traces', why: '1 of them stay in the database: they are not taken in.' },
    ])
  })
})

/** What was put in, as it is read from a database that was brought forward to the schema of that number. */
function asRead(run: Told['run'], number: number): unknown {
  const points: Record<string, (number | string)[][]> = {}
  // The real migration gives points without a step the step 0; MLflow keeps NaN as zero, and the order of the two is not told.
  for (const { key, value, step, time } of run.points)
    (points[key] ??= []).push([number > 0 && run.tags['mlflow.source.name'] !== undefined ? 0 : step, time, value])
  return {
    name: run.name,
    experiment: '1',
    status: run.status,
    deleted: run.deleted,
    startedAt: run.startedAt,
    endedAt: run.endedAt,
    user: 'ann',
    params: run.params,
    tags: run.tags,
    points,
    datasets: run.datasets.map(({ name, digest, context }) => ({
      name,
      digest,
      sourceType: 'local',
      source: '{"uri": "data.csv"}',
      schema: '{"columns": []}',
      profile: null,
      tags: { 'mlflow.data.context': context },
    })),
    models: run.models.map(({ direction, model, step }) => [direction, model, step]),
    files: [],
  }
}

function asRegistered({ versions, tags, versionTags, aliases }: NonNullable<Told['registered']>): unknown {
  return {
    description: 'of ours',
    createdAt: 1000,
    updatedAt: 2000,
    tags,
    aliases,
    versions: Object.fromEntries(
      Object.entries(versions).map(([version, stage]) => [
        version,
        { stage, description: null, createdAt: 1000 + Number(version), tags: version === '3' ? versionTags : {} },
      ]),
    ),
  }
}

function countsOf(runs: Readonly<Record<string, WholeRun>>): unknown {
  const all = Object.values(runs)
  const sum = (count: (run: WholeRun) => number): number => all.reduce((total, run) => total + count(run), 0)
  return {
    runs: all.length,
    params: sum((run) => Object.keys(run.params).length),
    tags: sum((run) => Object.keys(run.tags).length),
    series: sum((run) => Object.keys(run.points).length),
    points: sum((run) => Object.values(run.points).flat().length),
    files: sum((run) => run.files.length),
  }
}

/** Databases from public repositories, beside a checkout where somebody has put them. */
function corpusFolder(): string | undefined {
  const place = fileURLToPath(new URL('../../../../shared/corpus/mlflow-db', import.meta.url))
  return statSync(place, { throwIfNoEntry: false }) === undefined ? undefined : place
}

function databasesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.db'))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
}
