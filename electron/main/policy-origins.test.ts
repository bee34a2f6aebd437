import { expect, test } from 'vitest'
import type { BackendAddress } from '#electron/backend/ensure-backend.ts'
import type { BackendKeeper } from './backend-keeper.ts'
import { createPolicyOrigins } from './policy-origins.ts'

const keeper = (address: () => Promise<BackendAddress>): BackendKeeper => ({
  address,
  known: () => undefined,
  onChange: () => {},
  close: () => {},
})
const at = (url: string): BackendAddress => ({ url, token: '', build: '', pid: 1, started: false })

test('a page may talk to the backend alone, and loads again when that moves', async () => {
  const origins = createPolicyOrigins(keeper(() => Promise.resolve(at('http://127.0.0.1:5080/'))))
  expect(origins.mustReload('http://127.0.0.1:5080')).toBe(false)
  expect(await origins.forDocument()).toEqual(['http://127.0.0.1:5080', 'ws://127.0.0.1:5080'])
  expect(['http://127.0.0.1:5080', 'http://127.0.0.1:5081'].map(origins.mustReload)).toEqual([false, true])
})

test('a page that came before its backend loads again once there is one', async () => {
  const origins = createPolicyOrigins(keeper(() => Promise.reject(new Error('taken'))))
  expect(await origins.forDocument()).toEqual([])
  expect(origins.mustReload('http://127.0.0.1:5080')).toBe(true)
})

test('a backend that is slow to start leaves no window empty for long', async () => {
  const origins = createPolicyOrigins(
    keeper(() => new Promise(() => {})),
    1,
  )
  expect(await origins.forDocument()).toEqual([])
})
