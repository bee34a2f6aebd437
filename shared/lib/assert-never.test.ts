import { expect, test } from 'vitest'
import { assertNever } from './assert-never.ts'

test('names the value that no case expected', () => {
  expect(() => assertNever('paused' as never, 'run status')).toThrow('Unexpected run status: "paused"')
  const circular: { self?: unknown } = {}
  circular.self = circular
  expect(() => assertNever(circular as never)).toThrow('Unexpected case: [object Object]')
})
