import { appendFileSync, mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { allReaders } from '../all-readers.ts'
import { type ImportBench, openImportBench } from '../bench.fixture.ts'
import { experiment, run, storeIn, writeFiles } from '../mlflow-files/store.fixture.ts'
import type { Readers } from '../readers.ts'
import { addChange, type Dirt, noDirt } from './changes.ts'
import { tellChanges } from './tell-changes.ts'
import { eventually } from '#test/setup/eventually.ts'

const PACE = { quiet: 40, longest: 300, look: 50, poll: [100, 400] as const, share: 1 }
const TRUE = 1_700_000_000_000

let folder: string
let location: string
let made: ImportBench
let asked: string[]

/** The real readers, with a list of what they were asked for. */
const readers = (): Readers =>
  allReaders.map((reader) => ({
    ...reader,
    open: async (...given) => {
      const source = await reader.open(...given)
      return {
        ...source,
        async *runs(...which) {
          asked.push(which[2] === undefined ? 'all runs' : `runs ${[...which[2]].toSorted().join(' ')}`)
          yield* source.runs(...which)
        },
        contents: (one, signal) => {
          asked.push(`contents ${one.id}`)
          return source.contents(one, signal)
        },
      }
    },
  }))

beforeEach(() => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), 'watch-'))
  location = storeIn(folder, {
    '0/meta.yaml': experiment('0', 'Default'),
    '0/aa/meta.yaml': run('0', 'aa'),
    '0/aa/metrics/loss': '1700000000000 1 0\n',
    '0/aa/artifacts/': '',
    '0/bb/meta.yaml': run('0', 'bb'),
    '0/bb/artifacts/': '',
  })
  asked = []
  made = openImportBench(readers(), { pace: PACE })
})
afterEach(async () => {
  await made.dispose()
  rmSync(folder, { recursive: true, force: true })
})

const points = (id: string): readonly number[] => {
  const { db, metrics } = made.project
  const number = db.value<number>('SELECT number FROM run WHERE id = ?', id)
  const [series] = number === undefined ? [] : metrics.list(number)
  return series === undefined ? [] : [...metrics.series(series.id).value]
}
const source = async () => (await made.calls.list({ project: 'test' }, made.context))[0]
/** Waits until a whole round has gone by, after which only what is told is read. */
const settled = () =>
  eventually(async () => {
    expect(asked.filter((what) => what === 'all runs')).toHaveLength(2)
    expect((await source())?.job).toBeNull()
  })

describe('a watched folder', { timeout: 120_000 }, () => {
  it('brings what is added, and reads nothing else', async () => {
    await made.take(location, { watched: true })
    await settled()
    asked.length = 0
    appendFileSync(join(location, '0/aa/metrics/loss'), `${TRUE} 2 1\n`)
    await eventually(() => expect(points('aa')).toEqual([1, 2]))
    // The other run is not even looked at.
    expect(new Set(asked)).toEqual(new Set(['runs aa', 'contents aa']))
    writeFiles(location, { '0/cc/meta.yaml': run('0', 'cc'), '0/cc/metrics/loss': `${TRUE} 5 0\n` })
    await eventually(() => expect(points('cc')).toEqual([5]))
    expect(asked).not.toContain('contents bb')
    writeFileSync(join(location, '0/bb/artifacts/a.txt'), 'hello')
    await eventually(async () => expect((await source())?.report?.came.copiedFiles).toBe(1))
  })

  it('waits for what is half written, without a word', async () => {
    await made.take(location, { watched: true })
    await settled()
    const whole = run('0', 'dd')
    writeFiles(location, {
      '0/dd/.meta.yaml.aB3xY9': whole,
      '0/dd/metrics/loss': `${TRUE} 7 0\n${TRUE} 8`,
      '0/dd/artifacts/': '',
    })
    writeFileSync(join(location, '0/dd/meta.yaml'), whole.slice(0, 40))
    await eventually(() => expect(asked.some((what) => what.startsWith('runs') && what.includes('dd'))).toBe(true))
    renameSync(join(location, '0/dd/.meta.yaml.aB3xY9'), join(location, '0/dd/meta.yaml'))
    appendFileSync(join(location, '0/dd/metrics/loss'), ' 1\n')
    await eventually(() => expect(points('dd')).toEqual([7, 8]))
    expect((await source())?.report?.notes).toEqual([])
  })

  it('brings the new name and tags of an experiment, and looks into no run for it', async () => {
    await made.take(location, { watched: true })
    await settled()
    asked.length = 0
    const names = () => made.project.db.all('SELECT name FROM experiment')
    writeFiles(location, { '5/meta.yaml': experiment('5', 'five'), '5/cc/meta.yaml': run('5', 'cc') })
    await eventually(() => expect(names()).toContainEqual({ name: 'five' }))
    await eventually(async () => expect((await source())?.job).toBeNull())
    await eventually(() => expect(asked).toContain('contents cc'))
    asked.length = 0
    writeFiles(location, { '5/meta.yaml': experiment('5', 'fünf'), '5/tags/team': 'a' })
    await eventually(() => expect(names()).toContainEqual({ name: 'fünf' }))
    await eventually(() =>
      expect(made.project.db.all(`SELECT value FROM experiment_tag WHERE experiment = '5'`)).toEqual([{ value: 'a' }]),
    )
    expect(asked.filter((what) => what.startsWith('contents'))).toEqual([])
    await eventually(async () => expect((await source())?.report?.came.updatedExperiments).toBe(1))
  })

  it('says once that it is gone, and goes on when it is back', async () => {
    await made.take(location, { watched: true })
    await settled()
    const away = join(folder, 'away')
    renameSync(location, away)
    await eventually(async () => expect((await source())?.missingSince).toBe(made.project.clock.now()))
    appendFileSync(join(away, '0/bb/meta.yaml'), 'run_name: later\n')
    writeFiles(away, { '0/bb/metrics/loss': `${TRUE} 3 0\n` })
    renameSync(away, location)
    await eventually(() => expect(points('bb')).toEqual([3]))
    expect(await source()).toMatchObject({ missingSince: null, runs: 2 })
  })

  it('is taken up after a restart, and left when nobody wants it', async () => {
    await made.take(location, { watched: true })
    await made.feature.close()
    writeFiles(location, { '0/aa/metrics/loss': `${TRUE} 1 0\n${TRUE} 9 5\n` })
    const next = openImportBench(readers(), { pace: PACE, project: made.project })
    next.feature.start()
    await eventually(() => expect(points('aa')).toEqual([1, 9]))
    await next.calls.setWatched({ project: 'test', source: 1, watched: false }, next.context)
    asked.length = 0
    writeFiles(location, { '0/aa/metrics/loss': `${TRUE} 1 0\n${TRUE} 9 5\n${TRUE} 4 6\n` })
    // Another source is followed meanwhile, so that time has passed when it has come.
    mkdirSync(join(folder, 'other'))
    const other = storeIn(join(folder, 'other'), { '0/meta.yaml': experiment('0', 'Default') })
    await next.take(other, { watched: true })
    writeFiles(other, { '0/ee/meta.yaml': run('0', 'ee'), '0/ee/metrics/loss': `${TRUE} 6 0\n` })
    await eventually(() => expect(points('ee')).toEqual([6]))
    expect(points('aa')).toEqual([1, 9])
    await next.dispose()
  })
})

