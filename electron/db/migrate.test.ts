import Database from 'better-sqlite3'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openMetricStore } from '#electron/features/metrics/index.ts'
import { tempFolder } from '#test/fixtures/temp-folder.ts'
import { createCommitQueue } from './commit-queue.ts'
import { openReader, openWriter, type ReadDb } from './connection.ts'
import type { Migration } from './migrate.ts'
import { projectMigrations } from './migrations/index.ts'

const first: Migration = {
  number: 10,
  name: 'first',
  up: (db) => void db.exec('CREATE TABLE a (x INTEGER PRIMARY KEY)'),
}
const second: Migration = {
  number: 20,
  name: 'second',
  up: (db) => void db.exec('CREATE TABLE b (x INTEGER REFERENCES a (x)); INSERT INTO a VALUES (5)'),
}
const failing: Migration = {
  number: 30,
  name: 'failing',
  up(db) {
    db.exec('CREATE TABLE c (x)')
    throw new Error('half way')
  },
}
const breaking: Migration = { number: 30, name: 'breaking', up: (db) => void db.exec('INSERT INTO b VALUES (77)') }

const schemaOf = (db: ReadDb): unknown => db.all('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name')

describe('migrations', () => {
  test('run once each, in order, and leave their number', () => {
    const file = join(tempFolder(), 'project.db')
    openWriter(file, { migrations: [first] }).close()
    const db = openWriter(file, { migrations: [first, second] })
    expect([db.value('PRAGMA user_version'), db.all('SELECT x FROM a')]).toEqual([20, [{ x: 5 }]])
    db.close()
    const again = openWriter(file, { migrations: [first, second] })
    expect(again.all('SELECT x FROM a')).toEqual([{ x: 5 }])
    again.close()
  })

  test('copy an existing database first, into the folder given, and a new one never', () => {
    const folder = tempFolder()
    const file = join(folder, 'project.db')
    const backupFolder = join(folder, 'before')
    openWriter(file, { migrations: [first], backupFolder }).close()
    expect(readdirSync(folder)).toEqual(['project.db'])
    const old = openWriter(file, { migrations: [first] })
    old.run('INSERT INTO a VALUES (1)')
    old.close()
    openWriter(file, { migrations: [first, second], backupFolder }).close()
    const [copy] = readdirSync(backupFolder)
    expect(copy).toMatch(/^before-migration-from-0010-.*\.db$/)
    const backup = openReader(join(backupFolder, copy as string))
    expect([backup.value('PRAGMA user_version'), backup.all('SELECT x FROM a')]).toEqual([10, [{ x: 1 }]])
    backup.close()
  })

  test.each([
    [failing, 'half way'],
    [breaking, 'broken references'],
  ])('leave the step before when one fails: $name', (bad, words) => {
    const file = join(tempFolder(), 'project.db')
    expect(() => openWriter(file, { migrations: [first, second, bad] })).toThrow(words)
    const db = openWriter(file, { migrations: [first, second] })
    expect([db.value('PRAGMA user_version'), db.all('SELECT x FROM b')]).toEqual([20, []])
    db.close()
  })

  test('must be listed in order', () => {
    expect(() => openWriter(':memory:', { migrations: [second, first] })).toThrow('out of order')
    const numbers = projectMigrations.map(({ number }) => number)
    expect(numbers).toEqual(numbers.toSorted((left, right) => left - right))
  })
})

describe('a project from the version with schema', () => {
  const fixtures = join(import.meta.dirname, '../../test/fixtures/schema')

  test.each(projectMigrations.map(({ number }) => number))('%i opens today', (number) => {
    const folder = tempFolder()
    const file = join(folder, 'project.db')
    const old = new Database(file)
    // Tables come in the order in which they were made, a rebuilt one after those that refer to it.
    old.pragma('foreign_keys = OFF')
    old.exec(readFileSync(join(fixtures, `project-${String(number).padStart(4, '0')}.sql`), 'utf8'))
    expect(old.pragma('user_version', { simple: true })).toBe(number)
    old.close()

    const db = openWriter(file)
    const fresh = openWriter(':memory:')
    expect(schemaOf(db)).toEqual(schemaOf(fresh))
    expect(db.all('PRAGMA foreign_key_check')).toEqual([])
    expect(db.value(`SELECT value FROM project_meta WHERE key = 'note'`)).toBe(`größer, 中文, 'quoted'`)
    expect(db.all('SELECT origin, value FROM param ORDER BY origin')).toEqual([
      { origin: 'captured', value: '1e-3' },
      { origin: 'logged', value: '0.001' },
    ])
    const store = openMetricStore(db, { commits: createCommitQueue(db) })
    expect(store.list(1).map(({ key, summary }) => [key, summary.count, summary.last])).toEqual(
      number < 20 ? [] : [['loss', 12, 1 / 12]],
    )
    if (number >= 20) {
      const id = store.find(1, 'loss', 'logged')
      expect(id && Array.from(store.series(id).value)).toEqual(
        Array.from({ length: 12 }, (_, step) => (step === 7 ? Number.NaN : 1 / (1 + step))),
      )
    }
    expect(readdirSync(folder).includes('backups')).toBe(number < (projectMigrations.at(-1)?.number ?? 0))
    fresh.close()
    db.close()
  })
})
