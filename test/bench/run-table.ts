import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TableRequest } from '#shared/contract/runs.ts'
import { createCommitQueue } from '#electron/db/commit-queue.ts'
import { openWriter } from '#electron/db/connection.ts'
import { openMetricStore } from '#electron/features/metrics/index.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import { describeColumns } from '#electron/features/runs/run-index/describe-columns.ts'
import type { IndexState } from '#electron/features/runs/run-index/index-state.ts'
import { setNumber } from '#electron/features/runs/run-index/number-column.ts'
import {
  ACTIVE,
  createRunColumns,
  keyColumn,
  metricColumns,
  rowFor,
  type RunColumns,
  setLifecycle,
} from '#electron/features/runs/run-index/run-columns.ts'
import { openRunIndex } from '#electron/features/runs/run-index/run-index.ts'
import { signatures } from '#electron/features/runs/run-index/signatures.ts'
import { makeView, pageOf } from '#electron/features/runs/run-index/table.ts'
import { setText } from '#electron/features/runs/run-index/text-column.ts'
import { randomIds } from '#electron/platform/ids.ts'
import { silentLog } from '#electron/platform/log.ts'

export type BenchRow = { readonly name: string; readonly value: number; readonly unit: string; readonly target: string }

const PARAMS = 20
const METRICS = 20
const SMALL = 10_000
const LARGE = 100_000

/**
 * The run table, with 20 parameters and 20 metrics a run: loading it from a database of 10,000 runs, and filtering, sorting and paging over
 * 10,000 and 100,000. Times are medians in milliseconds.
 */
export async function runTableBench(): Promise<readonly BenchRow[]> {
  const opened = await measureOpening()
  const small = measureTable(SMALL)
  const large = measureTable(LARGE)
  const row = (name: string, value: number, target = ''): BenchRow => ({ name, value, unit: 'ms', target })
  return [
    row('run table: load 10,000 runs x 40', opened.load, '< 500'),
    row('run table: page after one run changed, 10,000', opened.patched),
    row('run table: filter + sort + page, 10,000 x 40', small.page, '< 2'),
    row('run table: filter + sort + page, 100,000 x 40', large.page, '< 10'),
    row('run table: next page of the same view, 100,000', large.next),
    row('run table: all, sorted by two columns, 100,000', large.sorted),
    row('run table: all, sorted by name, 100,000', large.named),
    row('run table: everything but the seed, 100,000', large.grouped),
    row('run table: describe all columns, 100,000', large.described),
  ]
}

const COLUMNS = [...keys('param:p', PARAMS, ''), ...keys('metric:m', METRICS, ':last')]

