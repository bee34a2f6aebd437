import { statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { tempFolder } from '#test/fixtures/temp-folder.ts'
import { createCheckpointer } from './checkpointer.ts'
import { createCommitQueue } from './commit-queue.ts'
import { openWriter } from './connection.ts'
import { createVacuum, type VacuumOptions } from './vacuum.ts'

const migrations = [
  {
    number: 10,
    name: 'piece',
    up: (db: { exec: (sql: string) => unknown }) =>
      void db.exec('CREATE TABLE piece (id INTEGER PRIMARY KEY, body BLOB) STRICT'),
  },
]
const PIECES = 400

/** A database of 400 pieces of 16 KB of which every second is gone again; `older`: as made before pages could be given back. */
function halfEmpty({
  older = false,
  ...options
}: Omit<VacuumOptions, 'checkpointer'> & { readonly older?: boolean } = {}) {
  const file = join(tempFolder(), 'project.db')
  const checkpointer = createCheckpointer()
  const db = openWriter(file, { migrations, checkpointer })
  if (older) db.exec('PRAGMA auto_vacuum = NONE; VACUUM')
  const commits = createCommitQueue(db)
  const put = (id: number): unknown => db.run('INSERT INTO piece VALUES (?, zeroblob(16384))', id)
  db.transaction(() => Array.from({ length: PIECES }, (_, id) => put(id)))
  db.run('DELETE FROM piece WHERE id % 2 = 1')
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  onTestFinished(async () => {
    db.close()
    await checkpointer.close()
  })
  const whole = (): unknown => [
    db.value('SELECT count(*) FROM piece WHERE length(body) = 16384'),
    db.all('PRAGMA integrity_check'),
    db.value('PRAGMA freelist_count'),
    db.value('PRAGMA auto_vacuum'),
  ]
  return { file, db, commits, put, whole, vacuum: createVacuum(db, { checkpointer, ...options }) }
}

const left = (pieces: number): unknown => [pieces, [{ integrity_check: 'ok' }], 0, 2]

test.each([
  ['a few pages at a time', false],
  ['of an older database, by writing it anew', true],
])('gives space back, %s, while writes go on', async (_, older) => {
  const { file, commits, put, vacuum, whole } = halfEmpty({ older })
  const before = statSync(file).size
  const { freeBytes } = vacuum.space()
  expect(freeBytes).toBeGreaterThan(0.45 * before)
  const freed = vacuum.run()
  expect([vacuum.state().running, vacuum.run()]).toEqual([true, freed])
  const writes = Array.from({ length: 20 }, (_, id) => commits.enqueue(() => put(PIECES + id)))
  await Promise.all(writes)
  expect(await freed).toBeGreaterThan(0.9 * freeBytes - 21 * 5 * 4_096)
  expect([vacuum.state(), whole()]).toEqual([{ running: false, freedBytes: 0, leftBytes: 0 }, left(PIECES / 2 + 20)])
  // What was written after the log was cut off stands in it.
  expect(statSync(file).size).toBeLessThan(0.7 * before)
  expect(vacuum.space().databaseBytes).toBeLessThan(0.7 * before)
})

test.each([false, true])(
  'is refused before anything is done where the disk has no room for it (older: %s)',
  async (older) => {
    const { vacuum } = halfEmpty({ older, diskFree: () => 5_000_000 })
    const before = vacuum.space()
    await expect(vacuum.run()).rejects.toMatchObject({
      code: 'disk_full',
      message: expect.stringMatching(/takes \d+ MB for a while; .* has 5 MB/),
    })
    expect([vacuum.space(), vacuum.state().running]).toEqual([before, false])
  },
)

test('finds nothing to do in a database that is whole, and works without the checkpoint worker', async () => {
  const file = join(tempFolder(), 'project.db')
  const db = openWriter(file, { migrations })
  const vacuum = createVacuum(db)
  expect(await vacuum.run()).toBe(0)
  db.transaction(() => db.run('INSERT INTO piece VALUES (1, zeroblob(1048576))'))
  db.run('DELETE FROM piece')
  expect(await vacuum.run()).toBeGreaterThan(1_000_000)
  expect([vacuum.space().freeBytes, vacuum.space().logBytes]).toEqual([0, 0])
  db.close()
})

test('an older database whose rewriting fails stays as it was, and takes writes again', async () => {
  const { db, commits, put, vacuum } = halfEmpty({ older: true })
  const other = openWriter(db.file, { migrations })
  other.exec('BEGIN IMMEDIATE')
  await expect(vacuum.run()).rejects.toMatchObject({ code: 'unavailable', message: expect.stringMatching(/locked/) })
  other.exec('ROLLBACK')
  other.close()
  await commits.enqueue(() => put(PIECES))
  expect([db.value('SELECT count(*) FROM piece'), db.value('PRAGMA auto_vacuum')]).toEqual([PIECES / 2 + 1, 0])
})
