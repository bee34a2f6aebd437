import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { undoChange } from '#electron/features/projects/undo.ts'
import { openTestProject, START, type TestProject } from '#electron/features/runs/test-project.fixture.ts'
import { registryEdits as edits } from './edits.ts'
import { createRegistry } from './service.ts'

/** The label of the newest change, which is undone. */
const undoNewest = async (of: TestProject): Promise<string | null> => (await undoChange(of)).label

const registry = createRegistry()
let project: TestProject
beforeEach(() => void (project = openTestProject()))
afterEach(() => project.dispose())

const bare = { description: null, run: null, runLink: '', loggedModel: null, user: null, tags: [], source: 's3://b/m' }

async function begin(): Promise<void> {
  for (const name of ['churn', 'tenure']) {
    await registry.create(project, { name, description: '', tags: [{ key: 'team', value: 'x' }] })
    for (let count = 0; count < 3; count++)
      await registry.createVersion(project, name, { ...bare, storageLocation: bare.source })
  }
  await registry.setAlias(project, 'churn', 'champion', '2')
}

/** All that a person can change, as it stands in the database. */
const state = (): unknown =>
  [
    'registered_model ORDER BY id',
    'model_version ORDER BY model, version',
    'registered_model_tag ORDER BY model, key',
    'model_version_tag ORDER BY model, version, key',
    'registered_model_alias ORDER BY model, alias',
  ].map((table) => project.db.all(`SELECT * FROM ${table}`))

type Edit = () => Promise<unknown>
const name = fc.constantFrom('churn', 'tenure')
const version = fc.constantFrom(1, 2, 3)
const word = fc.constantFrom('a', 'champion', 'ünï')
const either = fc.record({ name, version: fc.option(version, { nil: undefined }) })
const one = fc.record({ name, version })
const stage = fc.constantFrom('none', 'staging', 'production', 'archived')
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(name, fc.constantFrom('churn', 'other')).map(
    ([from, to]): Edit =>
      () =>
        edits.rename(project, from, to),
  ),
  fc.tuple(either, fc.constantFrom('', 'words')).map(
    ([of, text]): Edit =>
      () =>
        edits.setDescription(project, of, text),
  ),
  fc.tuple(either, word, word).map(
    ([of, key, value]): Edit =>
      () =>
        edits.setTag(project, of, key, value),
  ),
  fc.tuple(either, word).map(
    ([of, key]): Edit =>
      () =>
        edits.removeTag(project, of, key),
  ),
  fc.tuple(one, word).map(
    ([of, alias]): Edit =>
      () =>
        edits.setAlias(project, of, alias),
  ),
  fc.tuple(name, word).map(
    ([of, alias]): Edit =>
      () =>
        edits.removeAlias(project, of, alias),
  ),
  fc.tuple(one, stage, fc.boolean()).map(
    ([of, to, archive]): Edit =>
      () =>
        edits.setStage(project, of, { stage: to, archive }),
  ),
  one.map(
    (of): Edit =>
      () =>
        edits.removeVersion(project, of),
  ),
  name.map(
    (of): Edit =>
      () =>
        edits.remove(project, of),
  ),
)

it('undo leads back through every change, one by one, to where it began; also after a restart', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { maxLength: 14, size: 'max' }), async (steps) => {
      await project.dispose()
      project = openTestProject()
      await begin()
      const states = [state()]
      for (const [index, apply] of steps.entries()) {
        project.setTime(START + index * 1_000)
        // What is not there any more, or may not be, is refused and changes nothing.
        await apply().catch(() => undefined)
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
    }),
    { numRuns: 60 },
  )
}, 120_000)

describe('undo', () => {
  it('says what was done, and that models have changed', async () => {
    await begin()
    await edits.setAlias(project, { name: 'churn', version: 3 }, 'champion')
    await edits.setStage(project, { name: 'churn', version: 3 }, { stage: 'production', archive: true })
    await edits.removeVersion(project, { name: 'churn', version: 1 })
    await edits.remove(project, 'tenure')
    project.changes.length = 0
    const labels = [1, 2, 3, 4].map(() => undoNewest(project))
    expect(await Promise.all(labels)).toEqual([
      'Deletion of model tenure',
      'Deletion of churn version 1',
      'Stage of churn version 3',
      'Alias champion of churn',
    ])
    expect(project.changes.filter(({ entity }) => entity === 'model')).toHaveLength(4)
    expect(registry.versionByAlias(project, 'churn', 'champion').version).toBe(2)
  })

  it('gives no alias to a version that a client has deleted since', async () => {
    await begin()
    await edits.setAlias(project, { name: 'churn', version: 3 }, 'champion')
    await registry.removeVersion(project, 'churn', '2')
    await expect(undoNewest(project)).rejects.toMatchObject({ code: 'conflict' })
    expect(registry.versionByAlias(project, 'churn', 'champion').version).toBe(3)
  })

  it('can’t bring back a name that another model has by now, and goes on with what was before', async () => {
    await begin()
    await edits.setDescription(project, { name: 'tenure' }, 'words')
    await edits.remove(project, 'churn')
    await registry.create(project, { name: 'churn', description: '', tags: [] })
    await expect(undoNewest(project)).rejects.toMatchObject({ code: 'conflict' })
    expect(registry.model(project, 'churn').latest).toEqual([])
    expect(await undoNewest(project)).toBe('Description of model tenure')
  })

  it('brings back no version of a model that was deleted since, until the model is back', async () => {
    await begin()
    const version = await edits.removeVersion(project, { name: 'churn', version: 3 })
    const model = await edits.remove(project, 'churn')
    await expect(undoChange(project, version ?? 0)).rejects.toMatchObject({ code: 'conflict' })
    await undoChange(project, model ?? 0)
    const numbers = (): readonly number[] =>
      registry.versions(project).flatMap((one) => (one.name === 'churn' ? [one.version] : []))
    expect(numbers()).toEqual([1, 2])
    await undoChange(project, version ?? 0)
    expect(numbers()).toEqual([1, 2, 3])
  })

  it('puts back what a client has not touched since, and says how much it has', async () => {
    await begin()
    const removed = await edits.removeVersion(project, { name: 'churn', version: 2 })
    await registry.setAlias(project, 'churn', 'champion', '3')
    expect(await undoChange(project, removed ?? 0)).toEqual({
      change: removed,
      label: 'Deletion of churn version 2',
      kept: 1,
    })
    expect(registry.versionByAlias(project, 'churn', 'champion').version).toBe(3)
  })

  it('a change that changes nothing is nothing to undo', async () => {
    await begin()
    await edits.rename(project, 'churn', 'churn')
    await edits.setAlias(project, { name: 'churn', version: 2 }, 'champion')
    await edits.setTag(project, { name: 'churn' }, 'team', 'x')
    await edits.removeTag(project, { name: 'churn', version: 1 }, 'team')
    await edits.removeAlias(project, 'churn', 'nobody')
    await edits.setDescription(project, { name: 'churn', version: 1 }, '')
    await edits.setStage(project, { name: 'churn', version: 1 }, { stage: 'none', archive: false })
    expect(await undoNewest(project)).toBeNull()
  })
})

it('a project that can only be read refuses', async () => {
  await begin()
  await expect(edits.remove({ ...project, readOnly: true }, 'churn')).rejects.toMatchObject({ code: 'read_only' })
})
