import type { IncomingMessage } from 'node:http'
import { hostname } from 'node:os'
import { describe, expect, it } from 'vitest'
import { hostAllowed, originAllowed, siteAllowed, tokenMatches, tokenOf } from './trust.ts'

describe('hostAllowed', () => {
  it.each([
    ['127.0.0.1:5080', true],
    ['localhost', true],
    ['LOCALHOST:1', true],
    ['127.9.9.9:80', true],
    ['[::1]:5080', true],
    ['bench.localhost:5080', true],
    ['evil.example', false],
    ['127.0.0.1.evil.example', false],
    ['localhost.evil.example', false],
    ['192.168.1.5:5080', false],
    ['127.0.0.1@evil.example', false],
    ['127.0.0.1:5080/x', false],
    ['127.0.0.1:99999999', false],
    ['', false],
    [undefined, false],
  ])('of a loopback listener: %j is %j', (host, allowed) => expect(hostAllowed(host, '127.0.0.1')).toBe(allowed))

  it('takes the address that it was told to listen on, and no other', () => {
    expect(
      ['10.0.0.7:5080', '10.0.0.8:5080', 'gpu-box:5080'].map((host) => [
        hostAllowed(host, '10.0.0.7'),
        hostAllowed(host, 'GPU-box'),
      ]),
    ).toEqual([
      [true, false],
      [false, false],
      [false, true],
    ])
  })

  it('takes any literal address and this machine’s own name where it listens on all, but no name that DNS could point here', () => {
    for (const all of ['0.0.0.0', '::']) {
      expect(
        ['10.0.0.7:5080', '[fe80::1]:5080', `${hostname()}:5080`, '127.0.0.1', 'rebound.example:5080'].map((host) =>
          hostAllowed(host, all),
        ),
      ).toEqual([true, true, true, true, false])
    }
  })
})

describe('originAllowed', () => {
  it.each([
    [undefined, '127.0.0.1:5080', true],
    ['app://bundle', '127.0.0.1:5080', true],
    ['http://127.0.0.1:5080', '127.0.0.1:5080', true],
    ['http://localhost:8080', 'LOCALHOST:8080', true],
    ['http://[::1]:5080', '[::1]:5080', true],
    ['http://127.0.0.1:8888', '127.0.0.1:5080', false],
    ['http://localhost:5080', '127.0.0.1:5080', false],
    ['http://127.0.0.1:5080.evil.example', '127.0.0.1:5080', false],
    ['https://evil.example', '127.0.0.1:5080', false],
    ['app://other', '127.0.0.1:5080', false],
    ['file://', '127.0.0.1:5080', false],
    ['null', '127.0.0.1:5080', false],
    ['', '127.0.0.1:5080', false],
  ])('%j at %j is %j', (origin, host, allowed) => expect(originAllowed(origin, host)).toBe(allowed))
})

it('a browser may fetch for our page and follow a link, and for nobody else', () => {
  expect(
    [
      {},
      { 'sec-fetch-site': 'same-origin' },
      { 'sec-fetch-site': 'none' },
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' },
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
      { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' },
    ].map(siteAllowed),
  ).toEqual([true, true, true, true, false, false])
})

describe('tokenOf', () => {
  const of = (headers: Readonly<Record<string, string>>): string | undefined =>
    tokenOf({ headers } as unknown as IncomingMessage)
  const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`

  it('reads a bearer’s, a password, and a second sub-protocol', () => {
    expect([
      of({ authorization: 'Bearer abc ' }),
      of({ authorization: basic('ada:a:b') }),
      of({ authorization: basic('abc') }),
      of({ 'sec-websocket-protocol': 'benchtop.1, token.abc' }),
      of({ 'sec-websocket-protocol': 'benchtop.1' }),
      of({ authorization: 'Digest abc' }),
      of({}),
    ]).toEqual(['abc', 'a:b', 'abc', 'abc', undefined, undefined, undefined])
  })
})

it('only the whole token matches', () => {
  expect(['secret', 'secre', 'secrets', '', 'sécret', undefined].map((given) => tokenMatches(given, 'secret'))).toEqual(
    [true, false, false, false, false, false],
  )
})
