import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ImportNote } from '#shared/contract/imports.ts'
import { joinWhole } from '#shared/lib/whole-number.ts'
import { openWriter } from '#electron/db/connection.ts'
import { makeMlflowDatabase, METRIC_INDEX, MLFLOW_INDEXES, type Put } from '#test/fixtures/mlflow-database.ts'
import { tempFolder } from '#test/fixtures/temp-folder.ts'
import type { ImportSource, SourceRun, SourceSeries } from '../source.ts'
import { looksLikeDatabase, openDatabase } from './open-database.ts'
import { openReading } from './reading.ts'
import { seriesOf } from './series.ts'

const { signal } = new AbortController()
const RUN = 'a'.repeat(32)

async function opened<T>(
  file: string,
  use: (source: ImportSource, notes: readonly ImportNote[]) => Promise<T>,
): Promise<T> {
  const notes: ImportNote[] = []
  const source = await openDatabase(file, (note) => notes.push(note))
  try {
    return await use(source, notes)
  } finally {
    await source.close()
  }
}

function database(fill: (put: Put) => void, indexes?: readonly string[]): string {
  const file = join(tempFolder(), 'mlflow.db')
  makeMlflowDatabase(
    file,
    (put) => {
      put('alembic_version', { version_num: '7d34483879f0' })
      put('experiments', { experiment_id: 0, name: 'Default', lifecycle_stage: 'active' })
      fill(put)
    },
    indexes === undefined ? {} : { indexes },
  )
  return file
}

const run = (more: Readonly<Record<string, unknown>> = {}) => ({
  run_uuid: RUN,
  experiment_id: 0,
  status: 'FINISHED',
  lifecycle_stage: 'active',
  start_time: 1_700_000_000_000,
  ...more,
})

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

async function runsOf(file: string, only?: ReadonlySet<string>): Promise<SourceRun[]> {
  return opened(file, (source) => all(source.runs('0', signal, only)))
}

function plain({ key, step, time, value }: SourceSeries): unknown {
  return [key, ...Array.from(value, (one, at) => [step[at], time[at], one])]
}

