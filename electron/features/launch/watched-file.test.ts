import { appendFileSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { eventually } from '#test/setup/eventually.ts'
import { tempFolder } from '#test/fixtures/temp-folder.ts'
import { openWatchedFile } from './watched-file.ts'

const entry = (index: number) => ({ project: 'p', run: `r${index}`, pid: 7, started: '1', forwards: false })
const refuse = (error: unknown): never => {
  throw error
}

it('keeps what was added over a restart, and only that after a replacement', () => {
  const path = join(tempFolder(), 'data', 'watched.jsonl')
  const file = openWatchedFile(path, refuse)
  expect(file.entries()).toEqual([])
  for (let index = 0; index < 3; index++) file.add(entry(index))
  file.close()
  const again = openWatchedFile(path, refuse)
  expect(again.entries()).toEqual([entry(0), entry(1), entry(2)])
  expect(statSync(path).mode & 0o777).toBe(0o600)
  again.add(entry(3))
  again.replace([entry(1)])
  again.close()
  expect(openWatchedFile(path, refuse).entries()).toEqual([entry(1)])
})

it('appends: what stands there is not written again, however many there are', async () => {
  const path = join(tempFolder(), 'watched.jsonl')
  const file = openWatchedFile(path, refuse)
  for (let index = 0; index < 1_000; index++) file.add(entry(index))
  await eventually(() => expect(file.entries()).toHaveLength(1_000))
  const { ino, size } = statSync(path)
  file.add(entry(1_000))
  await eventually(() => expect(file.entries()).toHaveLength(1_001))
  const now = statSync(path)
  expect([now.ino, now.size - size]).toEqual([ino, `${JSON.stringify(entry(1_000))}\n`.length])
  file.close()
})

it('passes over a line that a kill cut in two, and what is no entry', () => {
  const path = join(tempFolder(), 'watched.jsonl')
  appendFileSync(path, `${JSON.stringify(entry(0))}\n{"project":3}\nnothing\n{"project":"p","ru`)
  const file = openWatchedFile(path, refuse)
  expect(file.entries()).toEqual([entry(0)])
  file.add(entry(1))
  file.close()
  expect(openWatchedFile(path, refuse).entries()).toEqual([entry(0), entry(1)])
  expect(readFileSync(path, 'utf8').endsWith('\n')).toBe(true)
})

it('tries again what the disk did not take', () => {
  const path = join(tempFolder(), 'watched.jsonl')
  const folder = join(path, 'in the way')
  mkdirSync(folder, { recursive: true })
  const heard: unknown[] = []
  const file = openWatchedFile(path, (error) => heard.push(error))
  file.add(entry(0))
  file.close()
  expect([heard.length, file.entries()]).toEqual([1, []])
  rmSync(path, { recursive: true })
  file.add(entry(1))
  file.close()
  expect([heard.length, file.entries()]).toEqual([1, [entry(0), entry(1)]])
})
