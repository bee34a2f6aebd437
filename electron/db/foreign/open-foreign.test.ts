import Database from 'better-sqlite3'
import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { tempFolder } from '#test/fixtures/temp-folder.ts'
import { type ForeignDatabase, openForeign } from './open-foreign.ts'
import { peek } from './peek.ts'

const tablesOf = async (file: string): Promise<ReadonlySet<string>> => {
  const found = await peek(file)
  return found.kind === 'sqlite' ? found.tables : new Set()
}

const ROWS = 3_000
/** Of nearly a page each: more than what is looked through when it is opened. */
const LARGE = 6_000

type Made = { readonly file: string; readonly writer: Database.Database }

/** A table of numbered rows with an index, and the connection that made it. */
function make(prepare: (writer: Database.Database) => void = () => {}): Made {
  const file = join(tempFolder(), 'other program.db')
  const writer = new Database(file)
  prepare(writer)
  writer.exec('CREATE TABLE point (run TEXT, value REAL, note TEXT); CREATE INDEX point_run ON point (run)')
  fill(writer, ROWS)
  return { file, writer }
}

function fill(writer: Database.Database, rows: number): void {
  const insert = writer.prepare('INSERT INTO point VALUES (?, ?, ?)')
  writer.transaction(() => {
    for (let row = 0; row < rows; row++) insert.run(`run ${row % 7}`, row / 3, 'x'.repeat(row % 90))
  })()
}

const opened: ForeignDatabase[] = []
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith(`benchtop-reading-${process.pid}-`))).toEqual([])
})

async function open(file: string, searched: readonly (readonly [string, ...string[]])[] = [['point', 'run']]) {
  const told = { refused: [] as string[], findings: [] as string[], losses: [] as unknown[] }
  const foreign = await openForeign(file, {
    tables: ['point'],
    searched,
    refused: (why) => told.refused.push(why),
    damaged: (findings, losses) => {
      told.findings.push(...findings)
      told.losses.push(...losses)
    },
  })
  opened.push(foreign)
  return { foreign, told }
}

const count = (foreign: ForeignDatabase) =>
  foreign.read(({ all }) => all('SELECT count(*), sum(value) FROM point')[0]?.slice())
const whole = [ROWS, (ROWS * (ROWS - 1)) / 6]
const copies = () => readdirSync(tmpdir()).filter((name) => name.startsWith(`benchtop-reading-${process.pid}-`)).length

/** Every file beside it, with its content. */
function traces(file: string): unknown {
  const folder = dirname(file)
  return readdirSync(folder).map((name) => [
    name,
    readFileSync(join(folder, name)).toString('base64').length,
    statSync(join(folder, name)).mtimeMs,
  ])
}

