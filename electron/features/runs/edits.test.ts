import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { undoChange } from '#electron/features/projects/undo.ts'
import { createEdits } from './edits.ts'
import { createRunsService } from './service.ts'
import { openTestProject, START, type TestProject } from './test-project.fixture.ts'

/** The label of the newest change, which is undone. */
const undoNewest = async (of: TestProject): Promise<string | null> => (await undoChange(of)).label

const service = createRunsService(() => 'unnamed')
const edits = createEdits(service)
let project: TestProject
beforeEach(() => {
  project = openTestProject()
})
afterEach(() => project.dispose())

const make = async (name: string): Promise<string> => {
  const run = await service.createRun(project, { source: 'client', name, status: 'finished' })
  return run.id
}

/** All that a person can change, as it stands in the database. */
const state = (): unknown => [
  project.db.all('SELECT number, name, note, experiment, lifecycle, deleted_at FROM run ORDER BY number'),
  project.db.all('SELECT * FROM tag ORDER BY run, key'),
  project.db.all('SELECT id, name, lifecycle, updated_at FROM experiment ORDER BY id'),
]

type Edit = (ids: readonly string[], all: readonly string[]) => Promise<unknown>
const word = fc.constantFrom('a', 'b', 'ünï')
const pick = fc.array(fc.nat(3), { minLength: 1, maxLength: 4 })
const edit: fc.Arbitrary<Edit> = fc.oneof(
  word.map(
    (name): Edit =>
      ([id = '']) =>
        edits.rename(project, id, name),
  ),
  word.map(
    (note): Edit =>
      ([id = '']) =>
        edits.setNote(project, id, note),
  ),
  fc.tuple(word, word).map(
    ([key, value]): Edit =>
      (ids) =>
        edits.setTag(project, ids, key, value),
  ),
  word.map(
    (key): Edit =>
      (ids) =>
        edits.removeTag(project, ids, key),
  ),
  word.map(
    (name): Edit =>
      (ids) =>
        edits.setExperiment(project, ids, name),
  ),
  word.map((name): Edit => async () => {
    const [experiment] = service.listExperiments(project).filter(({ id }) => id !== '0')
    if (experiment === undefined || service.findExperimentByName(project, name) !== undefined) return
    await edits.renameExperiment(project, experiment.id, name)
  }),
  fc.constant<Edit>((ids) => edits.archive(project, ids)),
  fc.constant<Edit>((ids) => edits.unarchive(project, ids)),
  fc.constant<Edit>((ids) => edits.remove(project, ids)),
  fc.constant<Edit>((ids) => edits.restore(project, ids)),
)

test('undo leads back through every change, one by one, to where it began; also after a restart', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(edit, pick), { maxLength: 12, size: 'max' }), async (steps) => {
      await project.dispose()
      project = openTestProject()
      const ids = [await make('one'), await make('two'), await make('three'), await make('four')]
      project.setTime(START + 600_000)
      const states = [state()]
      for (const [apply, picked] of steps) {
        await apply([...new Set(picked.map((place) => ids[place] ?? ''))], ids)
        // A change that changes nothing keeps nothing to undo.
        const now = state()
        if (JSON.stringify(now) !== JSON.stringify(states.at(-1))) states.push(now)
      }
      project = await project.reopen()
      while (states.length > 1) {
        expect(state()).toEqual(states.at(-1))
        expect(await undoNewest(project)).not.toBeNull()
        states.pop()
      }
      expect(state()).toEqual(states[0])
      expect(await undoNewest(project)).toBeNull()
    }),
    { numRuns: 40 },
  )
}, 120_000)

test('the same tag again is no change, and nothing to undo', async () => {
  const one = await make('one')
  await edits.setTag(project, [one], 'team', 'x')
  await edits.setTag(project, [one], 'team', 'x')
  expect([await undoNewest(project), await undoNewest(project)]).toEqual(['Tag team on one', null])
})

describe('labels', () => {
  test('say what was done to what', async () => {
    const [one, two] = [await make('one'), await make('two')]
    await edits.rename(project, one, 'uno')
    await edits.setTag(project, [one, two], 'team', 'x')
    await edits.remove(project, [two])
    expect([
      await undoNewest(project),
      await undoNewest(project),
      await undoNewest(project),
      await undoNewest(project),
    ]).toEqual(['Deletion of two', 'Tag team on 2 runs', 'Rename of one', null])
  })
})

