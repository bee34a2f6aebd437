import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseMoment, rangeOfMoment } from './moments.ts'

const NOW = Date.UTC(2026, 10, 21, 14, 20)

function range(text: string, utcOffsetMinutes?: number): readonly string[] {
  const moment = parseMoment(text)
  if (moment === undefined) return []
  const clock = utcOffsetMinutes === undefined ? { now: NOW } : { now: NOW, utcOffsetMinutes }
  const { from, to } = rangeOfMoment(moment, clock)
  return [new Date(from).toISOString(), new Date(to).toISOString()]
}

test('what is written coarsely is a stretch of time', () => {
  expect(range('2026-11-01', 0)).toEqual(['2026-11-01T00:00:00.000Z', '2026-11-02T00:00:00.000Z'])
  expect(range('2026-11-01', 60)).toEqual(['2026-10-31T23:00:00.000Z', '2026-11-01T23:00:00.000Z'])
  expect(range('2026-11-01 14:20', 0)).toEqual(['2026-11-01T14:20:00.000Z', '2026-11-01T14:21:00.000Z'])
  expect(range('2026-11-01T14:20:05Z', 60)).toEqual(['2026-11-01T14:20:05.000Z', '2026-11-01T14:20:06.000Z'])
  expect(range('2026-11-01T14:20:05.25-02:30', 0)).toEqual(['2026-11-01T16:50:05.250Z', '2026-11-01T16:50:05.251Z'])
  expect(range('yesterday', -900)).toEqual(['2026-11-19T15:00:00.000Z', '2026-11-20T15:00:00.000Z'])
  expect(range('today', 0)).toEqual(['2026-11-21T00:00:00.000Z', '2026-11-22T00:00:00.000Z'])
  expect(range('now', 0)[0]).toBe('2026-11-21T14:20:00.000Z')
  expect(range('2h ago', 0)[0]).toBe('2026-11-21T12:20:00.000Z')
  expect(range('0099-03-01', 0)[0]).toBe('0099-03-01T00:00:00.000Z')
})

test('refuses what no calendar has', () => {
  const texts = [
    '2026-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-11-01 25:00',
    '2026-11-01 10:60',
    'soon',
    'chicago',
    '',
  ]
  expect(texts.map(parseMoment)).toEqual(texts.map(() => undefined))
  expect(parseMoment('2024-02-29')).toBeDefined()
})

test('a local day begins at its own midnight and ends where the next begins', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date(1, 0, 1), max: new Date(9000, 0, 1), noInvalidDate: true }), (date) => {
      const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()] as const
      const text = `${String(day[0]).padStart(4, '0')}-${String(day[1]).padStart(2, '0')}-${String(day[2]).padStart(2, '0')}`
      const moment = parseMoment(text)
      const { from, to } = rangeOfMoment(moment ?? { kind: 'named', word: 'now' }, { now: 0 })
      expect(from <= date.getTime() && date.getTime() < to).toBe(true)
      expect(new Date(from).getDate()).toBe(day[2])
    }),
  )
})
