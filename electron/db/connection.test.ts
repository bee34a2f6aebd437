import Database from 'better-sqlite3'
import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { AppError, type ErrorCode } from '#shared/rpc/errors.ts'
import { tempFolder } from '#test/fixtures/temp-folder.ts'
import { APPLICATION_ID } from './check-file.ts'
import { openReader, openWriter } from './connection.ts'
import type { Migration } from './migrate.ts'

const migrations: readonly Migration[] = [
  {
    number: 10,
    name: 'note',
    up: (db) => void db.exec('CREATE TABLE note (id INTEGER PRIMARY KEY, body TEXT) STRICT'),
  },
]

function codeOf(work: () => unknown): ErrorCode | 'no error' {
  try {
    work()
    return 'no error'
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    expect(error.message).not.toMatch(/SQLITE|undefined/)
    return error.code
  }
}

/** A database of ours with rows on many pages. */
function filled(file: string): void {
  const db = openWriter(file, { migrations })
  db.transaction(() => {
    for (let i = 0; i < 500; i++) db.run('INSERT INTO note (body) VALUES (?)', 'x'.repeat(400))
  })
  db.close()
}

describe('a new database', () => {
  test('is in WAL mode, checks references and is marked as ours', () => {
    const db = openWriter(join(tempFolder(), 'project.db'), { migrations })
    const pragma = (name: string): unknown => db.value(`PRAGMA ${name}`)
    expect({
      journal: pragma('journal_mode'),
      synchronous: pragma('synchronous'),
      references: pragma('foreign_keys'),
      application: pragma('application_id'),
      version: pragma('user_version'),
    }).toEqual({ journal: 'wal', synchronous: 1, references: 1, application: APPLICATION_ID, version: 10 })
    db.close()
  })

  test('keeps what was written, and a reader beside the writer sees it', () => {
    const file = join(tempFolder(), 'project.db')
    const db = openWriter(file, { migrations })
    const reader = openReader(file)
    expect(reader.all('SELECT * FROM note')).toEqual([])
    const { lastId } = db.run('INSERT INTO note (body) VALUES (@body)', { body: 'größer' })
    expect(reader.get('SELECT id, body FROM note')).toEqual({ id: lastId, body: 'größer' })
    expect(reader.prepare('SELECT body FROM note').rows()).toEqual([['größer']])
    expect([...reader.prepare('SELECT body FROM note').iterate()]).toEqual([{ body: 'größer' }])
    expect(codeOf(() => reader.all('DELETE FROM note RETURNING id'))).toBe('read_only')
    reader.close()
    db.close()
  })

  test('a file whose creation was cut short before its first table is taken as new', () => {
    const file = join(tempFolder(), 'project.db')
    writeFileSync(file, '')
    const db = openWriter(file, { migrations })
    expect(db.all('SELECT * FROM note')).toEqual([])
    db.close()
  })
})

describe('refuses in words', () => {
  test('a folder that is not there', () => {
    const file = join(tempFolder(), 'nowhere', 'project.db')
    expect([codeOf(() => openWriter(file, { migrations })), codeOf(() => openReader(file))]).toEqual([
      'not_found',
      'not_found',
    ])
  })

  test('a folder in the place of the file', () => {
    const file = join(tempFolder(), 'project.db')
    mkdirSync(file)
    expect(codeOf(() => openWriter(file, { migrations }))).toBe('invalid')
  })

  test('a file that is no database, which it leaves as it is', () => {
    const file = join(tempFolder(), 'project.db')
    writeFileSync(file, 'step,loss\n1,0.5\n'.repeat(500))
    const before = readFileSync(file)
    expect([codeOf(() => openWriter(file, { migrations })), codeOf(() => openReader(file))]).toEqual([
      'corrupt',
      'corrupt',
    ])
    expect(readFileSync(file)).toEqual(before)
  })

  test("another program's database, which it leaves as it is", () => {
    const file = join(tempFolder(), 'project.db')
    const other = new Database(file)
    other.exec('CREATE TABLE runs (run_uuid TEXT)')
    other.close()
    const before = readFileSync(file)
    expect(codeOf(() => openWriter(file, { migrations }))).toBe('unsupported')
    expect(readFileSync(file)).toEqual(before)
  })

  test('a newer schema, which it leaves as it is', () => {
    const file = join(tempFolder(), 'project.db')
    openWriter(file, { migrations: [...migrations, { number: 99, name: 'future', up: () => {} }] }).close()
    const before = readFileSync(file)
    expect(codeOf(() => openWriter(file, { migrations }))).toBe('schema_too_new')
    expect(readFileSync(file)).toEqual(before)
  })

  test.each([
    ['cut in half', (file: string) => truncateSync(file, Math.floor(statSync(file).size / 2))],
    ['cut to its first page', (file: string) => truncateSync(file, 4_096)],
    ['cut to a few bytes', (file: string) => truncateSync(file, 40)],
    [
      'with pages overwritten',
      (file: string) => {
        const bytes = readFileSync(file)
        bytes.fill(0xab, 4_096)
        writeFileSync(file, bytes)
      },
    ],
  ])('a database %s', (_, damage) => {
    const file = join(tempFolder(), 'project.db')
    filled(file)
    damage(file)
    expect(
      codeOf(() => {
        const db = openWriter(file, { migrations })
        try {
          db.all('SELECT * FROM note')
        } finally {
          db.close()
        }
      }),
    ).toBe('corrupt')
  })

  test('a database that another process holds', () => {
    const file = join(tempFolder(), 'project.db')
    filled(file)
    const other = new Database(file)
    other.exec('BEGIN IMMEDIATE')
    expect(codeOf(() => openWriter(file, { migrations, busyMs: 20 }))).toBe('busy')
    other.close()
  })

  test.skipIf(process.platform === 'win32')('a folder without the right to write', () => {
    const folder = tempFolder()
    const file = join(folder, 'project.db')
    filled(file)
    chmodSync(file, 0o444)
    chmodSync(folder, 0o555)
    // Root may write everywhere, so be somebody else for the moment.
    const isRoot = process.geteuid?.() === 0
    if (isRoot) process.seteuid?.(65_534)
    try {
      expect(codeOf(() => openWriter(file, { migrations }))).toBe('read_only')
      expect(['read_only', 'unavailable']).toContain(codeOf(() => openWriter(join(folder, 'new.db'), { migrations })))
    } finally {
      if (isRoot) process.seteuid?.(0)
      chmodSync(folder, 0o755)
    }
  })
})