describe("another program's database", () => {
  it('is read in place, and others write between two readings', async () => {
    const { file, writer } = make()
    const before = traces(file)
    const { foreign, told } = await open(file)
    expect(await count(foreign)).toEqual([whole[0], expect.closeTo(whole[1] ?? 0)])
    expect({ copies: copies(), told }).toEqual({ copies: 0, told: { refused: [], findings: [], losses: [] } })
    expect(traces(file)).toEqual(before)
    fill(writer, 10)
    expect((await count(foreign))?.[0]).toBe(ROWS + 10)
    writer.close()
  })

  it('is read from a copy that has the index that it lacks', async () => {
    const { file, writer } = make()
    writer.close()
    const before = traces(file)
    const { foreign } = await open(file, [
      ['point', 'value'],
      ['point', 'not there'],
      ['nor this', 'run'],
    ])
    expect((await count(foreign))?.[0]).toBe(ROWS)
    expect(
      await foreign.read(({ all }) => String(all('EXPLAIN QUERY PLAN SELECT * FROM point WHERE value = ?', 1)[0]?.[3])),
    ).toMatch(/USING INDEX/)
    expect({ copies: copies(), traces: traces(file) }).toEqual({ copies: 1, traces: before })
  })

  it('takes away the copies of processes that were killed, and only those', async () => {
    const ended = spawnSync(process.execPath, ['-e', '']).pid
    const folders = [ended, process.pid, 1].map((pid) => join(tmpdir(), `benchtop-reading-${pid}-left`))
    for (const folder of folders) mkdirSync(folder, { recursive: true })
    try {
      const { file, writer } = make()
      writer.close()
      await open(file, [['point', 'value']])
      expect(folders.map((folder) => existsSync(folder))).toEqual([false, true, true])
    } finally {
      for (const folder of folders) rmSync(folder, { recursive: true, force: true })
    }
  })

  it.each([
    ['that is open, with a log', false],
    ['that was closed, without one', true],
  ])('of a write-ahead log %s is read without a byte beside it', async (_, closed) => {
    const { file, writer } = make((db) => db.pragma('journal_mode = WAL'))
    if (closed) writer.close()
    const before = traces(file)
    expect(await tablesOf(file)).toContain('point')
    const { foreign } = await open(file)
    expect((await count(foreign))?.[0]).toBe(ROWS)
    expect(traces(file)).toEqual(before)
    writer.close()
  })

  it('of a log that nothing was carried over from yet is recognised', async () => {
    const { file, writer } = make((db) => {
      db.pragma('journal_mode = WAL')
      db.pragma('wal_autocheckpoint = 0')
    })
    expect(await tablesOf(file)).toEqual(new Set(['point']))
    writer.close()
  })

  it('whose writer was killed is read as it was before, and its journal stays for the next writer', async () => {
    const { file, writer } = make((db) => db.pragma('cache_size = 5'))
    // Pages go to the file before the transaction ends, as the cache is small: the copy is what a kill leaves.
    writer.exec("BEGIN; UPDATE point SET note = note || 'changed', value = -1")
    const killed = join(dirname(file), 'killed')
    mkdirSync(killed)
    const copy = join(killed, 'other program.db')
    copyFileSync(file, copy)
    copyFileSync(`${file}-journal`, `${copy}-journal`)
    writer.exec('ROLLBACK')
    writer.close()
    const before = traces(copy)
    const { foreign } = await open(copy)
    expect(await count(foreign)).toEqual([whole[0], expect.closeTo(whole[1] ?? 0)])
    expect(traces(copy)).toEqual(before)
  })

  it('is waited for while a writer has it to itself', async () => {
    const { file, writer } = make()
    const { foreign } = await open(file)
    writer.exec('BEGIN EXCLUSIVE')
    let done = false
    const reading = count(foreign).then((found) => {
      done = true
      return found
    })
    for (let turns = 0; turns < 50; turns++) await turn()
    expect(done).toBe(false)
    writer.exec('ROLLBACK')
    expect((await reading)?.[0]).toBe(ROWS)
    writer.exec('BEGIN EXCLUSIVE')
    const gone = new AbortController()
    const asked = foreign.read(({ all }) => all('SELECT count(*) FROM point'), gone.signal)
    gone.abort()
    await expect(asked).rejects.toMatchObject({ name: 'AbortError' })
    writer.close()
  })

  it('that is none, or can not be read, is refused in words', async () => {
    const folder = tempFolder()
    const write = (name: string, bytes: Buffer | string): string => {
      writeFileSync(join(folder, name), bytes)
      return join(folder, name)
    }
    const answers: Record<string, unknown> = {}
    for (const [what, file] of Object.entries({
      'not there': join(folder, 'nothing.db'),
      'a folder': folder,
      empty: write('empty.db', ''),
      short: write('short.db', 'SQLite format 3\0'),
      text: write('text.db', 'hello '.repeat(100)),
      'a header alone': write('header.db', Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(5000, 0xff)])),
    })) {
      answers[what] = await open(file).then(
        async ({ foreign }) => ['opened', await foreign.read(({ schema }) => schema.has('point'))],
        ({ code }: { code: string }) => code,
      )
      expect((await tablesOf(file)).size).toBe(0)
    }
    expect(answers).toEqual({
      'not there': 'not_found',
      'a folder': 'invalid',
      empty: 'invalid',
      short: 'corrupt',
      text: 'corrupt',
      'a header alone': 'corrupt',
    })
  })

  it('gives nothing for what can not be asked of it, and says so', async () => {
    const { file, writer } = make()
    writer.exec(
      'CREATE VIEW endless AS WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n) SELECT i FROM n',
    )
    writer.close()
    const { foreign, told } = await open(file)
    expect(
      await foreign.read(({ schema, all }) => [
        schema.has('endless'),
        schema.has('POINT'),
        all('SELECT absent FROM point'),
      ]),
    ).toEqual([false, true, []])
    expect(told.refused).toEqual(['no such column: absent'])
  })
})

