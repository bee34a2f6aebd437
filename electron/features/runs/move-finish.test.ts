import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { everything, expectGone, put, openPair, service, wholeRun } from './move.fixture.ts'
import type { Mover } from './move.ts'
import { existingRun } from './run-writes.ts'
import { START, type TestProject } from './test-project.fixture.ts'

let source: TestProject
let target: TestProject
let mover: Mover
beforeEach(() => void ({ source, target, mover } = openPair()))

const KILLED = 'killed'

/** Moves the run as far as a process came that was killed when the copy was on the disk, and the original's end was not. */
async function cutShort(id: string): Promise<void> {
  let isKilled = false
  const killed = (): never => {
    isKilled = true
    throw new Error(KILLED)
  }
  const dying: TestProject = {
    ...target,
    commits: {
      ...target.commits,
      enqueue: (write) => (isKilled ? Promise.reject(new Error(KILLED)) : target.commits.enqueue(write)),
    },
  }
  await expect(mover.move({ ...source, commits: { ...source.commits, now: killed } }, dying, [id])).rejects.toThrow(
    KILLED,
  )
  for (const project of [source, target]) expect(service.findRun(project, id)).toBeDefined()
}

test('of two whole copies that a kill left, the one goes that is as it was', async () => {
  for (const changed of ['neither', 'original', 'copy'] as const) {
    const id = await wholeRun(source, changed)
    await cutShort(id)
    if (changed !== 'neither') {
      const project = changed === 'copy' ? target : source
      await service.setTags(project, id, [{ key: 'edited', value: 'since' }])
      await service.logMetrics(project, id, [{ key: 'loss', value: 5, step: 999, time: START }])
      put(join(project.artifactsFolder, id, 'artifacts', 'late.txt'), 'late')
    }
    const [kept, other] = changed === 'original' ? [source, target] : [target, source]
    const whole = everything(kept, id)
    await mover.finish(target)
    expect(everything(kept, id), changed).toEqual(whole)
    expectGone(other, id)
    expect(target.db.value(`SELECT count(*) FROM project_meta WHERE key LIKE 'mov%'`)).toBe(0)
  }
})

test('where both were changed since, both stay', async () => {
  const id = await wholeRun(source, 'one')
  await cutShort(id)
  for (const project of [source, target]) await service.updateRun(project, id, { note: project.id })
  const both = [source, target].map((project) => everything(project, id))
  await mover.finish(target)
  expect([source, target].map((project) => everything(project, id))).toEqual(both)
  await mover.finish(target)
  expect([source, target].map((project) => everything(project, id))).toEqual(both)
})

test('an original stays of which the copy has not all points', async () => {
  const id = await wholeRun(source, 'one')
  await cutShort(id)
  const before = everything(source, id)
  const { number } = existingRun(target, id)
  const series = target.metrics.find(number, 'loss', 'logged')!
  await target.commits.enqueue(() => target.metrics.deleteSeries(series))
  await mover.finish(target)
  expect(everything(source, id)).toEqual(before)
  expect(service.findRun(target, id)).toBeDefined()
})

test('files that were acknowledged in the last moment are brought over after a kill', async () => {
  const id = await wholeRun(source, 'one')
  await mover.move(source, target, [id])
  // As a kill leaves it between the rows' going and the folders'.
  const mark = { source: 'source', folders: [{ kind: 'runs', name: id }], digest: 'x' }
  target.db.run('INSERT INTO project_meta VALUES (?, ?)', `moved:${id}`, JSON.stringify(mark))
  put(join(source.artifactsFolder, id, 'artifacts', 'late.txt'), 'late')
  await mover.finish(target)
  expect(readFileSync(join(target.artifactsFolder, id, 'artifacts', 'late.txt'), 'utf8')).toBe('late')
  expect(existsSync(join(source.artifactsFolder, id))).toBe(false)
})
