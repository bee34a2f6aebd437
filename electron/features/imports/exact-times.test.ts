import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { ImportReport } from '#shared/contract/imports.ts'
import { rawJson } from '#shared/lib/raw-json.ts'
import { makeMlflowDatabase } from '#test/fixtures/mlflow-database.ts'
import { EXPERIMENTS, info, serve } from '#test/fixtures/mlflow-answers.ts'
import { allReaders } from './all-readers.ts'
import { type ImportBench, openImportBench } from './bench.fixture.ts'
import { experiment, run, writeFiles } from './mlflow-files/store.fixture.ts'

type Times = readonly [start: bigint, end: bigint, step: bigint]
type Runs = Readonly<Record<string, Times>>

const NANO: Times = [1_800_000_000_000_000_001n, 1_800_000_000_000_000_002n, 1_800_000_000_000_000_003n]
const ONE: Runs = { a: NANO }
const WIDE: Runs = {
  a: NANO,
  b: [2n ** 63n - 1n, -(2n ** 63n), 2n ** 63n - 2n],
  c: [2n ** 53n + 1n, 2n ** 53n, 2n ** 53n + 1n],
  d: [-(2n ** 53n) - 1n, 1n - 2n ** 53n, 7n],
  e: [1_700_000_000_000n, 8_650_000_000_000_000n, 2n ** 53n - 1n],
}
/** The same doubles, but for one. */
const ONE_ON: Runs = { ...WIDE, a: [1_800_000_000_000_000_002n, 1_800_000_000_000_000_002n, NANO[2]] }

/** A store of such runs, each with a model that it made, and how it is changed. */
type Kind = (bench: ImportBench) => Promise<{ location: string; write: (runs: Runs) => void }>

const files: Kind = ({ project }) => {
  const location = join(project.folder, 'mlruns')
  const write = (runs: Runs): void => {
    writeFiles(location, { '7/meta.yaml': experiment('7', 'churn') })
    for (const [id, [start, end, step]] of Object.entries(runs))
      writeFiles(location, {
        [`7/${id}/meta.yaml`]: run('7', id, `start_time: ${start}\nend_time: ${end}\n`),
        [`7/${id}/outputs/m-${id}/meta.yaml`]: `source_type: RUN_OUTPUT\nsource_id: m-${id}\ndestination_type: MODEL_OUTPUT\ndestination_id: m-${id}\nstep: ${step}\n`,
      })
  }
  return Promise.resolve({ location, write })
}

const database: Kind = ({ project }) => {
  const location = join(project.folder, 'mlflow.db')
  const write = (runs: Runs): void => {
    rmSync(location, { force: true })
    makeMlflowDatabase(location, (put) => {
      put('experiments', { experiment_id: 7, name: 'churn', lifecycle_stage: 'active' })
      for (const [id, [start, end, step]] of Object.entries(runs)) {
        const times = { start_time: start, end_time: end }
        put('runs', { run_uuid: id, experiment_id: 7, status: 'FINISHED', lifecycle_stage: 'active', ...times })
        const output = { source_type: 'RUN_OUTPUT', source_id: id, destination_type: 'MODEL_OUTPUT' }
        put('inputs', { input_uuid: `i${id}`, ...output, destination_id: `m-${id}`, step })
      }
    })
  }
  return Promise.resolve({ location, write })
}

const server: Kind = async () => {
  let told: Runs = {}
  const { url } = await serve({
    ...EXPERIMENTS,
    'runs/search': () => {
      const list = Object.entries(told).map(([id, [start, end, step]], index) => {
        // As protobuf has it, and as some have it.
        const digits = (whole: bigint): unknown => (index % 2 === 0 ? String(whole) : rawJson(String(whole)))
        const outputs = { model_outputs: [{ model_id: `m-${id}`, step: digits(step) }] }
        return { info: info(id, { start_time: digits(start), end_time: digits(end) }), outputs }
      })
      return { json: { runs: list } }
    },
    'experiments/get': () => ({ json: { experiment: { experiment_id: '7', name: 'churn' } } }),
  })
  return { location: url, write: (runs) => (told = runs) }
}

function timesIn({ project: { db } }: ImportBench): Record<string, readonly string[]> {
  const rows = db.all<Record<'id' | 'start' | 'end' | 'step', string>>(
    `SELECT id, CAST(started_at AS TEXT) AS start, CAST(ended_at AS TEXT) AS "end", CAST(step AS TEXT) AS step
       FROM run JOIN run_model ON run_model.run = run.number ORDER BY id`,
  )
  return Object.fromEntries(rows.map(({ id, start, end, step }) => [id, [start, end, step]]))
}

const inWords = (runs: Runs): unknown =>
  Object.fromEntries(Object.entries(runs).map(([id, times]) => [id, times.map(String)]))
const cameOf = ([report]: readonly ImportReport[]): unknown => [
  report?.outcome,
  report?.came.runs,
  report?.came.updatedRuns,
  report?.knownRuns,
]

/** A project that takes in a store of that kind. */
async function taking(
  kind: Kind,
  work: (bench: ImportBench, store: Awaited<ReturnType<Kind>>) => Promise<void>,
): Promise<void> {
  const bench = openImportBench(allReaders)
  try {
    await work(bench, await kind(bench))
  } finally {
    await bench.dispose()
  }
}

it.each([
  ['a folder', files],
  ['a database', database],
  ['a server', server],
] as const)('come in all their digits out of %s, and what is one more is noticed', (_, kind) =>
  taking(kind, async (bench, { location, write }) => {
    write(WIDE)
    expect(cameOf(await bench.take(location))).toEqual(['done', 5, 0, 0])
    expect(timesIn(bench)).toEqual(inWords(WIDE))
    expect(cameOf(await bench.take(location))).toEqual(['done', 0, 0, 5])
    write(ONE_ON)
    // A folder's other files were written anew too, but say the same.
    expect(cameOf(await bench.take(location))).toEqual(['done', 0, 1, 4])
    expect(timesIn(bench)).toEqual(inWords(ONE_ON))
  }),
)

it('come in all their digits where they came rounded before', () =>
  taking(server, async (bench, { location, write }) => {
    write(ONE)
    await bench.take(location)
    const { db } = bench.project
    db.run('UPDATE run SET started_at = 1800000000000000000, ended_at = 1800000000000000000')
    db.run(
      `UPDATE import_run SET fingerprint = 'before', came = json_set(came, '$.startedAt', 1800000000000000000, '$.endedAt', 1800000000000000000)`,
    )
    expect(cameOf(await bench.take(location))).toEqual(['done', 0, 1, 0])
    expect(timesIn(bench)).toEqual(inWords(ONE))
  }))

it('stay as somebody set them here', () =>
  taking(files, async (bench, { location, write }) => {
    write(ONE)
    await bench.take(location)
    bench.project.db.run('UPDATE run SET started_at = 1800000000000000005')
    write({ a: [7n, 8n, NANO[2]] })
    await bench.take(location)
    expect(timesIn(bench)).toEqual({ a: ['1800000000000000005', '8', String(NANO[2])] })
  }))
