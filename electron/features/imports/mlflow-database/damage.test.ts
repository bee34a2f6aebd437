import fc from 'fast-check'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ExperimentId, RunId } from '#shared/contract/common.ts'
import type { ImportNote } from '#shared/contract/imports.ts'
import { AppError } from '#shared/rpc/errors.ts'
import { makeMlflowDatabase, METRIC_INDEX, MLFLOW_INDEXES, MLFLOW_TABLES } from '#test/fixtures/mlflow-database.ts'
import { tempFolder } from '#test/fixtures/temp-folder.ts'
import type { ImportSource } from '../source.ts'
import { looksLikeDatabase, openDatabase } from './open-database.ts'

/** Reads everything, and holds it to what a source promises. Gives how much there was. */
async function drain(source: ImportSource): Promise<Record<string, number>> {
  const { signal } = new AbortController()
  const count = { experiments: 0, runs: 0, params: 0, tags: 0, points: 0, models: 0, versions: 0 }
  const seen = new Set<string>()
  const once = (id: string): void => {
    expect(seen.has(id)).toBe(false)
    seen.add(id)
  }
  const isTime = (time: number | null): boolean => time === null || Number.isInteger(time)
  for (const experiment of await source.experiments(signal)) {
    count.experiments++
    ExperimentId.parse(experiment.id)
    once(`experiment ${experiment.id}`)
    for await (const run of source.runs(experiment.id, signal)) {
      count.runs++
      RunId.parse(run.id)
      once(`run ${run.id}`)
      expect([run.startedAt, run.endedAt, run.deletedAt].every(isTime)).toBe(true)
      const contents = await source.contents(run, signal)
      count.params += contents.params.length
      count.tags += contents.tags.length
      for (const { key, value } of [...contents.params, ...contents.tags]) {
        expect([typeof key, typeof value]).toEqual(['string', 'string'])
      }
      for await (const { key, step, time, value } of contents.series) {
        once(`metric ${run.id} ${key}`)
        expect([step.length, time.length]).toEqual([value.length, value.length])
        expect(step.every(Number.isFinite) && time.every(Number.isFinite)).toBe(true)
        count.points += value.length
      }
    }
    for await (const model of source.loggedModels(experiment.id, signal)) {
      count.models++
      once(`model ${model.id}`)
      expect([model.createdAt, model.updatedAt].every(isTime)).toBe(true)
    }
  }
  for await (const { versions, aliases } of source.registeredModels(signal)) {
    count.versions += versions.length
    const numbers = versions.map(({ version }) => version)
    expect(aliases.every(({ version }) => numbers.includes(version))).toBe(true)
  }
  await source.modelCounts(signal)
  return count
}

/** What came; or the code of the error that refused the file as a whole. The file is as it was. */
async function attempt(
  file: string,
): Promise<{ readonly count: Record<string, number> | string; readonly notes: readonly ImportNote[] }> {
  const before = readFileSync(file)
  const notes: ImportNote[] = []
  try {
    await looksLikeDatabase(file)
    const source = await openDatabase(file, (note) => notes.push(note))
    try {
      return { count: await drain(source), notes }
    } finally {
      await source.close()
    }
  } catch (error) {
    if (error instanceof AppError && ['corrupt', 'unsupported', 'invalid'].includes(error.code))
      return { count: error.code, notes }
    throw error
  } finally {
    expect(readFileSync(file).equals(before)).toBe(true)
  }
}

const id = (number: number): string => `${number}`.padStart(32, 'a')

function filled(file: string): void {
  makeMlflowDatabase(
    file,
    (put) => {
      put('alembic_version', { version_num: '7d34483879f0' })
      put(
        'experiments',
        ...[0, 1, 2].map((number) => ({ experiment_id: number, name: `e${number}`, lifecycle_stage: 'active' })),
      )
      for (let number = 0; number < 40; number++) {
        const run_uuid = id(number)
        put('runs', {
          run_uuid,
          name: `run ${number}`,
          experiment_id: number % 3,
          status: 'FINISHED',
          start_time: number,
        })
        for (let at = 0; at < 4; at++) {
          put('params', { run_uuid, key: `p${at}`, value: 'v'.repeat(at * 40) })
          put('tags', { run_uuid, key: `t${at}`, value: 'long '.repeat(at === 3 ? 2000 : 1) })
        }
        for (let at = 0; at < 25; at++)
          put('metrics', { run_uuid, key: `m${at % 3}`, value: at / 7, timestamp: at, step: at, is_nan: 0 })
        put('logged_models', { model_id: `m-${run_uuid}`, experiment_id: number % 3, name: 'net', status: 2 })
      }
      put('registered_models', { name: 'net', workspace: 'default' })
      for (let version = 1; version < 9; version++)
        put('model_versions', { name: 'net', workspace: 'default', version, current_stage: 'None', source: 's' })
    },
    { indexes: [...MLFLOW_INDEXES, METRIC_INDEX] },
  )
}

