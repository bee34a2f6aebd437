import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { metrics as contract } from '#shared/contract/metrics.ts'
import { createRunsService } from '#electron/features/runs/service.ts'
import { openTestProject, START, type TestProject } from '#electron/features/runs/test-project.fixture.ts'
import { createMetricHandlers } from './handlers.ts'

const runs = createRunsService(() => 'unnamed')
let project: TestProject
let run = ''
let controller = new AbortController()
const handlers = createMetricHandlers({ projects: { require: () => project }, interval: 0 })
const context = () => ({ signal: controller.signal, actor: 'test' })

beforeEach(async () => {
  controller = new AbortController()
  project = openTestProject()
  run = (await runs.createRun(project, { source: 'client' })).id
})
afterEach(async () => {
  controller.abort()
  await project.dispose()
})

const log = (id: string, key: string, values: readonly number[], origin?: 'logged' | 'log' | 'system') =>
  runs.logMetrics(
    project,
    id,
    values.map((value, step) => ({ key, value, step, time: START + step * 1_000 })),
    origin,
  )

test('summaries and keys name every series of the runs', async () => {
  const other = (await runs.createRun(project, { source: 'client' })).id
  await log(run, 'loss', [3, 1, 2])
  await log(run, 'loss', [3, 1], 'log')
  await log(run, 'system/cpu', [50], 'system')
  await log(other, 'loss', [9])
  const list = await handlers.list({ project: 'test', run }, context())
  expect(list.map(({ key, origin }) => `${origin} ${key}`).toSorted()).toEqual([
    'log loss',
    'logged loss',
    'system system/cpu',
  ])
  expect(list.find(({ origin }) => origin === 'logged')).toEqual({
    key: 'loss',
    origin: 'logged',
    count: 3,
    last: 2,
    lastStep: 2,
    lastTime: START + 2_000,
    min: 1,
    minStep: 1,
    max: 3,
    maxStep: 0,
  })
  expect(await handlers.keys({ project: 'test', runs: [run, other, 'nope'] }, context())).toEqual([
    { key: 'loss', origin: 'logged', runs: 2 },
    { key: 'loss', origin: 'log', runs: 1 },
    { key: 'system/cpu', origin: 'system', runs: 1 },
  ])
})

test('the keys of ten times the runs are found with as many statements', async () => {
  const statements = async (count: number): Promise<number> => {
    const ids: string[] = []
    for (let made = 0; made < count; made++) ids.push((await runs.createRun(project, { source: 'client' })).id)
    for (const id of ids) await log(id, 'loss', [1, 2])
    await project.metrics.compactNow()
    const calls = (): number => project.db.statistics.statements().reduce((sum, { calls: times }) => sum + times, 0)
    const before = calls()
    const keys = await handlers.keys({ project: 'test', runs: ids }, context())
    expect(keys).toEqual([{ key: 'loss', origin: 'logged', runs: count }])
    return calls() - before
  }
  const few = await statements(3)
  expect(few).toBeGreaterThan(0)
  expect(await statements(30)).toBe(few)
})

test('all points come by step; what was logged goes before what was read from the log', async () => {
  await log(run, 'loss', [1, Number.NaN, Infinity])
  await log(run, 'loss', [7], 'log')
  const series = await handlers.series({ project: 'test', run, key: 'loss' }, context())
  expect(contract.series.output.parse(series)).toEqual({
    run,
    key: 'loss',
    step: Float64Array.of(0, 1, 2),
    time: Float64Array.of(START, START + 1_000, START + 2_000),
    value: Float64Array.of(1, Number.NaN, Infinity),
  })
  const fromLog = await handlers.series({ project: 'test', run, key: 'loss', origin: 'log' }, context())
  expect([...fromLog.value]).toEqual([7])
  await expect(async () => handlers.series({ project: 'test', run, key: 'none' }, context())).rejects.toMatchObject({
    code: 'not_found',
  })
  await expect(async () =>
    handlers.series({ project: 'test', run: 'nope', key: 'loss' }, context()),
  ).rejects.toMatchObject({ code: 'not_found' })
})