describe('a damaged database', () => {
  const PAGE = 4096
  /** Overwrites pages; the first, with the schema, is page 1. */
  function damage(file: string, pages: readonly number[], byte = 0xff): void {
    const bytes = readFileSync(file)
    for (const page of pages) bytes.fill(byte, (page - 1) * PAGE, page * PAGE)
    writeFileSync(file, bytes)
  }
  /** The pages of a table or an index that hold its rows. */
  function leaves(file: string, name: string): number[] {
    const db = new Database(file, { readonly: true })
    try {
      return db
        .prepare("SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY path")
        .pluck()
        .all(name) as number[]
    } finally {
      db.close()
    }
  }
  const rows = (foreign: ForeignDatabase) =>
    foreign.read(({ all }) => all('SELECT rowid FROM point ORDER BY rowid').map(([row]) => Number(row)))

  it.each([0x00, 0xff, 0x0d])('gives all rows but those of the bad pages (bytes %i)', async (byte) => {
    const { file, writer } = make()
    const lost = writer
      .prepare("SELECT path FROM dbstat WHERE name = 'point' AND pagetype = 'leaf'")
      .pluck()
      .all().length
    writer.close()
    const pages = leaves(file, 'point')
    expect(lost).toBeGreaterThan(20)
    damage(file, [pages[3], pages[4], pages[11], pages.at(-1)].map(Number), byte)
    const before = traces(file)
    const { foreign, told } = await open(file)
    const found = await rows(foreign)
    expect(found.length).toBeGreaterThan(ROWS * 0.7)
    expect(found.length).toBeLessThan(ROWS)
    expect(new Set(found).size).toBe(found.length)
    expect(told.findings.length).toBeGreaterThan(0)
    // No more is said to be lost than is not there, and no less: rows were never taken out of this table. The last page's end is not known.
    expect(told.losses).toHaveLength(1)
    expect(traces(file)).toEqual(before)
  })

  it('tells how many rows were lost between others', async () => {
    const { file, writer } = make()
    writer.close()
    const pages = leaves(file, 'point')
    damage(file, [pages[5], pages[6]].map(Number))
    const { foreign, told } = await open(file)
    const found = await rows(foreign)
    expect(told.losses).toEqual([{ table: 'point', upTo: BigInt(ROWS - found.length) }])
  })

  it('loses nothing when only an index is bad', async () => {
    const { file, writer } = make()
    writer.close()
    damage(file, leaves(file, 'point_run').slice(1, 3))
    const { foreign, told } = await open(file)
    expect(await count(foreign)).toEqual([whole[0], expect.closeTo(whole[1] ?? 0)])
    expect({ losses: told.losses, found: told.findings.length > 0 }).toEqual({ losses: [], found: true })
  })

  it('that was cut short gives the rows that are left', async () => {
    const { file, writer } = make()
    writer.close()
    truncateSync(file, Math.floor(statSync(file).size / 2 / PAGE) * PAGE + 100)
    expect(await tablesOf(file)).toContain('point')
    const { foreign, told } = await open(file)
    const found = await rows(foreign)
    expect(found.length).toBeGreaterThan(ROWS / 4)
    expect(found.length).toBeLessThan(ROWS)
    expect(told.losses).toHaveLength(1)
  })

  it('whose damage is met only while reading moves to what could be saved', async () => {
    const { file, writer } = make()
    writer.exec(`WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < ${LARGE})
      INSERT INTO point SELECT 'run', i, hex(zeroblob(1800)) FROM n`)
    writer.close()
    expect(statSync(file).size).toBeGreaterThan(16 * 2 ** 20)
    const pages = leaves(file, 'point')
    damage(file, [Number(pages[900])])
    const { foreign, told } = await open(file)
    expect(told.findings).toEqual([])
    const [some] = await Promise.all([count(foreign), rows(foreign)])
    expect(Number(some?.[0])).toBeLessThan(ROWS + LARGE)
    expect(Number(some?.[0])).toBeGreaterThan(ROWS + LARGE - 10)
    expect(told.losses).toEqual([{ table: 'point', upTo: BigInt(ROWS + LARGE - Number(some?.[0])) }])
  })
})
