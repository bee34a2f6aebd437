import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ImportNote } from '#shared/contract/imports.ts'
import { looksLikeFileStore, openFileStore } from '#electron/features/imports/mlflow-files/index.ts'
import { describeWith } from '#test/setup/describe-with.ts'
import { pythonOutput } from '../support/run-python.ts'
import { loosened, PROMPT, readWhole, type WholeRun } from './support/whole-source.ts'

const script = (name: string): string => fileURLToPath(new URL(`scripts/${name}`, import.meta.url))
const environment = { MLFLOW_ALLOW_FILE_STORE: 'true' }
type Whole = Awaited<ReturnType<typeof readWhole>>
type Point = readonly (number | string | undefined)[]
type Metric = readonly [key: string, time: number, step: number, value: number | string, ...rest: unknown[]]

async function read(store: string) {
  const before = listing(store)
  const notes: ImportNote[] = []
  const source = await openFileStore(store, (note) => notes.push(note))
  try {
    const counts = await source.modelCounts(new AbortController().signal)
    return { whole: await readWhole(source), notes, counts }
  } finally {
    await source.close()
    expect(listing(store)).toEqual(before)
  }
}

describeWith(['mlflow'], 'a folder mlruns', ({ mlflow }) => {
  let folder = ''
  const real = async (store: string, ...options: string[]): Promise<Whole> =>
    JSON.parse(
      await pythonOutput(mlflow, [script('read_store.py'), store, ...options], { cwd: dirname(store), environment }),
    ) as Whole

  beforeAll(() => {
    folder = mkdtempSync(join(realpathSync(tmpdir()), 'benchtop-mlruns-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('gives what the real MLflow reads, for stores of the wild', async ({ skip }) => {
    const corpus = corpusFolder()
    if (corpus === undefined) return skip('the collection of real stores is not on this machine')
    const counts: Record<string, unknown> = {}
    const told: Record<string, readonly string[]> = {}
    for (const store of storesIn(corpus)) {
      const name = store.slice(corpus.length + 1)
      const [ours, theirs] = ['ours', 'theirs'].map((side) => join(folder, side, name)) as [string, string]
      // With what lies beside it: a server's artifacts.
      for (const copy of [ours, theirs]) copyTree(dirname(store), dirname(copy))
      readableForTheRealOne(theirs)
      expect(await looksLikeFileStore(ours)).toBe(true)
      const expected = await real(theirs)
      const { whole, notes } = await read(ours)
      expect({ name, ...comparable(whole) }).toEqual({ name, ...withoutItsDepartures(expected, ours) })
      counts[name] = countsOf(whole)
      told[name] = [...new Set(notes.map(({ why }) => why))]
    }
    // As counted by other readers, without MLflow and without this one.
    expect(counts).toEqual({
      '1234525344__stock-quant/mlruns': {
        ...none,
        experiments: 3,
        runs: 10,
        params: 10,
        tags: 50,
        series: 14,
        points: 4200,
      },
      'Chizuchizu__shipping_2/src/mlruns': {
        ...none,
        experiments: 7,
        runs: 10,
        deleted: 3,
        params: 10,
        tags: 50,
        files: 13,
      },
      'dattar321__behaviour-prediction/mlruns': {
        ...none,
        ...{
          experiments: 2,
          runs: 11,
          params: 59,
          tags: 64,
          series: 98,
          points: 98,
          files: 41,
          registered: 7,
          versions: 9,
        },
      },
      'lucaruzzola__mlops/mlruns': {
        ...none,
        experiments: 2,
        runs: 4,
        params: 6,
        tags: 1,
        series: 8,
        points: 18,
        files: 5,
      },
      'lucaruzzola__mlops/sklearn_elasticnet_wine/mlruns': {
        ...none,
        ...{ experiments: 2, runs: 2, params: 4, tags: 2, series: 3, points: 3, files: 2 },
      },
      'segnig__credit-risk-model/mlruns': {
        ...none,
        ...{
          experiments: 2,
          runs: 3,
          params: 5,
          tags: 15,
          series: 10,
          points: 20,
          logged: 2,
          registered: 1,
          versions: 1,
        },
      },
    })
    expect(told).toEqual({
      ...Object.fromEntries(Object.keys(counts).map((name) => [name, []])),
      'lucaruzzola__mlops/mlruns': OLD_LINES,
      'lucaruzzola__mlops/sklearn_elasticnet_wine/mlruns': OLD_LINES,
    })
  })

  it('gives what the real MLflow reads, for some of everything that its client writes, wherever the folder has gone', async () => {
    const place = join(folder, 'every thing')
    mkdirSync(place)
    await pythonOutput(mlflow, [script('make_everything.py'), join(place, 'mlruns')], { cwd: place, environment })
    const expected = await real(join(place, 'mlruns'), '--files')
    const elsewhere = join(folder, 'moved')
    renameSync(place, elsewhere)
    const { whole, notes, counts } = await read(join(elsewhere, 'mlruns'))
    expect({ ...comparable(whole), files: filesOf(whole) }).toEqual({
      ...withoutItsDepartures(expected, join(elsewhere, 'mlruns')),
      files: filesOf(expected),
    })
    expect(countsOf(whole)).toMatchObject({ experiments: 4, runs: 11, deleted: 2, files: 6, logged: 2, registered: 3 })
    expect(counts).toEqual({ logged: 2, registered: 3, versions: 4 })
    expect(whole.registered['greet']).toMatchObject({ tags: { [PROMPT]: 'true' } })
    expect(notes.map(({ kind, why }) => [kind, why])).toEqual([
      ['skipped', 'traces are not taken in'],
      ['skipped', 'their points name a dataset; the name did not come'],
    ])
  })
})

const OLD_LINES = [
  'their points have no step, and got the order of their lines as one: 0, 1, 2, …',
  'the times of their points are in seconds, and were made milliseconds',
]
const none = {
  ...{ experiments: 0, runs: 0, deleted: 0, params: 0, tags: 0, series: 0, points: 0, files: 0 },
  ...{ logged: 0, registered: 0, versions: 0 },
}

/** Git keeps no empty folders, and no age before 2019 wrote `run_id`: without them the real one of today refuses a run. */
function readableForTheRealOne(store: string): void {
  for (const meta of metasIn(store)) {
    const text = readFileSync(meta, 'utf8')
    const id = /^run_uuid: (\w+)$/m.exec(text)?.[1]
    if (!/^run_(uu)?id: /m.test(text) || !/^status: /m.test(text)) continue
    if (id !== undefined && !/^run_id: /m.test(text)) appendFileSync(meta, `run_id: ${id}\n`)
    for (const part of ['metrics', 'params', 'artifacts']) mkdirSync(join(dirname(meta), part), { recursive: true })
  }
}

/** What both are compared in. Of a logged model's metrics the real one tells only the last of each dataset; points that stand twice count once. */
function comparable(whole: Whole) {
  return {
    experiments: whole.experiments,
    runs: mapped(whole.runs, ({ files: _files, ...run }) => ({ ...run, points: mapped(run.points, distinct) })),
    logged: mapped(whole.logged as Record<string, { readonly metrics: readonly Metric[] }>, (model) => ({
      ...model,
      metrics: lastOfEach(model.metrics),
    })),
    registered: loosened(whole).registered,
  }
}

/**
 * What the real one reads, but for where it is wrong, by name:
 * - trashed: experiments and runs in `.trash` are deleted, also where their metas say `active`.
 * - stepless: it gives all points of lines without a step the step 0, and takes their seconds for milliseconds.
 * - on a dataset: it gives points the step 0 whose line has a step and names a dataset.
 */
function withoutItsDepartures(theirs: Whole, store: string) {
  const read = comparable(theirs)
  const inTrash = (experiment: string): boolean => existsSync(join(store, '.trash', experiment))
  return {
    ...read,
    experiments: mapped(theirs.experiments as Record<string, { readonly deleted: boolean }>, (experiment, id) => ({
      ...experiment,
      deleted: experiment.deleted || inTrash(id),
    })),
    runs: mapped(read.runs, (run, id) => {
      const deleted = inTrash(run.experiment)
      const metrics = join(store, deleted ? '.trash' : '', run.experiment, id, 'metrics')
      const raw = theirs.runs[id]?.points ?? {}
      const points = mapped(raw, (own, key) => distinct(asWritten(own, readFileSync(join(metrics, key), 'utf8'))))
      return { ...run, deleted: run.deleted || deleted, points }
    }),
  }
}

/** The real one's points with steps and times as their lines have them. */
function asWritten(points: readonly Point[], text: string): readonly Point[] {
  const lines = text.trimEnd().split('\n')
  expect(lines).toHaveLength(points.length)
  return points.map(([step, time, value], at) => {
    const words = (lines[at] ?? '').split(' ')
    if (words.length === 2) return [at, Number(words[0]) * 1000, value]
    return [words.length === 5 ? Number(words[2]) : step, time, value]
  })
}

function distinct(points: readonly Point[]): readonly Point[] {
  const seen = new Set<string>()
  return points.filter((point) => !seen.has(JSON.stringify(point)) && seen.add(JSON.stringify(point)))
}

function lastOfEach(metrics: readonly Metric[]): readonly Metric[] {
  const last = new Map<string, Metric>()
  const rank = ([, time, step, value]: Metric): readonly number[] => [step, time, Number(value)]
  for (const metric of metrics) {
    const key = JSON.stringify([metric[0], metric[5], metric[6]])
    const before = last.get(key)
    const [a, b] = [rank(metric), before === undefined ? [] : rank(before)]
    const at = a.findIndex((one, index) => one !== b[index])
    if (before === undefined || (at !== -1 && (a[at] ?? 0) > (b[at] ?? 0))) last.set(key, metric)
  }
  return [...last.values()]
}

function filesOf(whole: Whole): unknown {
  return mapped(whole.runs, ({ files }) => files)
}

function mapped<T, R>(record: Readonly<Record<string, T>>, change: (value: T, key: string) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]))
}

