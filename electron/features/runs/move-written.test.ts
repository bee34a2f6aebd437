import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { beforeEach, expect, test } from 'vitest'
import { numbersFrom, openChance } from '#test/fixtures/chance.ts'
import { eraseRuns } from './erase.ts'
import { everything, expectGone, models, openPair, service, wholeRun } from './move.fixture.ts'
import type { Mover } from './move.ts'
import { existingRun } from './run-writes.ts'
import { openTestProject, START, type TestProject } from './test-project.fixture.ts'

let source: TestProject
let target: TestProject
let mover: Mover
beforeEach(() => void ({ source, target, mover } = openPair()))

type Change = (project: TestProject, id: string) => Promise<unknown>

/** A change of any kind, the same in whichever project it is made. */
function chooseChange(next: () => number, count: number): Change {
  const under = (most: number): number => Math.floor(next() * most)
  const point = (step: number) => ({ key: 'loss', value: next(), step, time: START + count })
  const [points, late] = [
    Array.from({ length: 1 + under(400) }, (_, i) => point(300 + count * 400 + i)),
    [point(under(300))],
  ]
  const word = `${count}`
  const tag = `t${under(5)}`
  const experimentName = `experiment ${under(3)}`
  const rest = { step: under(9), time: 0 }
  const file = join('plots', `f${under(4)}.txt`)
  const changes: readonly Change[] = [
    (project, id) => service.updateRun(project, id, { name: `name ${word}` }),
    (project, id) => service.updateRun(project, id, { note: word }),
    (project, id) => service.updateRun(project, id, { lifecycle: 'archived' }),
    (project, id) => service.setTags(project, id, [{ key: tag, value: word }]),
    (project, id) => service.deleteTag(project, id, tag),
    (project, id) => service.logParams(project, id, [{ key: word, value: word }], 'logged', null),
    (project, id) => service.setFact(project, id, 'seeds', { numpy: word }),
    (project, id) =>
      service.recordDatasets(project, id, [{ name: word, digest: '1', sourceType: 'local', source: '{}' }]),
    (project, id) => service.logMetrics(project, id, points),
    (project, id) => service.logMetrics(project, id, late),
    // Several at one step, twice the same, a new metric, nanoseconds.
    (project, id) => service.logMetrics(project, id, [late[0]!, { ...late[0]!, value: 7 }, late[0]!]),
    (project, id) => service.logMetrics(project, id, [{ ...late[0]!, key: `new ${word}` }], 'system'),
    (project, id) => service.logMetrics(project, id, [{ ...late[0]!, key: 'late', step: 1.8e18, rest }]),
    async (project, id) => {
      const experiment = await service.ensureExperiment(project, experimentName)
      await service.updateRun(project, id, { experiment: experiment.id })
    },
    async (project, id) => {
      const { id: model } = existingModel(project, id)
      await models.setTags(project, model, [{ key: tag, value: word }])
    },
    async (project, id) => {
      existingRun(project, id)
      const path = join(project.artifactsFolder, id, 'artifacts', file)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, word)
    },
    async (project, id) => {
      existingRun(project, id)
      rmSync(join(project.artifactsFolder, id, 'artifacts', file), { force: true })
    },
  ]
  return changes[under(changes.length)]!
}

function existingModel(project: TestProject, run: string): { readonly id: string } {
  const found = project.db.get<{ id: string }>('SELECT id FROM logged_model WHERE source_run = ?', run)
  if (found === undefined) throw new Error('There is no model.')
  return found
}

test('each change that was acknowledged while a run moved is in the copy, and what was refused is in neither', async () => {
  const chance = openChance('changes while moving')
  let refused = 0
  let kept = 0
  for (let round = 0; round < 12; round++) {
    const seed = Math.floor(chance.next() * 2 ** 31)
    const control = openTestProject('control')
    const id = await wholeRun(source, 'one')
    // Models have ids of their own, so the same run is made by the same steps.
    const twin = await wholeRun(control, 'one')
    const acknowledged: Change[] = []
    const next = numbersFrom(seed)
    let isOver = false
    const writing = (async () => {
      for (let count = 0; !isOver; count++) {
        for (let pause = Math.floor(next() * 4); pause > 0; pause--) await setImmediate()
        // Two under way at once.
        const changes = [chooseChange(next, 2 * count), chooseChange(next, 2 * count + 1)]
        const outcomes = await Promise.allSettled(changes.map((change) => change(source, id)))
        acknowledged.push(...changes.filter((_, index) => outcomes[index]?.status === 'fulfilled'))
        refused += outcomes.filter(({ status }) => status === 'rejected').length
      }
    })()
    for (let pause = Math.floor(next() * 6); pause > 0; pause--) await setImmediate()
    await mover.move(source, target, [id])
    isOver = true
    await writing
    kept += acknowledged.length
    // The same changes again, one by one: `chooseChange` drew what they are when they were made.
    for (const change of acknowledged) await change(control, twin)
    expect(withoutIds(everything(target, id)), `seed ${seed}`).toEqual(withoutIds(everything(control, twin)))
    expectGone(source, id)
    await control.dispose()
  }
  expect(kept).toBeGreaterThan(30)
  expect(refused).toBeGreaterThan(0)
}, 120_000)

