import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tempFolder } from '#test/fixtures/temp-folder.ts'
import { type CommitQueue, createCommitQueue } from './commit-queue.ts'
import { openReader, openWriter, type ReadDb, type WriteDb } from './connection.ts'

const migrations = [
  {
    number: 10,
    name: 'note',
    up: (db: { exec: (sql: string) => unknown }) =>
      void db.exec('CREATE TABLE note (id INTEGER PRIMARY KEY, body TEXT UNIQUE) STRICT'),
  },
]

type Opened = { readonly file: string; readonly db: WriteDb; readonly reader: ReadDb; readonly commits: CommitQueue }

function open(): Opened {
  const file = join(tempFolder(), 'project.db')
  const db = openWriter(file, { migrations })
  return { file, db, reader: openReader(file), commits: createCommitQueue(db) }
}
const insert = (db: WriteDb, body: string) => (): number => db.run('INSERT INTO note (body) VALUES (?)', body).lastId
const bodies = (db: ReadDb): readonly string[] =>
  db.prepare('SELECT body FROM note ORDER BY id').rows<[string]>().flat()
const outcomes = async (promises: readonly Promise<unknown>[]): Promise<readonly unknown[]> =>
  (await Promise.allSettled(promises)).map((result) =>
    result.status === 'fulfilled' ? result.value : ((result.reason as { code?: string }).code ?? String(result.reason)),
  )

test('all writes of one turn are one transaction, in order, and each gets its own result', async () => {
  const { db, reader, commits } = open()
  const results = ['a', 'b', 'c'].map((body) => commits.enqueue(insert(db, body)))
  expect(bodies(db)).toEqual([])
  expect(await Promise.all(results)).toEqual([1, 2, 3])
  expect(bodies(reader)).toEqual(['a', 'b', 'c'])
  expect(commits.statistics()).toMatchObject({ groups: 1, writes: 3 })
  db.close()
})

test('a promise settles when another process would see the write', async () => {
  const { db, reader, commits } = open()
  const seen: (readonly string[])[] = []
  await commits.enqueue(insert(db, 'a')).then(() => seen.push(bodies(reader)))
  expect(seen).toEqual([['a']])
  db.close()
})

test('a write that fails takes back itself alone', async () => {
  const { db, reader, commits } = open()
  const writes = [
    insert(db, 'a'),
    () => {
      insert(db, 'half')()
      throw new Error('no')
    },
    insert(db, 'a'),
    insert(db, 'b'),
  ]
  expect(await outcomes(writes.map((write) => commits.enqueue(write)))).toEqual([1, 'Error: no', 'conflict', 2])
  expect(bodies(reader)).toEqual(['a', 'b'])
  db.close()
})

test('effects run after the commit, those of a failed write never, and outside of a write at once', async () => {
  const { db, reader, commits } = open()
  const heard: string[] = []
  const note = (word: string): void => commits.afterCommit(() => heard.push(`${word}: ${bodies(reader).join('')}`))
  note('outside')
  await outcomes([
    commits.enqueue(() => {
      insert(db, 'a')()
      note('first')
    }),
    commits.enqueue(() => {
      note('failed')
      throw new Error('no')
    }),
    commits.enqueue(() => {
      insert(db, 'b')()
      note('second')
    }),
  ])
  expect(heard).toEqual(['outside: ', 'first: ab', 'second: ab'])
  db.close()
})

test('a full disk rejects the whole group, and later groups are written once there is room', async () => {
  const { db, reader, commits } = open()
  await commits.enqueue(insert(db, 'before'))
  db.exec(`PRAGMA max_page_count = ${db.value<number>('PRAGMA page_count')}`)
  const heard: string[] = []
  const group = [
    commits.enqueue(() => {
      commits.afterCommit(() => heard.push('never'))
      return insert(db, 'small')()
    }),
    commits.enqueue(insert(db, 'x'.repeat(100_000))),
    commits.enqueue(insert(db, 'after')),
  ]
  expect(await outcomes(group)).toEqual(['disk_full', 'disk_full', 'disk_full'])
  expect([bodies(reader), heard]).toEqual([['before'], []])
  db.exec('PRAGMA max_page_count = 1000000')
  await commits.enqueue(insert(db, 'again'))
  expect(bodies(reader)).toEqual(['before', 'again'])
  db.close()
})

test('a database that was deleted under it takes no more writes', async () => {
  const { file, db, commits } = open()
  rmSync(file)
  expect(await outcomes([commits.enqueue(insert(db, 'lost'))])).toEqual(['unavailable'])
  db.close()
})

test('closing commits what waits and refuses the rest', async () => {
  const { db, reader, commits } = open()
  const waiting = commits.enqueue(insert(db, 'a'))
  commits.close()
  expect(bodies(reader)).toEqual(['a'])
  expect(await outcomes([waiting, commits.enqueue(insert(db, 'b'))])).toEqual([1, 'unavailable'])
  db.close()
})

test('a write may queue another, which comes with the next group', async () => {
  const { db, reader, commits } = open()
  const inner = await commits.enqueue(() => {
    insert(db, 'a')()
    commits.flush()
    return [commits.enqueue(insert(db, 'b'))] as const
  })
  await inner[0]
  expect(bodies(reader)).toEqual(['a', 'b'])
  expect(commits.statistics().groups).toBe(2)
  db.close()
})

test('what is to be done now is committed before the call returns, behind what waited, and a throw takes back that alone', async () => {
  const { db, reader, commits } = open()
  const waiting = commits.enqueue(insert(db, 'first'))
  const seen: string[] = []
  expect(
    commits.now(() => {
      commits.afterCommit(() => seen.push(...bodies(reader)))
      return insert(db, 'second')()
    }),
  ).toBe(2)
  expect([seen, bodies(reader)]).toEqual([
    ['first', 'second'],
    ['first', 'second'],
  ])
  expect(() => commits.now(insert(db, 'second'))).toThrow(/UNIQUE/)
  await commits.enqueue(() => expect(() => commits.now(insert(db, 'x'))).toThrow('can not wait'))
  expect([await waiting, bodies(reader)]).toEqual([1, ['first', 'second']])
  commits.close()
  expect(() => commits.now(insert(db, 'late'))).toThrow('The project is closed.')
  db.close()
})
