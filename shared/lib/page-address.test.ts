import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pageAddress, readPageGreeting } from './page-address.ts'

test('an address carries the token and the project in its fragment', () => {
  expect(pageAddress('http://127.0.0.1:5080/', { token: 'ab', project: 'churn-3f2a' })).toBe(
    'http://127.0.0.1:5080/#token=ab&project=churn-3f2a',
  )
  expect(pageAddress('app://bundle', {})).toBe('app://bundle/')
})

test('what was written is read back, whatever it is', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), fc.string({ minLength: 1 }), (token, project) => {
      const { hash } = new URL(pageAddress('http://127.0.0.1:1', { token, project }))
      expect(readPageGreeting(hash)).toEqual({ token, project })
    }),
  )
})

test('a route is no greeting', () => {
  expect(readPageGreeting('#/p/churn/runs?token=ab')).toBeUndefined()
  expect(readPageGreeting('')).toBeUndefined()
  expect(readPageGreeting('#token=%E0%A4%A')).toBeUndefined()
})
