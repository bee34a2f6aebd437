import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { listBackups } from '#electron/db/backup.ts'
import { silentLog } from '#electron/platform/log.ts'
import { randomIds } from '#electron/platform/ids.ts'
import { tempFolder } from '#test/fixtures/temp-folder.ts'
import { backupFolder, createOpenProjects } from './open-projects.ts'
import { countRuns } from './queries.ts'
import { eventually } from '#test/setup/eventually.ts'

function open() {
  const root = tempFolder()
  const folder = join(root, 'Étude')
  const dataFolder = join(root, 'data')
  mkdirSync(folder)
  const projects = createOpenProjects({
    clock: { now: () => Date.now() },
    ids: randomIds,
    log: silentLog,
    dataFolder,
    changed: () => {},
  })
  onTestFinished(() => projects.closeAll())
  return { projects, folder, dataFolder, place: join(folder, '.benchtop') }
}

type Opened = ReturnType<typeof open>

function addRun(project: ReturnType<Opened['projects']['openFolder']>, number: number): Promise<void> {
  return project.commits.enqueue(() => {
    project.db.run(
      `INSERT INTO run (number, id, experiment, name, status, source, created_at) VALUES (?, ?, '0', 'a', 'finished', 'client', 0)`,
      number,
      `run-${number}`,
    )
  })
}

/** Writes until it is refused: whether the file is still there is looked at once a second. Resolves with how many writes were taken before. */
async function writesUntilRefused(project: ReturnType<Opened['projects']['openFolder']>): Promise<number> {
  let taken = 0
  await eventually(async () => {
    await expect(addRun(project, 100 + taken).then(() => taken++)).rejects.toThrow(
      /was deleted or moved while it was open/,
    )
  })
  return taken
}

test('a folder that is no project is refused unless it may become one', () => {
  const { projects, folder, place } = open()
  expect(() => projects.openFolder(folder, false)).toThrow(`${folder} is not a project yet.`)
  expect(existsSync(place)).toBe(false)
  const { id } = projects.openFolder(folder, true)
  expect(id).toMatch(/^etude-[0-9a-f]{4}$/)
  expect(projects.openFolder(folder, false).id).toBe(id)
})

test('a project whose history was deleted under it says so, opens anew, and what was lost is a backup', async () => {
  const { projects, folder, dataFolder, place } = open()
  const first = projects.openFolder(folder, true)
  await addRun(first, 1)
  rmSync(place, { recursive: true })
  const taken = await writesUntilRefused(first)
  expect(() => projects.openFolder(folder, false)).toThrow('is not a project yet')
  const again = projects.openFolder(folder, true)
  expect([again.id, countRuns(again.db).runs]).toEqual([first.id, 0])
  await addRun(again, 7)
  expect(projects.require(first.id)).toBe(again)
  const backups = () => listBackups(backupFolder(dataFolder, folder))
  await eventually(() => expect(backups().map(({ runs }) => runs)).toEqual([1 + taken]))
})

test('a history that was moved away and back is the same one', async () => {
  const { projects, folder, place } = open()
  const first = projects.openFolder(folder, true)
  await addRun(first, 1)
  renameSync(place, `${place}-away`)
  const taken = await writesUntilRefused(first)
  renameSync(`${place}-away`, place)
  await addRun(first, 3)
  expect(projects.openFolder(folder, true)).toBe(first)
  expect(countRuns(first.db).runs).toBe(2 + taken)
})

test('a folder that is gone, and a file in its place, are told', () => {
  const { projects, folder } = open()
  const { id } = projects.openFolder(folder, true)
  rmSync(folder, { recursive: true })
  expect(() => projects.openFolder(folder, true)).toThrow(`There is no folder ${folder}.`)
  writeFileSync(folder, '')
  expect(() => projects.openFolder(folder, true)).toThrow(`${folder} is a file, not a folder.`)
  expect(projects.require(id).id).toBe(id)
})
