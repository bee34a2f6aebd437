import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { freeHeap } from './free-heap.ts'

const MB = 1 << 20
const ROWS = 8_000
const header = (process.report.getReport() as { readonly header: object }).header
const hasIt = process.platform === 'linux' && 'glibcVersionRuntime' in header

/** Two databases in memory whose pages lie between each other's. */
function interleaved(): readonly [Database.Database, Database.Database] {
  const pair = [new Database(':memory:'), new Database(':memory:')] as const
  for (const db of pair) db.exec('CREATE TABLE piece (id INTEGER PRIMARY KEY, body BLOB)')
  const puts = pair.map((db) => db.prepare('INSERT INTO piece VALUES (?, ?)'))
  // Shorter than what a heap fetches from the system apart.
  for (let id = 0; id < ROWS; id++) for (const put of puts) put.run(id, Buffer.alloc(8_000, id % 251))
  return pair
}

test.runIf(hasIt)('gives back what lies between pieces that are in use, and leaves those as they are', () => {
  const [dropped, kept] = interleaved()
  dropped.close()
  const before = process.memoryUsage.rss()
  expect(freeHeap()).toBe(true)
  expect(before - process.memoryUsage.rss()).toBeGreaterThan(32 * MB)
  const rows = kept.prepare<[], { id: number; body: Buffer }>('SELECT * FROM piece').all()
  expect(rows).toHaveLength(ROWS)
  expect(rows.every(({ id, body }) => body.length === 8_000 && body.every((byte) => byte === id % 251))).toBe(true)
  kept.close()
})

test('says so where the C library cannot', () => {
  expect(freeHeap('libnone.so.6')).toBe(false)
})
