import { expect, test } from 'vitest'
import { pageAddress } from './page-address.ts'

test('an address carries the key and the route in its fragment', () => {
  expect(pageAddress('http://127.0.0.1:5080/', { token: 'ab', project: 'churn-3f2a' })).toBe(
    'http://127.0.0.1:5080/#token=ab&/p/churn-3f2a',
  )
  expect(pageAddress('http://127.0.0.1:5080', { token: 'ab' })).toBe('http://127.0.0.1:5080/#token=ab')
  expect(pageAddress('http://127.0.0.1:5080', { ticket: 'cd', project: 'x' })).toBe(
    'http://127.0.0.1:5080/#ticket=cd&/p/x',
  )
  expect(pageAddress('app://bundle', { project: 'churn-3f2a' })).toBe('app://bundle/#/p/churn-3f2a')
  expect(pageAddress('app://bundle', {})).toBe('app://bundle/')
})
