import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tempFolder } from '#test/fixtures/temp-folder.ts'
import { createCheckpointer, type Holdable } from './checkpointer.ts'
import { createCommitQueue } from './commit-queue.ts'
import { openReader, openWriter, type WriteDb } from './connection.ts'
import { eventuallyTrue } from '#test/setup/eventually.ts'

const migrations = [
  {
    number: 10,
    name: 'blob',
    up: (db: { exec: (sql: string) => unknown }) => void db.exec('CREATE TABLE piece (body BLOB) STRICT'),
  },
]
const MEGABYTE = 1 << 20

/** At 160 MiB the writer carries the log over by itself: one twice as long was carried over by nobody. */
const LIMIT = 320 * MEGABYTE

/** Waits for a state; whoever writes meanwhile does so until the log has grown to its limit. */
async function until(file: string, condition: () => boolean): Promise<void> {
  while (!condition()) {
    checkLog(file)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
function checkLog(file: string): void {
  expect(statSync(`${file}-wal`).size).toBeLessThan(LIMIT)
}
const add = (db: WriteDb): void => void db.transaction(() => db.run('INSERT INTO piece VALUES (zeroblob(?))', MEGABYTE))

test('carries the log over although the writer itself never does, and lets go of the file', async () => {
  const folder = tempFolder()
  const file = join(folder, 'project.db')
  const checkpointer = createCheckpointer()
  const db = openWriter(file, { migrations, checkpointer })
  for (let i = 0; i < 12; i++) add(db)
  await until(file, () => {
    add(db)
    return statSync(file).size > 8 * MEGABYTE
  })
  db.close()
  // Nobody holds the file any more: the last to close has emptied the log.
  expect(statSync(`${file}-wal`, { throwIfNoEntry: false })).toBeUndefined()
  const reader = openReader(file)
  expect(reader.value<number>('SELECT count(*) FROM piece')).toBeGreaterThan(12)
  reader.close()
  rmSync(folder, { recursive: true })
  await checkpointer.close()
})

test('the log starts again while writes go on', async () => {
  const file = join(tempFolder(), 'project.db')
  const checkpointer = createCheckpointer()
  const db = openWriter(file, { migrations, checkpointer })
  const pages = (): number => db.get<{ log: number }>('PRAGMA wal_checkpoint(NOOP)')?.log ?? 0
  let before = 0
  await until(file, () => {
    before = Math.max(before, pages())
    for (let i = 0; i < 3; i++) add(db)
    return pages() < before
  })
  expect(before).toBeGreaterThan(3_000)
  db.close()
  await checkpointer.close()
})

test('without its worker the writer carries the log over by itself', async () => {
  const file = join(tempFolder(), 'project.db')
  const checkpointer = createCheckpointer()
  const db = openWriter(file, { migrations, checkpointer })
  add(db)
  await checkpointer.close()
  for (let i = 0; i < 12; i++) add(db)
  expect(statSync(file).size).toBeGreaterThan(4 * MEGABYTE)
  db.close()
  expect(statSync(`${file}-wal`, { throwIfNoEntry: false })).toBeUndefined()
})

test('writes of a queue wait while the writer holds still, and go on in order', async () => {
  const file = join(tempFolder(), 'project.db')
  let writer: Holdable | undefined
  const checkpointer = { ...createCheckpointer(), attach: (_: string, given: Holdable) => void (writer = given) }
  const db = openWriter(file, { migrations, checkpointer })
  const commits = createCommitQueue(db)
  const count = (): unknown => db.value('SELECT count(*) FROM piece')
  const put = (): Promise<unknown> => commits.enqueue(() => db.run("INSERT INTO piece VALUES (x'00')"))
  writer?.hold()
  const done = Promise.all([put(), put()])
  await new Promise(setImmediate)
  await new Promise(setImmediate)
  expect(count()).toBe(0)
  // Whoever must write now may: the file itself is not locked.
  db.run("INSERT INTO piece VALUES (x'01')")
  writer?.goOn()
  await done
  expect(count()).toBe(3)
  // A copy would begin anew with each write of somebody else.
  const copied = db.copyTo(join(tempFolder(), 'copy.db'))
  expect(writer?.mayWrite()).toBe(false)
  await copied
  expect(writer?.mayWrite()).toBe(true)
  // Closing waits for nobody.
  writer?.hold()
  const last = put()
  commits.close()
  await last
  expect(count()).toBe(4)
  db.close()
})

test('what waited while the writer held still goes on in order, with what follows from each before the next', async () => {
  let writer: Holdable | undefined
  const checkpointer = { ...createCheckpointer(), attach: (_: string, given: Holdable) => void (writer = given) }
  const db = openWriter(join(tempFolder(), 'project.db'), { migrations, checkpointer })
  const done: string[] = []
  writer?.hold()
  for (const name of ['write', 'slice', 'later slice'])
    db.whenFree(() => {
      done.push(name)
      void Promise.resolve().then(() => done.push(`after ${name}`))
    })
  expect(done).toEqual([])
  writer?.goOn()
  expect(done).toEqual(['write'])
  await eventuallyTrue(() => done.length === 6, { interval: 1 })
  expect(done).toEqual(['write', 'slice', 'later slice'].flatMap((name) => [name, `after ${name}`]))
  // Held again in between, the rest waits again.
  writer?.hold()
  db.whenFree(() => done.push('first'))
  db.whenFree(() => done.push('second'))
  writer?.goOn()
  writer?.hold()
  await new Promise(setImmediate)
  await new Promise(setImmediate)
  expect(done.slice(6)).toEqual(['first'])
  writer?.goOn()
  expect(done.slice(6)).toEqual(['first', 'second'])
  db.close()
})

test('acknowledges every write of a queue while the log starts again and again', async () => {
  const file = join(tempFolder(), 'project.db')
  const checkpointer = createCheckpointer()
  const db = openWriter(file, { migrations, checkpointer })
  const commits = createCommitQueue(db)
  const pages = (): number => db.get<{ log: number }>('PRAGMA wal_checkpoint(NOOP)')?.log ?? 0
  let written = 0
  for (let restarts = 0, before = 0; restarts < 3;) {
    await Promise.all(
      [1, 2].map(() => commits.enqueue(() => db.run('INSERT INTO piece VALUES (zeroblob(?))', MEGABYTE))),
    )
    written += 2
    checkLog(file)
    if (pages() < before) restarts++
    before = pages()
    if (written % 64 === 0) db.run('DELETE FROM piece WHERE rowid < (SELECT max(rowid) FROM piece)')
  }
  expect(db.value('SELECT max(rowid) FROM piece')).toBe(written)
  commits.close()
  db.close()
  expect(statSync(`${file}-wal`, { throwIfNoEntry: false })).toBeUndefined()
  await checkpointer.close()
})

test('ends when nothing was written for a while, lets go of the file, and is started again', async () => {
  const file = join(tempFolder(), 'project.db')
  const checkpointer = createCheckpointer({ idleMs: 50 })
  const db = openWriter(file, { migrations, checkpointer })
  for (let round = 1; round <= 3; round++) {
    const before = statSync(file).size
    // The first of these start it, and the last are what it finds to do.
    while (!checkpointer.running()) add(db)
    await until(file, () => {
      add(db)
      return statSync(file).size > before
    })
    await eventuallyTrue(() => !checkpointer.running(), { interval: 1 })
  }
  const count = db.value<number>('SELECT count(*) FROM piece')
  db.close()
  expect(statSync(`${file}-wal`, { throwIfNoEntry: false })).toBeUndefined()
  const reader = openReader(file)
  expect(reader.value('SELECT count(*) FROM piece')).toBe(count)
  reader.close()
  expect(checkpointer.alive()).toBe(true)
  await checkpointer.close()
})