describe('refusals', () => {
  test('a run that still trains stays out of the trash, until it has been silent', async () => {
    const { id } = await service.createRun(project, { source: 'client', name: 'busy' })
    await expect(edits.remove(project, [id])).rejects.toMatchObject({ code: 'busy', message: 'busy still trains.' })
    project.setTime(START + 6 * 60_000)
    await service.logMetrics(project, id, [{ key: 'loss', value: 1, step: 0, time: START + 5 * 60_000 }])
    await expect(edits.remove(project, [id])).rejects.toMatchObject({ code: 'busy' })
    project.setTime(START + 11 * 60_000)
    await edits.remove(project, [id])
    expect(service.getRun(project, id).lifecycle).toBe('deleted')
  })

  test('a launch of ours that has not ended trains, however silent', async () => {
    const { id } = await service.createRun(project, { source: 'launch', name: 'launched' })
    project.db.run(
      `INSERT INTO launch (id, run, attempt, spec, state, work_folder, queued_at, position) VALUES ('l', ?, 1, '{}', 'running', 'w', 0, -1)`,
      id,
    )
    project.setTime(START + 3_600_000)
    await expect(edits.remove(project, [id])).rejects.toMatchObject({ code: 'busy' })
    project.db.run(`UPDATE launch SET state = 'ended'`)
    await edits.remove(project, [id])
  })

  test('unknown runs are named, and then nothing is changed', async () => {
    const one = await make('one')
    await expect(edits.setTag(project, [one, 'nope'], 'a', '1')).rejects.toMatchObject({
      code: 'not_found',
      message: 'There is no run nope.',
    })
    expect(project.db.value('SELECT count(*) FROM tag')).toBe(0)
    await expect(edits.setTag(project, [one], 'mlflow.runName', 'x')).rejects.toMatchObject({
      code: 'invalid',
      field: 'key',
    })
    await expect(edits.renameExperiment(project, 'nope', 'x')).rejects.toMatchObject({ code: 'not_found' })
    await edits.setExperiment(project, [one], 'taken')
    await expect(edits.renameExperiment(project, '0', 'taken')).rejects.toMatchObject({ code: 'conflict' })
  })
})

describe('what the past can no longer be', () => {
  test('an entry whose name is taken since, or that is damaged, is dropped and the one before it can be undone', async () => {
    const one = await make('one')
    await edits.rename(project, one, 'uno')
    await edits.renameExperiment(project, '0', 'renamed')
    await service.createExperiment(project, { name: 'Default' })
    await expect(undoNewest(project)).rejects.toMatchObject({ code: 'conflict' })
    project.db.run(
      `INSERT INTO undo_log (at, label, inverse) VALUES (0, 'broken', '[{"do":"update","table":"run","keys":[[1]],"set":{"id":"x"}}]')`,
    )
    await expect(undoNewest(project)).rejects.toMatchObject({ code: 'corrupt' })
    project.db.run(`INSERT INTO undo_log (at, label, inverse) VALUES (0, 'cut', '[{"do"')`)
    await expect(undoNewest(project)).rejects.toMatchObject({ code: 'corrupt' })
    expect(await undoNewest(project)).toBe('Rename of one')
    expect(service.getRun(project, one).name).toBe('one')
  })

  test('a run that is gone for good stays gone', async () => {
    const one = await make('one')
    await edits.setTag(project, [one], 'a', '1')
    await edits.removeTag(project, [one], 'a')
    project.db.run('DELETE FROM run')
    await expect(undoNewest(project)).rejects.toMatchObject({ code: 'conflict' })
    expect(project.db.value('SELECT count(*) FROM tag')).toBe(0)
  })

  test('an experiment made by a move stays when it has other runs by then', async () => {
    const [one, two] = [await make('one'), await make('two')]
    await edits.setExperiment(project, [one], 'fresh')
    await service.updateRun(project, two, { experiment: service.getRun(project, one).experiment })
    await undoNewest(project)
    expect(service.findExperimentByName(project, 'fresh')).toBeDefined()
    expect(service.getRun(project, one).experiment).toBe('0')
  })
})