test('metrics come along that other runs have too, and log meanwhile', async () => {
  const id = await wholeRun(source, 'one')
  const whole = everything(source, id)
  let isOver = false
  let others = 0
  const writing = (async () => {
    for (; !isOver; others++) {
      const { id: other } = await service.createRun(source, { source: 'client' })
      await service.logMetrics(source, other, [{ key: 'loss', value: 1, step: others, time: START }])
      await service.logMetrics(source, other, [{ key: 'cpu', value: 1, step: others, time: START }], 'system')
    }
  })()
  await mover.move(source, target, [id])
  isOver = true
  await writing
  expect(others).toBeGreaterThan(1)
  expect(everything(target, id)).toEqual(whole)
  expectGone(source, id)
})

test('a long series comes over in portions, however long it is, and others have their turns meanwhile', async () => {
  const { id } = await service.createRun(source, { source: 'client', status: 'finished' })
  const series = source.metrics.seriesFor(existingRun(source, id).number, 'loss', 'logged')
  const length = 300_000
  const column = Float64Array.from({ length }, (_, i) => i)
  await source.metrics.append({
    series: new Uint32Array(length).fill(series),
    step: column,
    time: column,
    value: column,
  })
  await source.metrics.compactNow()
  const portions: number[] = []
  const watched: TestProject = {
    ...source,
    metrics: {
      ...source.metrics,
      series: (one, range) => {
        const points = source.metrics.series(one, range)
        portions.push(points.step.length)
        return points
      },
    },
  }
  let turns = 0
  let isOver = false
  const counting = (async () => {
    for (; !isOver; turns++) await setImmediate()
  })()
  await mover.move(watched, target, [id])
  isOver = true
  await counting
  expect(Math.max(...portions)).toBeLessThan(100_000)
  expect(turns).toBeGreaterThan(length / 100_000)
  const number = existingRun(target, id).number
  expect(target.metrics.series(target.metrics.find(number, 'loss', 'logged')!).value).toEqual(column)
})

test('a metric that is read anew from its log while its run moves is moved as it is then', async () => {
  const { id } = await service.createRun(source, { source: 'launch', status: 'finished' })
  const { number } = existingRun(source, id)
  const log = (values: readonly number[]): Promise<void> =>
    service.logMetrics(
      source,
      id,
      values.map((value, step) => ({ key: 'loss', value, step, time: START })),
      'log',
    )
  await log([1, 2, 3])
  await service.logMetrics(source, id, [{ key: 'gone', value: 1, step: 0, time: START }], 'log')
  const moving = mover.move(source, target, [id])
  await setImmediate()
  await setImmediate()
  await source.commits.enqueue(() => {
    for (const series of source.metrics.list(number)) source.metrics.deleteSeries(series.id)
  })
  await log([4, 5])
  await moving
  const here = existingRun(target, id).number
  expect(target.metrics.list(here).map(({ key }) => key)).toEqual(['loss'])
  expect([...target.metrics.series(target.metrics.find(here, 'loss', 'log')!).value]).toEqual([4, 5])
})

test('a run that begins to train, or is deleted for good, while it moves stays what it is', async () => {
  const id = await wholeRun(source, 'one')
  const before = everything(source, id)
  const moving = expect(mover.move(source, target, [id])).rejects.toMatchObject({ code: 'busy' })
  // Somebody else moves it too.
  await expect(mover.move(source, target, [id])).rejects.toMatchObject({ code: 'busy' })
  await service.updateRun(source, id, { status: 'running' })
  await moving
  expectGone(target, id)
  await service.updateRun(source, id, { status: 'finished', endedAt: null })
  expect(everything(source, id)).toEqual(before)
  const another = expect(mover.move(source, target, [id])).rejects.toMatchObject({ code: 'not_found' })
  await setImmediate()
  await eraseRuns(source, [existingRun(source, id)])
  await another
  for (const project of [source, target]) expectGone(project, id)
})

/** Without what differs between two projects in which the same was done. */
function withoutIds(all: unknown): unknown {
  const text = JSON.stringify(all, (_, value: unknown) => {
    if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
    return value instanceof Float64Array || value instanceof Int16Array ? [...value] : value
  })
  return JSON.parse(text.replaceAll(/(?:m-)?(?:736f75|636f6e)[0-9a-f]{6,}/g, 'ID'))
}