describe('a database', () => {
  it('is MLflow’s, or is said not to be', async () => {
    const folder = tempFolder()
    const own = join(folder, 'project.db')
    openWriter(own).close()
    const other = join(folder, 'other.db')
    makeMlflowDatabase(other, () => {}, { tables: { runs: ['run_uuid TEXT'] }, indexes: [] })
    const text = join(folder, 'text.db')
    writeFileSync(text, 'x'.repeat(2000))
    const mlflow = database(() => {})
    const answers: Record<string, unknown> = {}
    for (const [what, file] of Object.entries({ mlflow, own, other, text, folder, absent: join(folder, 'absent') }))
      answers[what] = [
        await looksLikeDatabase(file),
        await opened(file, async (source) => source.era).catch(({ code, message }) => [
          code,
          String(message).includes(file),
        ]),
      ]
    expect(answers).toEqual({
      mlflow: [true, 'schema 7d34483879f0 (April 2026)'],
      own: [false, ['unsupported', true]],
      other: [false, ['unsupported', true]],
      text: [false, ['corrupt', true]],
      folder: [false, ['invalid', true]],
      absent: [false, ['not_found', true]],
    })
  })

  it('of several workspaces has their names before its own', async () => {
    const file = database((put) => {
      put('experiments', { experiment_id: '900719925474099312', name: 'churn', workspace: 'team a' })
      put('experiments', { experiment_id: 7, name: 'churn', workspace: 'default' })
      for (const workspace of ['default', 'team a']) {
        put('registered_models', { workspace, name: 'net', creation_time: 1 })
        put('model_versions', { workspace, name: 'net', version: 1, current_stage: 'None', description: workspace })
        put('registered_model_aliases', { workspace, name: 'net', alias: `of ${workspace}`, version: 1 })
      }
    })
    await opened(file, async (source, notes) => {
      const experiments = await source.experiments(signal)
      expect(experiments.map(({ id, name }) => [id, name])).toEqual([
        ['0', 'Default'],
        ['7', 'churn'],
        ['900719925474099312', 'team a/churn'],
      ])
      const models = await all(source.registeredModels(signal))
      expect(models.map(({ name, versions, aliases }) => [name, versions[0]?.description, aliases[0]?.alias])).toEqual([
        ['net', 'default', 'of default'],
        ['team a.net', 'team a', 'of team a'],
      ])
      expect(notes).toEqual([
        {
          kind: 'changed',
          what: 'workspace team a',
          why: 'Names of its experiments begin with team a/ here, those of its models with team a.',
        },
      ])
    })
  })

  it('tells what is left out: traces, runs of no experiment, ids that are none', async () => {
    const file = database((put) => {
      put('trace_info', { request_id: 'a' }, { request_id: 'b' })
      put(
        'runs',
        run(),
        run({ run_uuid: 'b', experiment_id: 9 }),
        run({ run_uuid: '../../etc' }),
        run({ run_uuid: null }),
      )
      put('experiments', { experiment_id: -3, name: 'below' })
      put('registered_models', { name: 'net' })
      put('model_versions', {
        name: 'net',
        version: 1,
        status: 'FAILED_REGISTRATION',
        current_stage: 'Deleted_Internal',
      })
      put('registered_model_aliases', { name: 'net', alias: 'lost', version: 1 })
    })
    await opened(file, async (source, notes) => {
      expect((await source.experiments(signal)).map(({ id }) => id)).toEqual(['0'])
      expect((await all(source.runs('0', signal))).map(({ id }) => id)).toEqual([RUN])
      expect((await all(source.registeredModels(signal))).map(({ versions, aliases }) => [versions, aliases])).toEqual([
        [[], []],
      ])
      expect(notes.map(({ kind, what }) => `${kind} ${what}`)).toEqual([
        'skipped traces',
        'skipped experiment -3',
        'skipped rows of runs',
        'skipped 1 runs',
        'skipped alias lost of model net',
      ])
    })
  })
})

