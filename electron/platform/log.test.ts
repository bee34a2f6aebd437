import { mkdirSync, readFileSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { tempFolder } from '#test/fixtures/temp-folder.ts'
import { fileLog } from './log.ts'

const linesOf = (file: string): readonly Record<string, unknown>[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

it('keeps an error with its stack and its causes, which may go round', () => {
  const file = join(tempFolder(), 'logs', 'x.log')
  const round = new Error('outer', { cause: new Error('inner', { cause: 'the disk' }) })
  fileLog(file).error('failed', { error: round, run: 'a' })
  const looped = new Error('looped')
  looped.cause = looped
  fileLog(file).warn('failed', { error: looped })
  const [first, second] = linesOf(file)
  expect(first).toMatchObject({
    level: 'error',
    event: 'failed',
    run: 'a',
    error: { message: 'outer', cause: { message: 'inner', cause: 'the disk' } },
  })
  expect(second).toMatchObject({ level: 'warn', error: { message: 'looped', cause: { message: 'looped' } } })
  expect(statSync(file).mode & 0o777).toBe(0o600)
})

it('begins a new file at 8 MiB and keeps the one before', () => {
  const file = join(tempFolder(), 'x.log')
  const log = fileLog(file)
  log.info('old')
  truncateSync(file, 9 << 20)
  log.info('new')
  expect(linesOf(file).map(({ event }) => event)).toEqual(['new'])
  expect(statSync(`${file}.1`).size).toBe(9 << 20)
})

it('stops nothing where it cannot be written, or what it was given is no JSON', () => {
  const folder = tempFolder()
  mkdirSync(join(folder, 'x.log'))
  fileLog(join(folder, 'x.log')).info('lost')
  fileLog(join(folder, 'y.log')).info('lost', { big: 1n })
})
