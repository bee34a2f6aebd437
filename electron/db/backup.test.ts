import fc from 'fast-check'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { tempFolder } from '#test/fixtures/temp-folder.ts'
import { superfluous } from './backup-names.ts'
import { backUp, backUpIfDue, listBackups, restoreBackup } from './backup.ts'
import { openWriter, type WriteDb } from './connection.ts'

const NOON = Date.UTC(2026, 10, 21, 12)
const HOUR = 3_600_000

function addRun(db: WriteDb, id: string): void {
  db.run(`INSERT INTO experiment (id, name) VALUES ('0', 'Default') ON CONFLICT DO NOTHING`)
  db.run(
    `INSERT INTO run (id, experiment, name, status, source, created_at) VALUES (?, '0', ?, 'finished', 'launch', 1)`,
    id,
    id,
  )
}
const runsOf = (db: WriteDb): readonly string[] =>
  db.prepare('SELECT id FROM run ORDER BY number').rows<[string]>().flat()

describe('a backup', () => {
  test('holds what was committed when it began, is one file, and is listed newest first', async () => {
    const folder = tempFolder()
    const backups = join(folder, 'backups', 'deep')
    const db = openWriter(join(folder, 'project.db'))
    addRun(db, 'a')
    const first = await backUp(db, backups, NOON)
    addRun(db, 'b')
    const second = await backUp(db, backups, NOON + HOUR)
    expect(listBackups(backups)).toEqual([second, first])
    expect([first.runs, second.runs, first.takenAt]).toEqual([1, 2, NOON])
    expect(readdirSync(backups)).toHaveLength(2)
    db.close()
  })

  test('is whole although writes go on meanwhile', async () => {
    const folder = tempFolder()
    const db = openWriter(join(folder, 'project.db'))
    db.transaction(() => {
      for (let i = 0; i < 20_000; i++) addRun(db, `before ${i} ${'x'.repeat(300)}`)
    })
    let going = true
    let written = 0
    const writing = (async () => {
      while (going) {
        addRun(db, `during ${written++}`)
        await new Promise((resolve) => setImmediate(resolve))
      }
    })()
    const backup = await backUp(db, join(folder, 'backups'), NOON)
    going = false
    await writing
    expect(written).toBeGreaterThan(0)
    const target = join(folder, 'restored', 'project.db')
    restoreBackup(backup.file, target)
    const restored = openWriter(target)
    const ids = runsOf(restored)
    expect(ids.filter((id) => id.startsWith('before'))).toHaveLength(20_000)
    // What came during the copy is there up to some moment, without a hole.
    const during = ids.filter((id) => id.startsWith('during'))
    expect(during).toEqual(during.map((_, i) => `during ${i}`))
    restored.close()
    db.close()
  })

  test('is made when due: none yet, or an old one and something new', async () => {
    const folder = tempFolder()
    const backups = join(folder, 'backups')
    const db = openWriter(join(folder, 'project.db'))
    const first = await backUpIfDue(db, backups, HOUR, Date.now())
    expect(first).toBeDefined()
    const taken = first?.takenAt ?? 0
    addRun(db, 'a')
    expect(await backUpIfDue(db, backups, HOUR, taken + HOUR - 1)).toBeUndefined()
    expect((await backUpIfDue(db, backups, HOUR, taken + HOUR))?.runs).toBe(1)
    expect(await backUpIfDue(db, backups, HOUR, taken + 2 * HOUR)).toBeUndefined()
    db.close()
  })

  test('that could not be finished is not listed, and other files in the folder are left alone', async () => {
    const folder = tempFolder()
    const backups = join(folder, 'backups')
    mkdirSync(backups)
    writeFileSync(join(backups, '2026-11-21T12-00-00.000Z.db.part'), 'half')
    writeFileSync(join(backups, 'notes.db'), 'mine')
    const db = openWriter(join(folder, 'project.db'))
    const backup = await backUp(db, backups, NOON, { hourly: 1, daily: 1 })
    await backUp(db, backups, NOON + 1, { hourly: 1, daily: 1 })
    expect(listBackups(backups).map(({ takenAt }) => takenAt)).toEqual([NOON + 1])
    expect(existsSync(backup.file)).toBe(false)
    expect(readdirSync(backups)).toContain('notes.db')
    db.close()
  })
})

describe('restoring', () => {
  test('puts the backup in place and keeps what was there, its log with it', async () => {
    const folder = tempFolder()
    const file = join(folder, 'project.db')
    const db = openWriter(file)
    addRun(db, 'old')
    const backup = await backUp(db, join(folder, 'backups'), NOON)
    addRun(db, 'newer, still in the log')
    // As after a crash: the log lies beside the database.
    const log = readFileSync(`${file}-wal`)
    const main = readFileSync(file)
    db.close()
    writeFileSync(file, main)
    writeFileSync(`${file}-wal`, log)
    const aside = restoreBackup(backup.file, file, NOON)
    const restored = openWriter(file)
    expect(runsOf(restored)).toEqual(['old'])
    restored.close()
    const kept = openWriter(aside as string)
    expect(runsOf(kept)).toEqual(['old', 'newer, still in the log'])
    kept.close()
  })

  test.each([
    ['is not there', undefined, 'not_found'],
    ['is no database', Buffer.from('no database at all, but long enough to be one'), 'corrupt'],
  ])('refuses a backup that %s, and touches nothing', (_, bytes, code) => {
    const folder = tempFolder()
    const file = join(folder, 'project.db')
    openWriter(file).close()
    const before = readFileSync(file)
    const backup = join(folder, '2026-11-21T12-00-00.000Z.db')
    if (bytes !== undefined) writeFileSync(backup, bytes)
    expect(() => restoreBackup(backup, file)).toThrow(expect.objectContaining({ code }))
    expect(readFileSync(file)).toEqual(before)
  })

  test('refuses a damaged backup', async () => {
    const folder = tempFolder()
    const file = join(folder, 'project.db')
    const db = openWriter(file)
    db.transaction(() => {
      for (let i = 0; i < 2_000; i++) addRun(db, `${i} ${'x'.repeat(200)}`)
    })
    const backup = await backUp(db, join(folder, 'backups'), NOON)
    db.close()
    const bytes = readFileSync(backup.file)
    bytes.fill(0x5a, bytes.length - 40_000)
    writeFileSync(backup.file, bytes)
    expect(() => restoreBackup(backup.file, file)).toThrow(expect.objectContaining({ code: 'corrupt' }))
  })
})

test('of all backups the newest of each of the last hours and days that have one stay', () => {
  const times = fc.array(
    fc.integer({ min: 0, max: 40 * 24 * 6 }).map((tenth) => tenth * 600_000),
    { maxLength: 60 },
  )
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 5_000 })), times, (_, given) => {
      const all = [...new Set(given)]
      const keep = { hourly: 5, daily: 3 }
      const gone = new Set(superfluous(all, keep))
      const kept = all.filter((time) => !gone.has(time))
      const slots = (list: readonly number[], span: number): readonly number[] =>
        [...new Set(list.map((time) => Math.floor(time / span)))].sort((left, right) => right - left)
      expect(slots(kept, HOUR).slice(0, 5)).toEqual(slots(all, HOUR).slice(0, 5))
      expect(slots(kept, 24 * HOUR).slice(0, 3)).toEqual(slots(all, 24 * HOUR).slice(0, 3))
      expect(kept.length).toBeLessThanOrEqual(8)
      if (all.length > 0) expect(kept).toContain(Math.max(...all))
    }),
  )
})