describe('a run', () => {
  const file = (fill: (put: Put) => void = () => {}, more: Readonly<Record<string, unknown>> = {}) =>
    database((put) => {
      put('runs', run(more))
      put('params', { run_uuid: RUN, key: 'lr', value: '0.1' })
      put('tags', { run_uuid: RUN, key: 'a', value: 'b' })
      put('metrics', { run_uuid: RUN, key: 'm', value: 1, timestamp: 5, step: 5 })
      fill(put)
    })
  const print = async (place: string) => (await runsOf(place))[0]?.fingerprint

  it('has a fingerprint that changes with anything of it, and with nothing else', async () => {
    const other = { run_uuid: 'b', key: 'm', value: 1, timestamp: 1, step: 1 }
    const same = await Promise.all([
      print(file()),
      print(file((put) => put('metrics', other))),
      print(file((put) => put('runs', run({ run_uuid: 'b' })))),
    ])
    const changed = await Promise.all([
      print(file(() => {}, { status: 'RUNNING' })),
      print(file(() => {}, { end_time: 8 })),
      print(file(() => {}, { lifecycle_stage: 'deleted' })),
      print(file((put) => put('params', { run_uuid: RUN, key: 'b', value: '' }))),
      print(file((put) => put('tags', { run_uuid: RUN, key: 'note', value: '' }))),
      // An older step, and a time before the last.
      print(file((put) => put('metrics', { run_uuid: RUN, key: 'm', value: 1, timestamp: 1, step: 1 }))),
      print(
        file((put) =>
          put('inputs', {
            input_uuid: 'i',
            source_type: 'RUN_OUTPUT',
            source_id: RUN,
            destination_type: 'MODEL_OUTPUT',
            destination_id: 'm-1',
          }),
        ),
      ),
      print(
        file((put) =>
          put('inputs', {
            input_uuid: 'i',
            source_type: 'DATASET',
            source_id: 'd',
            destination_type: 'RUN',
            destination_id: RUN,
          }),
        ),
      ),
    ])
    expect(new Set(same).size).toBe(1)
    expect(new Set([...same, ...changed]).size).toBe(1 + changed.length)
  })

  it('comes in the order of its start, and alone when it is asked for', async () => {
    const place = database((put) => {
      for (const [id, start] of [
        ['c', 3],
        ['a', 1],
        ['n', null],
        ['b', 2],
        ['b2', 2],
      ] as const)
        put('runs', run({ run_uuid: id, start_time: start }))
    })
    expect((await runsOf(place)).map(({ id }) => id)).toEqual(['n', 'a', 'b', 'b2', 'c'])
    expect((await runsOf(place, new Set(['c', 'gone']))).map(({ id }) => id)).toEqual(['c'])
  })

  it('keeps what its columns and tags say, odd ones too', async () => {
    const place = database((put) => {
      put(
        'runs',
        run({ name: '', status: 'PAUSED', end_time: 7, deleted_time: 9, lifecycle_stage: 'deleted', user_id: 'ann' }),
      )
      put('runs', run({ run_uuid: 'b', status: null, start_time: 'soon', name: Buffer.from('bytes') }))
      put(
        'tags',
        { run_uuid: RUN, key: 'mlflow.runName', value: 'by tag' },
        { run_uuid: RUN, key: 'none', value: null },
      )
      put('params', { run_uuid: RUN, key: null, value: 'x' })
      put('metrics', { run_uuid: RUN, key: 'm', value: 'words', timestamp: 1, step: 1 })
      put('metrics', { run_uuid: RUN, key: 'm', value: null, timestamp: null, step: null })
      put('metrics', { run_uuid: RUN, key: 'm', value: 'inf', timestamp: 3, step: 1 })
    })
    await opened(place, async (source, notes) => {
      const runs = await all(source.runs('0', signal))
      expect(runs).toMatchObject([
        { id: 'b', name: 'bytes', status: 'lost', startedAt: null, endedAt: null, deleted: false },
        { id: RUN, name: 'by tag', status: 'finished', endedAt: 7, deleted: true, deletedAt: 9, user: 'ann' },
      ])
      const [, second] = runs
      if (second === undefined) throw new Error('no second run')
      const contents = await source.contents(second, signal)
      expect(contents).toMatchObject({
        params: [],
        tags: [
          { key: 'mlflow.runName', value: 'by tag' },
          { key: 'none', value: '' },
        ],
        artifacts: { at: 'none' },
      })
      expect((await all(contents.series)).map(plain)).toEqual([['m', [0, 0, Number.NaN], [1, 3, Infinity]]])
      expect(notes.map(({ what }) => what)).toEqual(['run b', `run ${RUN}`, `metrics of run ${RUN}`])
    })
  })

  it('has its files where they lie now', async () => {
    const place = database((put) => put('runs', run({ artifact_uri: `file:///C:/Year 4/mlruns/0/${RUN}/artifacts` })))
    const folder = join(place, '..', 'mlruns', '0', RUN, 'artifacts')
    mkdirSync(folder, { recursive: true })
    await opened(place, async (source) => {
      const [one] = await all(source.runs('0', signal))
      if (one === undefined) throw new Error('no run')
      expect((await source.contents(one, signal)).artifacts).toEqual({ at: 'folder', path: folder })
    })
  })
})

