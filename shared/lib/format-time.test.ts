import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatAgo, formatClock, formatDateTime, formatDuration, formatRelativeTime, isoTime } from './format-time.ts'
import { DAY, HOUR, MINUTE, parseDuration, SECOND } from './units.ts'

test('a duration shows its two largest units', () => {
  const shown = [
    0,
    820,
    14_200,
    14_000,
    59_960,
    725 * SECOND,
    720 * SECOND,
    2 * HOUR + 5 * MINUTE,
    HOUR - 100,
    3 * DAY + 4 * HOUR,
    -90_000,
    1200 * DAY,
  ].map(formatDuration)
  expect(shown).toEqual([
    '0 ms',
    '820 ms',
    '14.2 s',
    '14 s',
    '1 min',
    '12 min 5 s',
    '12 min',
    '2 h 5 min',
    '1 h',
    '3 d 4 h',
    '−1 min 30 s',
    '1,200 d',
  ])
  expect(formatDuration(Number.NaN)).toBe('NaN')
})

test('a shown duration reads back within its smaller unit', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 900 * DAY }), (length) => {
      const back = parseDuration(formatDuration(length)) ?? Number.NaN
      const unit = length < MINUTE ? 100 : length < HOUR ? SECOND : length < DAY ? MINUTE : HOUR
      expect(Math.abs(back - length)).toBeLessThanOrEqual(unit)
    }),
  )
})

const NOW = new Date(2026, 10, 21, 14, 20, 34).getTime()

test('relative times are coarse and turn into dates after a week', () => {
  const ago = (length: number) => formatRelativeTime(NOW - length, NOW)
  expect([1_000, 12_000, 12 * MINUTE, 2.9 * HOUR, 3.5 * DAY, 23 * DAY].map(ago)).toEqual([
    'just now',
    '12 s ago',
    '12 min ago',
    '2 h ago',
    '3 d ago',
    '29 Oct 14:20',
  ])
  expect(formatRelativeTime(NOW + 5 * MINUTE, NOW)).toBe('in 5 min')
  expect([formatAgo(NOW + 13_000, NOW), formatAgo(NOW - 5 * MINUTE, NOW)]).toEqual(['just now', '5 min ago'])
  expect([formatAgo(NOW + 2 * HOUR, NOW), formatAgo(NOW * 1e6, NOW)]).toEqual(['in 2 h', 'not known'])
  expect(formatRelativeTime(Number.NaN, NOW)).toBe('not known')
})

test('moments are as short as their distance allows', () => {
  expect(formatDateTime(new Date(2026, 10, 21, 9, 5).getTime(), NOW)).toBe('today 09:05')
  expect(formatDateTime(new Date(2026, 9, 29, 9, 51).getTime(), NOW)).toBe('29 Oct 09:51')
  expect(formatDateTime(new Date(2025, 10, 21, 9, 51).getTime(), NOW)).toBe('21 Nov 2025 09:51')
  expect(formatDateTime(Infinity, NOW)).toBe('not known')
  expect(formatClock(NOW)).toBe('14:20:34')
  expect(formatClock(Number.NaN)).toBe('--:--:--')
})

test('moments for programs, and numbers that are none', () => {
  expect([isoTime(0), isoTime(1.8e18), isoTime(1_800_000_000_000_000_007n), isoTime(Number.NaN)]).toEqual([
    '1970-01-01T00:00:00.000Z',
    '1800000000000000000',
    '1800000000000000007',
    'NaN',
  ])
})