function countsOf({ experiments, runs, logged, registered }: Whole) {
  const all = Object.values(runs)
  const sum = (count: (run: WholeRun) => number): number => all.reduce((total, run) => total + count(run), 0)
  const models = Object.values(registered) as readonly { readonly versions: object }[]
  return {
    experiments: Object.keys(experiments).length,
    runs: all.length,
    deleted: sum((run) => (run.deleted ? 1 : 0)),
    params: sum((run) => Object.keys(run.params).length),
    tags: sum((run) => Object.keys(run.tags).length),
    series: sum((run) => Object.keys(run.points).length),
    points: sum((run) => Object.values(run.points).flat().length),
    files: sum((run) => run.files.length),
    logged: Object.keys(logged).length,
    registered: models.length,
    versions: models.reduce((total, { versions }) => total + Object.keys(versions).length, 0),
  }
}

/** Stores from public repositories, beside a checkout where somebody has put them. */
function corpusFolder(): string | undefined {
  const place = fileURLToPath(new URL('../../../../shared/corpus/mlruns', import.meta.url))
  return statSync(place, { throwIfNoEntry: false }) === undefined ? undefined : place
}

function storesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name === 'mlruns')
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
}

function metasIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => basename(path) === 'meta.yaml')
    .map((path) => join(folder, path))
}

/** Nothing is written into a store. */
function listing(folder: string): unknown {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .toSorted()
    .map((path) => [path, statSync(join(folder, path)).mtimeMs])
}

/** Copies files alone: the ones of a collection may not be written to. */
function copyTree(from: string, to: string): void {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    mkdirSync(to, { recursive: true })
    if (entry.isDirectory()) copyTree(source, target)
    else if (entry.isFile()) writeFileSync(target, readFileSync(source))
  }
}
