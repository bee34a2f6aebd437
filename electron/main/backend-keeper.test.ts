import { expect, test } from 'vitest'
import type { BackendAddress, EnsureOptions } from '#electron/backend/ensure-backend.ts'
import { appError } from '#shared/rpc/errors.ts'
import { type BackendKeeper, keepBackend } from './backend-keeper.ts'

const OPTIONS = { dataFolder: '/data', node: 'node', entry: 'serve.js' }
const found = (over: Partial<BackendAddress> = {}): BackendAddress => ({
  url: 'http://127.0.0.1:5080',
  token: 't',
  build: 'ours',
  pid: 1,
  started: false,
  ...over,
})

/** A keeper whose time stands still until `look` is called. */
function keeper(answers: (BackendAddress | Error)[], build: string | null = 'ours') {
  const asked: EnsureOptions[] = []
  const pauses: number[] = []
  const told: string[] = []
  let next: (() => void) | undefined
  const ensure = (options: EnsureOptions): Promise<BackendAddress> => {
    asked.push(options)
    const answer = answers.length > 1 ? answers.shift() : answers[0]
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer ?? found())
  }
  const kept: BackendKeeper = keepBackend(build === null ? OPTIONS : { ...OPTIONS, build }, ensure, (work, delay) => {
    next = work
    pauses.push(delay)
    return { unref: () => {} }
  })
  kept.onChange(({ url, pid }) => told.push(`${pid} ${url}`))
  const look = async (): Promise<void> => {
    const work = next
    next = undefined
    work?.()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { kept, asked, pauses, told, look, ended: () => next === undefined }
}

test('those who ask at once share one answer, and the first is told', async () => {
  const { kept, asked, told } = keeper([found()])
  expect(await Promise.all([kept.address(), kept.address()])).toEqual([found(), found()])
  expect([asked.length, told, kept.known()]).toEqual([1, ['1 http://127.0.0.1:5080'], found()])
})

test('a backend that was started again, or elsewhere, is told once', async () => {
  const moved = found({ pid: 3, url: 'http://127.0.0.1:5081' })
  const { look, told } = keeper([found(), found(), found({ pid: 2 }), moved, moved])
  for (let turn = 0; turn < 5; turn++) await look()
  expect(told).toEqual(['1 http://127.0.0.1:5080', '2 http://127.0.0.1:5080', '3 http://127.0.0.1:5081'])
})

test('after failures it looks less and less often, and often again once it answers', async () => {
  const { look, pauses } = keeper([...Array.from({ length: 6 }, () => appError('unavailable', 'No.')), found()])
  for (let turn = 0; turn < 8; turn++) await look()
  expect(pauses).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000, 2_000, 2_000])
})

test('another build is asked to go until ours was there; after that, whoever came later is let be', async () => {
  const theirs = found({ build: 'theirs' })
  const { look, asked } = keeper([theirs, theirs, found({ pid: 2 }), theirs, theirs])
  for (let turn = 0; turn < 5; turn++) await look()
  expect(asked.map(({ build }) => build)).toEqual(['ours', 'ours', 'ours', undefined, undefined])
})

test('a backend that was started for us is not asked to go, whatever it calls itself', async () => {
  const odd = found({ build: 'odd' })
  const { look, asked } = keeper([found({ build: 'odd', started: true }), odd, odd])
  for (let turn = 0; turn < 3; turn++) await look()
  expect(asked.map(({ build }) => build)).toEqual(['ours', undefined, undefined])
})

test('a window that does not know its build asks for none', async () => {
  const { kept, asked } = keeper([found()], null)
  await kept.address()
  expect(asked).toEqual([OPTIONS])
})

test('once closed, it looks no more', async () => {
  const { kept, look, asked, ended } = keeper([found()])
  kept.close()
  await look()
  expect([asked.length, ended()]).toEqual([0, true])
})