function keys(prefix: string, count: number, suffix: string): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}${suffix}`)
}

function request(given: Omit<Partial<TableRequest>, 'project' | 'columns'>) {
  return TableRequest.parse({ project: 'bench', columns: COLUMNS, limit: 50, ...given })
}

function measureTable(runs: number) {
  const columns = madeColumns(runs)
  const fingerprints = signatures(columns)
  const state: IndexState = {
    columns,
    now: 0,
    signatures: () => fingerprints,
    datasets: () => {
      throw new Error('No filter of this asks for datasets.')
    },
  }
  const ask = (given: Omit<Partial<TableRequest>, 'project' | 'columns'>): void => {
    const asked = request(given)
    pageOf(state, makeView(state, asked), asked)
  }
  const view = makeView(state, request({}))
  return {
    page: time(15, () =>
      ask({ filter: 'params.p1 > 0.01 AND metrics.m2 > 0.5', sort: [{ column: 'metric:m3:last', direction: 'asc' }] }),
    ),
    next: time(15, () => void pageOf(state, view, request({ offset: runs / 2 }))),
    sorted: time(15, () =>
      ask({
        sort: [
          { column: 'param:p2', direction: 'desc' },
          { column: 'metric:m3:last', direction: 'asc' },
        ],
      }),
    ),
    named: time(15, () => ask({ sort: [{ column: 'attribute:name', direction: 'asc' }] })),
    grouped: time(9, () => ask({ group: 'seed' })),
    described: time(5, () => void describeColumns(state, 0)),
  }
}

/** Parameter 0 is a seed of five; the others have fifty values each, shared by the five runs of a seed. */
function paramOf(run: number, key: number): string {
  if (key === 0) return String(run % 5)
  return String(((Math.imul(Math.floor(run / 5) + 1, 0x9e37_79b1 + key * 0x85eb_ca6a) >>> 16) % 50) / 50)
}

function madeColumns(runs: number): RunColumns {
  const random = generator(7)
  const columns = createRunColumns(runs)
  for (let number = 1; number <= runs; number++) {
    const row = rowFor(columns, number)
    setText(columns.texts.id, row, `run-${number}`)
    setLifecycle(columns, row, ACTIVE)
    setText(columns.experiments, row, '0')
    setText(columns.texts.name, row, `run ${number}`)
    setText(columns.texts.status, row, 'finished')
    setNumber(columns.numeric.started, row, number * 1_000)
    for (let key = 0; key < PARAMS; key++)
      setText(keyColumn(columns, 'params', key === 0 ? 'seed' : `p${key}`), row, paramOf(number, key))
    for (let key = 0; key < METRICS; key++) {
      const metric = metricColumns(columns, `m${key}`)
      for (const column of [metric.last, metric.min, metric.max]) setNumber(column, row, random())
    }
  }
  return columns
}

async function measureOpening() {
  const folder = mkdtempSync(join(tmpdir(), 'run-table-'))
  try {
    const project = openProject(folder)
    await fill(project)
    const load = time(3, () => openRunIndex(project).close())
    const index = openRunIndex(project)
    let count = 0
    const patched = time(15, () => {
      project.db.run('UPDATE run SET name = ? WHERE number = 17', `renamed ${count++}`)
      index.table(request({ sort: [{ column: 'metric:m3:last', direction: 'asc' }] }))
    })
    index.close()
    await project.metrics.close()
    project.commits.close()
    project.db.close()
    return { load, patched }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function openProject(folder: string): ProjectContext {
  const db = openWriter(join(folder, 'project.db'))
  db.run(`INSERT INTO experiment (id, name) VALUES ('0', 'Default')`)
  const commits = createCommitQueue(db)
  return {
    id: 'bench',
    name: 'bench',
    folder,
    inbox: false,
    readOnly: false,
    place: folder,
    artifactsFolder: join(folder, 'artifacts'),
    dataFolder: folder,
    db,
    commits,
    metrics: openMetricStore(db, { commits }),
    clock: { now: () => Date.now() },
    ids: randomIds,
    log: silentLog,
    changed: () => {},
  }
}

async function fill({ db, commits, metrics, ids }: ProjectContext): Promise<void> {
  const random = generator(7)
  for (let from = 1; from <= SMALL; from += 1_000) {
    await commits.enqueue(() => {
      for (let number = from; number < from + 1_000; number++) {
        db.run(
          `INSERT INTO run (number, id, experiment, name, status, source, script, started_at, ended_at, created_at)
             VALUES (?, ?, '0', ?, 'finished', 'launch', 'train.py', ?, ?, ?)`,
          number,
          ids.run(),
          `run ${number}`,
          number * 1_000,
          number * 1_000 + 500,
          number,
        )
        for (let key = 0; key < PARAMS; key++) {
          const name = key === 0 ? 'seed' : `p${key}`
          db.run(
            `INSERT INTO param (run, origin, key, value) VALUES (?, 'logged', ?, ?)`,
            number,
            name,
            paramOf(number, key),
          )
        }
      }
    })
    const size = 1_000 * METRICS
    const series = Uint32Array.from({ length: size }, (_, place) =>
      metrics.seriesFor(from + Math.floor(place / METRICS), `m${place % METRICS}`, 'logged'),
    )
    const value = Float64Array.from({ length: size }, random)
    await metrics.append({ series, step: new Float64Array(size), time: new Float64Array(size).fill(from), value })
  }
  await metrics.compactNow()
}

/** Mulberry32: the same numbers on each machine. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b_79f5) | 0
    let word = Math.imul(state ^ (state >>> 15), state | 1)
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61)
    return ((word ^ (word >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** The median of some calls, in milliseconds. */
function time(calls: number, work: () => void): number {
  const times = Array.from({ length: calls }, () => {
    const start = performance.now()
    work()
    return performance.now() - start
  }).toSorted((left, right) => left - right)
  return times[Math.floor(calls / 2)] ?? Number.NaN
}

if (import.meta.main) {
  for (const row of await runTableBench()) {
    console.log(`${row.name.padEnd(50)} ${row.value.toFixed(2).padStart(9)} ${row.unit}  ${row.target}`)
  }
}
