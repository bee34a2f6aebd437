import fc from 'fast-check'
import { expect, it } from 'vitest'
import { byteRange } from './byte-range.ts'

it.each([
  [undefined, 'whole'],
  ['bytes=0-9', { start: 0, end: 9 }],
  ['bytes=5-', { start: 5, end: 99 }],
  ['bytes=-5', { start: 95, end: 99 }],
  ['bytes=-500', { start: 0, end: 99 }],
  ['bytes=90-500', { start: 90, end: 99 }],
  [' Bytes = 1 - 2 ', { start: 1, end: 2 }],
  ['bytes=100-', 'beyond'],
  ['bytes=500-600', 'beyond'],
  ['bytes=-0', 'beyond'],
  ['bytes=9-5', 'whole'],
  ['bytes=0-1,5-6', 'whole'],
  ['lines=0-1', 'whole'],
  ['bytes=-', 'whole'],
  ['bytes=a-b', 'whole'],
  [`bytes=${'9'.repeat(400)}-`, 'beyond'],
])('of a hundred bytes %s is %j', (header, expected) => expect(byteRange(header, 100)).toEqual(expected))

it('has nothing of an empty file', () => {
  expect(['bytes=0-', 'bytes=0-0', 'bytes=-1'].map((header) => byteRange(header, 0))).toEqual([
    'beyond',
    'beyond',
    'beyond',
  ])
})

it('is what slicing gives, whatever is asked', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 50 }), fc.nat(60), fc.nat(60), (bytes, start, end) => {
      const range = byteRange(`bytes=${start}-${end}`, bytes.length)
      const expected = end < start ? bytes : bytes.slice(start, end + 1)
      const got =
        range === 'whole' ? bytes : range === 'beyond' ? bytes.slice(0, 0) : bytes.slice(range.start, range.end + 1)
      expect(got).toEqual(expected)
    }),
  )
})
