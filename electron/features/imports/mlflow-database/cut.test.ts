import Database from 'better-sqlite3'
import fc from 'fast-check'
import { copyFileSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { tempFolder } from '#test/fixtures/temp-folder.ts'
import { cutOff } from '#electron/db/foreign/header.ts'
import { allReaders } from '../all-readers.ts'
import { discover } from '../discover.ts'
import { attempt, filled, WHOLE } from '#test/fixtures/damaged-database.ts'

const find = (path: string) => discover(allReaders, path, new AbortController().signal)

/** Holds a damaged file to what a person is promised: what it is, and that nothing is missing without a word. Gives what was said of it as a whole, or what came. */
async function hold(file: string): Promise<string | Record<string, number>> {
  const { stores, problem } = await find(file)
  const { count, notes } = await attempt(file)
  if (stores.length === 0) {
    expect(problem).toMatch(/is an SQLite database, but|was an SQLite database|without tables|is empty|not SQLite's/)
    // A file of this name is also worth a word where it lies among others.
    return problem ?? ''
  }
  if (typeof count === 'string') return count
  if (JSON.stringify(count) !== JSON.stringify(WHOLE)) expect(notes).not.toEqual([])
  // Of one that was cut off something is missing, be it what nobody asks for.
  expect(notes.length > 0 || (await cutOff(file)) === null).toBe(true)
  return count
}

it('is called what it is wherever it was cut off, and gives what can still be read', async () => {
  const file = join(tempFolder(), 'mlflow.db')
  filled(file)
  const whole = readFileSync(file)
  let read = 0
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length - 1), async (length) => {
      writeFileSync(file, whole.subarray(0, length))
      const found = await hold(file)
      if (typeof found === 'object') read++
      else if (length >= 100) expect(found).toMatch(/damaged: it ends after|^corrupt$/)
    }),
    { numRuns: 30, examples: [[0], [1], [99], [100], [512], [4095], [4096], [whole.length - 1]] },
  )
  expect(read).toBeGreaterThan(5)
}, 120_000)

it('says that its end is missing also where SQLite finds nothing wrong', async () => {
  const file = join(tempFolder(), 'mlflow.db')
  filled(file)
  const database = new Database(file)
  // Takes pages of its own at the end of the file, the last of them for the end of the text.
  database.prepare('CREATE TABLE other (text TEXT)').run()
  database.prepare('INSERT INTO other VALUES (?)').run('long '.repeat(9_000))
  database.close()
  writeFileSync(file, readFileSync(file).subarray(0, -100))
  expect(new Database(file, { readonly: true }).pragma('integrity_check', { simple: true })).toBe('ok')
  const { count, notes } = await attempt(file)
  expect(count).toEqual(WHOLE)
  expect(notes.map(({ why }) => why)).toEqual([
    expect.stringMatching(/^The file is damaged \(it ends after .* of .*\)\. What could still be read came\.$/),
  ])
})

it('says so when its beginning is damaged, and when there is none of it', async () => {
  const folder = tempFolder()
  const file = join(folder, 'mlflow.db')
  filled(file)
  const whole = readFileSync(file)
  const beginning = /mlflow\.db was an SQLite database, but is damaged at its beginning/
  writeFileSync(file, whole.subarray(100))
  expect(await hold(file)).toMatch(beginning)
  writeFileSync(file, Buffer.from(whole).fill(0, 0, 16))
  expect(await hold(file)).toMatch(beginning)
  // Beside a whole one, too.
  filled(join(folder, 'whole.db'))
  const { stores, problem } = await find(folder)
  expect(stores.map(({ location }) => location)).toEqual([join(folder, 'whole.db')])
  expect(problem).toMatch(beginning)
  writeFileSync(file, '')
  expect(await hold(file)).toMatch(/mlflow\.db is empty: it has 0 bytes\.$/)
  writeFileSync(file, 'version https://git-lfs.github.com/spec/v1\n')
  expect(await hold(file)).toMatch(/is no database of runs: it is not SQLite's, or encrypted, or damaged/)
})

it('is read with the log of a writer that was killed, and called incomplete without it', async () => {
  const folder = tempFolder()
  const [file, copy] = [join(folder, 'live.db'), join(folder, 'mlflow.db')]
  const writer = new Database(file)
  writer.pragma('journal_mode = WAL')
  writer.pragma('wal_autocheckpoint = 0')
  const plain = join(folder, 'plain.db')
  filled(plain)
  writer.exec(`ATTACH '${plain}' AS plain`)
  for (const { sql } of writer.prepare('SELECT sql FROM plain.sqlite_schema WHERE sql IS NOT NULL').all() as {
    sql: string
  }[])
    writer.exec(sql)
  for (const { name } of writer.prepare("SELECT name FROM plain.sqlite_schema WHERE type = 'table'").all() as {
    name: string
  }[])
    writer.exec(`INSERT INTO main.${name} SELECT * FROM plain.${name}`)
  for (const ending of ['', '-wal']) copyFileSync(file + ending, copy + ending)
  writer.close()
  expect(await hold(copy)).toEqual(WHOLE)
  const log = readFileSync(`${copy}-wal`)
  await fc.assert(
    fc.asyncProperty(fc.nat(log.length), async (length) => {
      // A log that was cut off ends with the last commit that is whole in it: less is there, and that is all that was promised.
      writeFileSync(`${copy}-wal`, log.subarray(0, length))
      await find(copy)
      await attempt(copy)
    }),
    { numRuns: 10 },
  )
  rmSync(`${copy}-wal`)
  expect(await hold(copy)).toMatch(
    /mlflow\.db is an SQLite database without tables: what was written to it stood in its log, mlflow\.db-wal, which is not beside it\.$/,
  )
})

it('is read as it was before the transaction that a killed writer left half done', async () => {
  const folder = tempFolder()
  const [file, copy] = [join(folder, 'live.db'), join(folder, 'mlflow.db')]
  filled(file)
  const writer = new Database(file)
  writer.pragma('cache_size = 1')
  writer.exec('BEGIN; DELETE FROM metrics; DELETE FROM runs; DELETE FROM params')
  expect(statSync(`${file}-journal`).size).toBeGreaterThan(10_000)
  for (const ending of ['', '-journal']) copyFileSync(file + ending, copy + ending)
  writer.exec('ROLLBACK')
  writer.close()
  expect(await hold(copy)).toEqual(WHOLE)
  const [whole, journal] = [readFileSync(copy), readFileSync(`${copy}-journal`)]
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length), fc.nat(journal.length), fc.boolean(), async (length, rest, cutBoth) => {
      writeFileSync(copy, cutBoth ? whole.subarray(0, length) : whole)
      writeFileSync(`${copy}-journal`, journal.subarray(0, rest))
      await find(copy)
      await attempt(copy)
    }),
    { numRuns: 15 },
  )
  expect(existsSync(`${copy}-journal`)).toBe(true)
}, 120_000)