describe('levels', () => {
  const ask = (given: object) =>
    handlers.levels({ project: 'test', series: [{ run, key: 'loss' }], axis: 'step', width: 500, ...given }, context())

  test('by step, by time and by time since the first point are the same values at other places', async () => {
    await log(run, 'loss', [4, Number.NaN, 2, 8])
    const [byStep] = await ask({})
    expect(contract.levels.output.parse([byStep])[0]).toMatchObject({
      run,
      key: 'loss',
      x: Float64Array.of(0, 2, 3),
      min: Float64Array.of(4, 2, 8),
      max: Float64Array.of(4, 2, 8),
      oddX: Float64Array.of(1),
      oddKind: Float64Array.of(0),
      count: 4,
      exact: true,
    })
    const [byTime] = await ask({ axis: 'time' })
    expect([...(byTime?.x ?? [])]).toEqual([START, START + 2_000, START + 3_000])
    const [relative] = await ask({ axis: 'relative' })
    expect([[...(relative?.x ?? [])], [...(relative?.oddX ?? [])]]).toEqual([[0, 2_000, 3_000], [1_000]])
    // The bounds are relative too; a neighbour on either side is there for the line that leaves the view.
    const [part] = await ask({ axis: 'relative', from: 1_900, to: 2_100 })
    expect([...(part?.x ?? [])]).toEqual([0, 2_000, 3_000])
    const [late] = await ask({ axis: 'relative', from: 2_500, to: 9_000 })
    expect([...(late?.x ?? [])]).toEqual([2_000, 3_000])
  })

  test('runs without the metric, and runs that are gone, are left out', async () => {
    await log(run, 'loss', [1])
    const levels = await ask({
      series: [
        { run: 'gone', key: 'loss' },
        { run, key: 'other' },
        { run, key: 'loss' },
      ],
    })
    expect(levels.map(({ key }) => key)).toEqual(['loss'])
  })

  test('a long series is reduced to the width with its extremes kept', async () => {
    const values = Array.from({ length: 20_000 }, (_, step) => Math.sin(step))
    values[12_345] = 99
    await log(run, 'loss', values)
    const [level] = await ask({ width: 100 })
    expect(level?.exact).toBe(false)
    expect(level?.x.length).toBeLessThanOrEqual(202)
    expect(Math.max(...(level?.max ?? []))).toBe(99)
    expect(Math.min(...(level?.min ?? []))).toBe(Math.min(...values))
  })
})

describe('watching', () => {
  const watch = (ids: readonly string[]) =>
    handlers.watch({ project: 'test', runs: [...ids] }, context())[Symbol.asyncIterator]()

  test('says which series of the watched runs have grown, all of a burst at once', async () => {
    const other = (await runs.createRun(project, { source: 'client' })).id
    const events = watch([run])
    const first = events.next()
    await log(other, 'loss', [1])
    await Promise.all([log(run, 'loss', [5, 6]), log(run, 'acc', [0.5])])
    const { value } = await first
    expect(value.run).toBe(run)
    expect(value.series.map(({ key, last }: { key: string; last: number | null }) => [key, last]).toSorted()).toEqual([
      ['acc', 0.5],
      ['loss', 6],
    ])
    // What comes between two events is one event, however much it is.
    for (let step = 0; step < 50; step++)
      await runs.logMetrics(project, run, [{ key: 'loss', value: step, step: 100 + step, time: START }])
    const next = await events.next()
    expect(
      next.value.series.map(({ key, lastStep, count }: { key: string; lastStep: number | null; count: number }) => ({
        key,
        lastStep,
        count,
      })),
    ).toEqual([{ key: 'loss', lastStep: 149, count: 52 }])
    controller.abort()
    expect((await events.next()).done).toBe(true)
  })

  test('ends when it is cancelled while nothing happens', async () => {
    const events = watch([run])
    const waiting = events.next()
    controller.abort()
    expect(await waiting).toEqual({ done: true, value: undefined })
  })

  test('a run that is deleted meanwhile ends nothing', async () => {
    const events = watch([run])
    const first = events.next()
    await log(run, 'loss', [1])
    await first
    await project.commits.enqueue(() => project.metrics.deleteRun(1))
    const fresh = (await runs.createRun(project, { source: 'client' })).id
    await log(fresh, 'loss', [1])
    const waiting = events.next()
    controller.abort()
    expect((await waiting).done).toBe(true)
  })
})
