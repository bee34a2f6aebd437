import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DAY, HOUR, MINUTE, parseByteSize, parseDuration, SECOND } from './units.ts'

test('reads durations as people write them', () => {
  const read = ['5m', '2h', '1h30m', '12 min 5 s', '1.5 d', '250ms', '3 weeks', '90 Seconds'].map(parseDuration)
  expect(read).toEqual([5 * MINUTE, 2 * HOUR, 1.5 * HOUR, 725 * SECOND, 1.5 * DAY, 250, 21 * DAY, 90 * SECOND])
})

test('refuses what is not wholly a duration', () => {
  expect(['', '5', 'm', '5m later', '5 parsecs', '-5m', '5m,3s', 'NaN s'].map(parseDuration)).toEqual(
    Array.from({ length: 8 }, () => undefined),
  )
})

test('reads sizes with decimal and binary prefixes', () => {
  expect(['412 MB', '8GiB', '1024', '1.5k', ' 2 TB '].map(parseByteSize)).toEqual([
    412e6,
    8 * 1024 ** 3,
    1024,
    1500,
    2e12,
  ])
  expect(['', 'MB', '1 XB', '-1 MB', '1e3'].map(parseByteSize)).toEqual(Array.from({ length: 5 }, () => undefined))
})

test('a duration of whole seconds reads back from its parts', () => {
  fc.assert(
    fc.property(fc.nat(1000), fc.nat(23), fc.nat(59), fc.nat(59), (days, hours, minutes, seconds) => {
      const total = days * DAY + hours * HOUR + minutes * MINUTE + seconds * SECOND
      expect(parseDuration(`${days}d ${hours}h${minutes} min ${seconds}s`)).toBe(total)
    }),
  )
})

test('answers quickly for a long text that is no duration', () => {
  expect(parseDuration('1'.repeat(100_000))).toBeUndefined()
  expect(parseDuration('1 s '.repeat(50_000) + '!')).toBeUndefined()
})