const WHOLE = { experiments: 3, runs: 40, params: 160, tags: 160, points: 1000, models: 40, versions: 8 }

it('ends where a page leads back to rows before those that were asked for', async () => {
  const file = join(tempFolder(), 'mlflow.db')
  filled(file)
  // Found by chance: the number of a row is another one, and what follows is cut off.
  const bytes = readFileSync(file).subarray(0, 113_669)
  bytes[106_507] = 65
  writeFileSync(file, bytes)
  expect((await attempt(file)).notes).not.toEqual([])
})

it('is read to its end, or refused as a whole, whatever happened to its bytes', async () => {
  const folder = tempFolder()
  const file = join(folder, 'mlflow.db')
  filled(file)
  const whole = readFileSync(file)
  expect((await attempt(file)).count).toEqual(WHOLE)
  const place = fc.nat(whole.length - 1)
  const change = fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('byte' as const), at: place, to: fc.nat(255) }) },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('page' as const), at: place, to: fc.constantFrom(0, 255, 13, 5, 10) }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('swap' as const), at: place, to: place }) },
    // Where the schema and the heads of pages stand.
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('byte' as const), at: fc.nat(4095), to: fc.nat(255) }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('head' as const), at: place, to: fc.nat(255) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('cut' as const), at: place, to: fc.constant(0) }) },
  )
  let told = 0
  let read = 0
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 8 }), async (changes) => {
      let bytes = Buffer.from(whole)
      for (const { kind, at, to } of changes) {
        const page = at - (at % 4096)
        if (kind === 'cut') bytes = bytes.subarray(0, at)
        else if (Math.max(at, kind === 'swap' ? to : 0) >= bytes.length) continue
        else if (kind === 'byte') bytes[at] = to
        else if (kind === 'head') bytes[page + (at % 12)] = to
        else if (kind === 'page') bytes.fill(to, page, Math.min(page + 4096, bytes.length))
        else bytes.copy(bytes, page, to - (to % 4096), to - (to % 4096) + 4096)
      }
      writeFileSync(file, bytes)
      const { count, notes } = await attempt(file)
      if (typeof count === 'string') return
      read++
      if (JSON.stringify(count) !== JSON.stringify(WHOLE) && notes.length > 0) told++
    }),
    { numRuns: 80 },
  )
  // Most that is damaged can still be read, and it is told.
  expect(read).toBeGreaterThan(20)
  expect(told).toBeGreaterThan(3)
}, 120_000)

it('is read to its end with any columns, any values in them, and any indexes', async () => {
  const folder = tempFolder()
  let number = 0
  const cell = fc.oneof(
    fc.constantFrom<unknown>(
      null,
      '',
      0,
      1,
      -1,
      id(1),
      id(2),
      'm-1',
      'net',
      'default',
      'RUN',
      'DATASET',
      'RUN_OUTPUT',
      'MODEL_OUTPUT',
      'nan',
    ),
    fc.constantFrom<unknown>(
      2n ** 63n - 1n,
      -(2n ** 63n),
      2n ** 53n + 1n,
      1e308,
      -Infinity,
      5e-324,
      'deleted',
      'FINISHED',
      'Deleted_Internal',
    ),
    fc.string({ unit: 'binary', maxLength: 20 }).map((text) => text.replaceAll(/[\uD800-\uDFFF]/g, '?')),
    fc.double(),
    fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
    fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
  )
  const needed = new Set(['experiments', 'runs', 'metrics', 'params', 'tags'])
  const table = ([name, columns]: [string, readonly string[]]) =>
    fc.record({
      name: fc.constant(name),
      there: needed.has(name) ? fc.constant(true) : fc.boolean(),
      columns: fc.subarray([...columns], { minLength: 1 }),
      types: fc.boolean(),
      rows: fc.array(fc.array(cell, { minLength: columns.length, maxLength: columns.length }), { maxLength: 8 }),
    })
  await fc.assert(
    fc.asyncProperty(fc.tuple(...Object.entries(MLFLOW_TABLES).map(table)), fc.boolean(), async (tables, indexed) => {
      const file = join(folder, `${number++}.db`)
      const known = tables.filter(({ there }) => there)
      const named = ({ columns, types }: (typeof known)[number]) =>
        columns.map((column) => (types ? column.replace(' PRIMARY KEY', '') : (column.split(' ')[0] ?? '')))
      makeMlflowDatabase(
        file,
        (put) => {
          for (const one of known)
            for (const row of one.rows)
              put(one.name, Object.fromEntries(one.columns.map((column, at) => [column.split(' ')[0] ?? '', row[at]])))
        },
        {
          tables: Object.fromEntries(known.map((one) => [one.name, named(one)])),
          indexes: indexed
            ? known.map(
                ({ name, columns }) =>
                  `CREATE INDEX any_${name} ON ${name} (${columns.map((column) => column.split(' ')[0]).join(', ')})`,
              )
            : [],
        },
      )
      expect(typeof (await attempt(file)).count).toBe('object')
    }),
    { numRuns: 50 },
  )
}, 120_000)