test('only the latest changes are kept', async () => {
  const one = await make('one')
  for (let count = 0; count < 505; count++) await edits.setNote(project, one, `note ${count}`)
  expect(project.db.value('SELECT count(*) FROM undo_log')).toBe(500)
})

describe('undo of a change that is not the newest', () => {
  const nameOf = (run: string): string => service.getRun(project, run).name

  test('takes back that one and no other', async () => {
    const [one, two] = [await make('one'), await make('two')]
    const first = await edits.rename(project, one, 'uno')
    await edits.rename(project, two, 'due')
    await edits.setNote(project, one, 'words')
    expect(await undoChange(project, first ?? 0)).toEqual({ change: first, label: 'Rename of one', kept: 0 })
    expect([nameOf(one), nameOf(two), service.getRun(project, one).note]).toEqual(['one', 'due', 'words'])
    expect([await undoNewest(project), await undoNewest(project), await undoNewest(project)]).toEqual([
      'Note of uno',
      'Rename of two',
      null,
    ])
  })

  test('is refused while a later one stands on it, by its name; and possible again without that', async () => {
    const one = await make('one')
    const first = await edits.rename(project, one, 'uno')
    const second = await edits.rename(project, one, 'ein')
    const refused = { code: 'conflict', message: "“Rename of one” can't be undone: “Rename of uno” came after it." }
    await expect(undoChange(project, first ?? 0)).rejects.toMatchObject(refused)
    expect(nameOf(one)).toBe('ein')
    await undoChange(project, second ?? 0)
    await undoChange(project, first ?? 0)
    expect(nameOf(one)).toBe('one')
    for (const gone of [first, second, 99])
      await expect(undoChange(project, gone ?? 0)).rejects.toMatchObject({ code: 'conflict' })
  })

  test('leaves alone what a client has changed since, and puts back the others', async () => {
    const [one, two] = [await make('one'), await make('two')]
    const change = await edits.setTag(project, [one, two], 'team', 'x')
    await service.setTags(project, one, [{ key: 'team', value: 'theirs' }])
    expect(await undoChange(project, change ?? 0)).toEqual({ change, label: 'Tag team on 2 runs', kept: 1 })
    expect(project.db.all('SELECT run, value FROM tag')).toEqual([{ run: 1, value: 'theirs' }])
    const renamed = await edits.rename(project, one, 'uno')
    await service.updateRun(project, one, { name: 'by a script' })
    await expect(undoChange(project, renamed ?? 0)).rejects.toMatchObject({
      code: 'conflict',
      message: "“Rename of one” can't be undone: what it was about is gone or has changed again.",
    })
    expect(nameOf(one)).toBe('by a script')
    // It was the newest, and must not stand in the way of the ones before.
    expect(await undoNewest(project)).toBeNull()
  })

  test('a tag that came again, and a run that left the trash, stay so', async () => {
    const [one, two] = [await make('one'), await make('two')]
    await service.setTags(project, one, [{ key: 'a', value: '1' }])
    const untagged = await edits.removeTag(project, [one], 'a')
    await service.setTags(project, one, [{ key: 'a', value: '2' }])
    await expect(undoChange(project, untagged ?? 0)).rejects.toMatchObject({ code: 'conflict' })
    const removed = await edits.remove(project, [one, two])
    await edits.restore(project, [one])
    await edits.archive(project, [one])
    expect(await undoChange(project, removed ?? 0)).toMatchObject({ label: 'Deletion of 2 runs', kept: 1 })
    expect([one, two].map((run) => service.getRun(project, run).lifecycle)).toEqual(['archived', 'active'])
  })

  test('what was kept before this was asked is put back as it was then', async () => {
    const one = await make('one')
    await edits.rename(project, one, 'uno')
    project.db.run(`UPDATE undo_log SET inverse = '[{"do":"update","table":"run","keys":[[1]],"set":{"name":"one"}}]'`)
    await service.updateRun(project, one, { name: 'by a script' })
    expect(await undoNewest(project)).toBe('Rename of one')
    expect(nameOf(one)).toBe('one')
  })
})