describe('a folder that nobody tells about', { timeout: 120_000 }, () => {
  const silent = { tells: false, stop: () => Promise.resolve() }
  const untold = async (): Promise<ImportBench> => {
    await made.dispose()
    made = openImportBench(readers(), { pace: PACE, tell: () => Promise.resolve(silent) })
    return made
  }

  it('is read now and then as a whole, ever more seldom while nothing comes', async () => {
    await untold()
    await made.take(location, { watched: true })
    await eventually(() => expect(asked.filter((what) => what === 'all runs').length).toBeGreaterThanOrEqual(4))
    appendFileSync(join(location, '0/aa/metrics/loss'), `${TRUE} 2 1\n`)
    await eventually(() => expect(points('aa')).toEqual([1, 2]))
    writeFiles(location, { '0/cc/meta.yaml': run('0', 'cc'), '0/cc/metrics/loss': `${TRUE} 5 0\n` })
    await eventually(() => expect(points('cc')).toEqual([5]))
    expect(asked.filter((what) => what.startsWith('runs '))).toEqual([])
  })

  it('is looked at by itself once the system stops to tell', async () => {
    await made.dispose()
    let lose = (): void => {}
    let listened = 0
    made = openImportBench(readers(), {
      pace: PACE,
      tell: (_folder, _log, _onPaths, onLost) => {
        lose = onLost
        return Promise.resolve(listened++ === 0 ? { ...silent, tells: true } : silent)
      },
    })
    await made.take(location, { watched: true })
    await settled()
    lose()
    writeFiles(location, { '0/cc/meta.yaml': run('0', 'cc'), '0/cc/metrics/loss': `${TRUE} 5 0\n` })
    await eventually(() => expect(points('cc')).toEqual([5]))
    writeFiles(location, { '0/dd/meta.yaml': run('0', 'dd'), '0/dd/metrics/loss': `${TRUE} 6 0\n` })
    await eventually(() => expect(points('dd')).toEqual([6]))
    expect(listened).toBeGreaterThanOrEqual(2)
  })

  it('is told from one that the system can listen to', async () => {
    const said: string[] = []
    const log = { info: () => {}, error: () => {}, warn: (event: string) => void said.push(event) }
    const none = await tellChanges(
      join(folder, 'nowhere'),
      log,
      () => {},
      () => {},
    )
    const heard: string[] = []
    const there = await tellChanges(
      location,
      log,
      (paths) => void heard.push(...paths),
      () => {},
    )
    expect([none.tells, there.tells, said.length]).toEqual([false, true, 1])
    writeFileSync(join(location, '0/aa/metrics/new'), '1 1 1\n')
    await eventually(() => expect(heard).toContain(join(location, '0/aa/metrics/new')))
    for (const one of [none, there]) await one.stop()
  })
})

it.each([
  ['/s/0/aa/metrics/loss', { runs: ['aa'] }],
  ['/s/0/aa', { runs: ['aa'] }],
  ['/s/.trash/0/aa/meta.yaml', { runs: ['aa'] }],
  ['/s/0/models/m-1/meta.yaml', { models: true }],
  ['/s/models/name/version-1/meta.yaml', { models: true }],
  ['/s/0/meta.yaml', { beside: true }],
  ['/s/0/tags/team', { beside: true }],
  ['/s/0/datasets/d/meta.yaml', {}],
  ['/s/0/.aa.Xy12Zz', {}],
  ['/s/0', { whole: true }],
  ['/s', { whole: true }],
])('a change of %s', (path, expected) => {
  const dirt: Dirt = noDirt()
  addChange(dirt, '/s', path)
  expect({ ...dirt, runs: [...dirt.runs] }).toEqual({
    whole: false,
    models: false,
    beside: false,
    runs: [],
    ...expected,
  })
})
