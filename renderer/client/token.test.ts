import { beforeEach, describe, expect, it, vi } from 'vitest'
import { pageAddress } from '#shared/lib/page-address.ts'
import { dropToken, splitFragment, takeToken } from './token.ts'

const TOKEN = '0123456789abcdef'.repeat(4)
const TICKET = '0123456789abcdef'.repeat(2)

describe('splitFragment', () => {
  it.each([
    [`#token=${TOKEN}`, TOKEN, ''],
    [`#token=${TOKEN}&/p/churn/runs`, TOKEN, '/p/churn/runs'],
    [`token=${TOKEN}&/p/churn/runs?filter=a&b`, TOKEN, '/p/churn/runs?filter=a&b'],
    ['#/p/churn/runs', null, '/p/churn/runs'],
    ['', null, ''],
    ['#token=short&/p/churn', null, 'token=short&/p/churn'],
    [`#token=${TOKEN}0`, null, `token=${TOKEN}0`],
    [`#token=${TOKEN.toUpperCase()}`, null, `token=${TOKEN.toUpperCase()}`],
    [`#/p/churn?token=${TOKEN}`, null, `/p/churn?token=${TOKEN}`],
  ])('%j', (fragment, token, route) => expect(splitFragment(fragment)).toEqual({ token, ticket: null, route }))

  it('knows tickets from tokens', () => {
    expect([splitFragment(`#ticket=${TICKET}&/p/churn`), splitFragment(`#ticket=${TOKEN}`)]).toEqual([
      { token: null, ticket: TICKET, route: '/p/churn' },
      { token: null, ticket: null, route: `ticket=${TOKEN}` },
    ])
  })

  it('reads what addresses are made of', () => {
    const address = pageAddress('http://127.0.0.1:5080', { token: TOKEN, project: 'churn-3f2a' })
    expect(splitFragment(new URL(address).hash)).toEqual({ token: TOKEN, ticket: null, route: '/p/churn-3f2a' })
  })
})

describe('takeToken', () => {
  const kept = new Map<string, string>()
  const replaced = vi.fn<(data: unknown, unused: string, url: string) => void>()
  const at = (hash: string): void => {
    vi.stubGlobal('location', { hash, pathname: '/', search: '' })
  }
  beforeEach(() => {
    kept.clear()
    replaced.mockClear()
    vi.stubGlobal('localStorage', {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
      removeItem: (key: string) => kept.delete(key),
    })
    vi.stubGlobal('history', { replaceState: replaced })
    return () => vi.unstubAllGlobals()
  })

  it('takes it out of the address at once, and knows it from then on', async () => {
    at(`#token=${TOKEN}&/p/churn/runs`)
    expect(await takeToken()).toBe(TOKEN)
    expect(replaced.mock.calls).toEqual([[null, '', '/#/p/churn/runs']])
    at('#/p/churn/runs')
    expect(await takeToken()).toBe(TOKEN)
    expect(replaced).toHaveBeenCalledTimes(1)
  })

  it('gives a ticket for it, and falls back on the one that was kept where the ticket is spent', async () => {
    const asked = vi.fn((_path: string, { body }: { body: string }) =>
      Promise.resolve({ json: () => Promise.resolve(body === TICKET ? { token: TOKEN } : { message: 'used' }) }),
    )
    vi.stubGlobal('fetch', asked)
    at(`#ticket=${'f'.repeat(32)}&/p/churn/runs`)
    expect(await takeToken()).toBeNull()
    at(`#ticket=${TICKET}&/p/churn/runs`)
    expect(await takeToken()).toBe(TOKEN)
    at(`#ticket=${'f'.repeat(32)}&/p/churn/runs`)
    expect(await takeToken()).toBe(TOKEN)
    expect(replaced.mock.calls.map(([, , url]) => url)).toEqual(Array(3).fill('/#/p/churn/runs'))
    expect(asked.mock.calls[1]).toEqual(['/ticket', { method: 'POST', body: TICKET }])
    vi.stubGlobal('fetch', () => Promise.reject(new Error('offline')))
    expect(await takeToken()).toBe(TOKEN)
  })

  it('is null for a browser that was never given one, or whose own was refused', async () => {
    at('#/p/churn/runs')
    expect(await takeToken()).toBeNull()
    at(`#token=${TOKEN}`)
    await takeToken()
    dropToken()
    at('')
    expect(await takeToken()).toBeNull()
  })
})