describe('metrics of a run', () => {
  const points = Array.from({ length: 600 }, (_, index) => ({
    run_uuid: RUN,
    key: `m/${index % 7}${'é'.repeat(index % 3)}`,
    value: Math.sin(index),
    timestamp: 1_700_000_000_000 + ((index * 7919) % 500),
    step: (index * 31) % 40,
    is_nan: index % 50 === 0 ? 1 : 0,
  }))
  const stored = (put: Put): void => {
    put('runs', run())
    put('metrics', ...points, { ...points[0], run_uuid: 'b' })
  }
  const seriesAt = async (file: string, held?: number): Promise<Map<string, unknown>> => {
    const reading = await openReading(file, () => {})
    try {
      const found = await all(seriesOf(reading, { id: RUN, startedAt: 1_700_000_000_000 }, signal, held))
      expect(new Set(found.map(({ key }) => key)).size).toBe(found.length)
      return new Map(found.map((series) => [series.key, plain(series)]))
    } finally {
      await reading.close()
    }
  }

  it('are the same however much is held at a time, ordered by time, step and value', async () => {
    const plainly = database(stored)
    const whole = await seriesAt(plainly)
    expect(whole.size).toBe(21)
    const expected = points
      .filter(({ key }) => key === 'm/0')
      .map(({ step, timestamp, value, is_nan }) => ({
        step,
        timestamp,
        order: is_nan ? 0 : value,
        value: is_nan ? Number.NaN : value,
      }))
      .toSorted((a, b) => a.timestamp - b.timestamp || a.step - b.step || a.order - b.order)
    expect(whole.get('m/0')).toEqual(['m/0', ...expected.map(({ step, timestamp, value }) => [step, timestamp, value])])
    const indexed = database(stored, [...MLFLOW_INDEXES, METRIC_INDEX])
    for (const file of [plainly, indexed])
      for (const held of [1, 100]) expect(await seriesAt(file, held)).toEqual(whole)
  })

  it('have steps and times of 64 bits in all their digits, and none is passed over between two portions', async () => {
    const count = 20_100
    const base = 1_800_000_000_000_000_000n
    const rows = Array.from({ length: count }, (_, index) => {
      const at = base + BigInt((index * 7919) % count)
      return { run_uuid: RUN, key: 'm', value: 1, timestamp: at, step: at, is_nan: 0 }
    })
    const fill = (put: Put): void => {
      put('runs', run())
      put('metrics', ...rows)
    }
    for (const file of [database(fill), database(fill, [...MLFLOW_INDEXES, METRIC_INDEX])]) {
      const reading = await openReading(file, () => {})
      try {
        const [series] = await all(seriesOf(reading, { id: RUN, startedAt: 1_700_000_000_000 }, signal, 1))
        const { step, time, rest } = series as SourceSeries
        const read = Array.from(step, (near, at) => [
          joinWhole(near, rest?.step[at] ?? 0),
          joinWhole(time[at] ?? 0, rest?.time[at] ?? 0),
        ])
        expect(read).toEqual(Array.from({ length: count }, (_, by) => [base + BigInt(by), base + BigInt(by)]))
      } finally {
        await reading.close()
      }
    }
  })

  it('of clients before MLflow 1.0 have their times in milliseconds', async () => {
    const file = database((put) => {
      put('runs', run())
      for (const at of [0, 1])
        put('metrics', { run_uuid: RUN, key: 'm', value: at, timestamp: 1_700_000_000 + at, step: at })
      put('metrics', { run_uuid: RUN, key: 'own clock', value: 1, timestamp: 3, step: 0 })
    })
    expect([...(await seriesAt(file)).values()]).toEqual([
      ['m', [0, 1_700_000_000_000, 0], [1, 1_700_000_001_000, 1]],
      ['own clock', [0, 3, 1]],
    ])
  })

  it('stop when nobody wants them any more', async () => {
    const file = database(stored)
    const before = readFileSync(file)
    const asked = new AbortController()
    await opened(file, async (source) => {
      const [one] = await all(source.runs('0', signal))
      if (one === undefined) throw new Error('no run')
      const { series } = await source.contents(one, asked.signal)
      let count = 0
      const reading = (async () => {
        for await (const _ of series) if (++count === 3) asked.abort()
      })()
      await expect(reading).rejects.toMatchObject({ name: 'AbortError' })
      expect(count).toBe(3)
    })
    expect([readFileSync(file).equals(before), readdirSync(join(file, '..'))]).toEqual([true, ['mlflow.db']])
  })
})
