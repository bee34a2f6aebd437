import { expect, it } from 'vitest'
import { isLoopback } from './listening-address.ts'

it('knows loopback addresses', () => {
  expect(
    ['127.0.0.1', '::1', '::ffff:127.0.0.1', 'localhost', '10.0.0.1', '::ffff:10.0.0.1', ''].map(isLoopback),
  ).toEqual([true, true, true, true, false, false, false])
})