describe('while it is open', () => {
  test('a full disk is told, and what was committed before stays', () => {
    const db = openWriter(join(tempFolder(), 'project.db'), { migrations })
    db.run('INSERT INTO note (body) VALUES (?)', 'kept')
    db.exec(`PRAGMA max_page_count = ${(db.value<number>('PRAGMA page_count') ?? 0) + 4}`)
    const fill = (): void =>
      db.transaction(() => {
        for (let i = 0; i < 100; i++) db.run('INSERT INTO note (body) VALUES (?)', 'x'.repeat(4_000))
      })
    expect(codeOf(fill)).toBe('disk_full')
    expect(db.inTransaction()).toBe(false)
    db.exec('PRAGMA max_page_count = 100000')
    expect(db.all('SELECT body FROM note')).toEqual([{ body: 'kept' }])
    fill()
    db.close()
  })

  test('a change of a row is told, however it is made, and of the columns asked for alone', () => {
    const db = openWriter(':memory:', { migrations })
    db.exec('CREATE TABLE other (note INTEGER REFERENCES note (id) ON DELETE CASCADE) STRICT')
    let told = 0
    db.onChange('note', ['id', 'body'], () => void told++)
    const after = (sql: string): number => {
      db.exec(sql)
      return told
    }
    expect(after(`INSERT INTO note VALUES (1, 'a'), (2, 'b'), (3, 'c')`)).toBe(0)
    expect(after(`UPDATE note SET body = 'd' WHERE id IN (1, 2)`)).toBe(2)
    expect(after('UPDATE note SET id = 4 WHERE id = 3')).toBe(3)
    expect(after(`INSERT OR REPLACE INTO note VALUES (1, 'e')`)).toBe(4)
    expect(after(`INSERT INTO note VALUES (1, 'f') ON CONFLICT (id) DO UPDATE SET body = 'f'`)).toBe(5)
    expect(after('CREATE TRIGGER more AFTER INSERT ON other BEGIN DELETE FROM note WHERE id = 2; END')).toBe(5)
    expect(after('INSERT INTO other VALUES (4)')).toBe(6)
    expect(() =>
      db.transaction(() => {
        db.run('DELETE FROM note')
        throw new Error('taken back')
      }),
    ).toThrow('taken back')
    expect(told).toBe(8)
    db.close()

    const few = openWriter(':memory:', { migrations })
    let changed = 0
    few.onChange('note', ['id'], () => void changed++)
    few.exec(`INSERT INTO note VALUES (1, 'a'); UPDATE note SET body = 'b'`)
    expect(changed).toBe(0)
    few.close()
  })

  test('a file that was deleted or replaced is noticed', () => {
    const file = join(tempFolder(), 'project.db')
    const db = openWriter(file, { migrations })
    expect(codeOf(() => db.checkInPlace())).toBe('no error')
    rmSync(file)
    expect(codeOf(() => db.checkInPlace())).toBe('unavailable')
    writeFileSync(file, 'another file')
    expect(codeOf(() => db.checkInPlace())).toBe('unavailable')
    db.close()
  })

  test('transactions nest, and a throw takes back its own part only', () => {
    const db = openWriter(':memory:', { migrations })
    const insert = (body: string): unknown => db.run('INSERT INTO note (body) VALUES (?)', body)
    db.transaction(() => {
      insert('outer')
      expect(() =>
        db.transaction(() => {
          insert('inner')
          throw new Error('no')
        }),
      ).toThrow('no')
      db.transaction(() => insert('second'))
    })
    expect(() =>
      db.transaction(() => {
        insert('lost')
        throw new Error('no')
      }),
    ).toThrow('no')
    expect(db.all('SELECT body FROM note')).toEqual([{ body: 'outer' }, { body: 'second' }])
    db.close()
  })

  test('a broken rule of the schema is a conflict', () => {
    const db = openWriter(':memory:', { migrations })
    db.run('INSERT INTO note (id) VALUES (1)')
    expect(codeOf(() => db.run('INSERT INTO note (id) VALUES (1)'))).toBe('conflict')
    db.close()
  })

  test('each statement is counted, and slow ones are kept', () => {
    const slow: string[] = []
    const db = openWriter(':memory:', { migrations, slowMs: -1, onSlowQuery: (query) => void slow.push(query.sql) })
    db.all('SELECT 1')
    db.all('SELECT 1')
    db.run('INSERT INTO note (body) VALUES (?)', 'a')
    const calls = db.statistics.statements().map(({ sql, calls: times }) => [sql, times])
    expect(calls).toHaveLength(2)
    expect(calls).toEqual(
      expect.arrayContaining([
        ['SELECT 1', 2],
        ['INSERT INTO note (body) VALUES (?)', 1],
      ]),
    )
    expect(slow).toEqual(['SELECT 1', 'SELECT 1', 'INSERT INTO note (body) VALUES (?)'])
    expect(db.statistics.slow().map(({ sql }) => sql)).toEqual(slow)
    db.close()
  })
})
