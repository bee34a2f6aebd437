import { DAY, MINUTE, parseDuration, SECOND } from '#shared/lib/units.ts'
import type { ClockTime, Moment } from './ast.ts'

/** When "now" is, and how far east of UTC calendar days are read; without an offset they are local days. */
export interface FilterClock {
  /** Epoch milliseconds. */
  readonly now: number
  readonly utcOffsetMinutes?: number
}

const DATE = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/i

/** Whether a text has the shape of a date, be it one of the calendar or not (`2026-02-31`). */
export function looksLikeDate(text: string): boolean {
  return DATE.test(text)
}

/** Reads `2026-11-01`, `2026-11-01T14:20:05Z`, `now`, `today`, `yesterday` or `7d ago`; undefined for anything else. */
export function parseMoment(text: string): Moment | undefined {
  const trimmed = text.trim()
  const word = trimmed.toLowerCase()
  if (word === 'now' || word === 'today' || word === 'yesterday') return { kind: 'named', word }
  if (word.endsWith('ago')) {
    const milliseconds = parseDuration(word.slice(0, -'ago'.length))
    return milliseconds === undefined ? undefined : { kind: 'ago', milliseconds }
  }
  return parseCalendar(trimmed)
}

function parseCalendar(text: string): Moment | undefined {
  const match = DATE.exec(text)
  if (match === null) return undefined
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])]
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined
  const time = match[4] === undefined ? null : clockTime(match)
  if (time === undefined) return undefined
  return { kind: 'calendar', year, month, day, time, zone: zoneMinutes(match[8]) }
}

function clockTime(match: RegExpExecArray): ClockTime | undefined {
  const [hour, minute] = [Number(match[4]), Number(match[5])]
  const second = match[6] === undefined ? null : Number(match[6])
  if (hour > 23 || minute > 59 || (second ?? 0) > 59) return undefined
  const millisecond = match[7] === undefined ? null : Number(match[7].padEnd(3, '0').slice(0, 3))
  return { hour, minute, second, millisecond }
}

function zoneMinutes(zone: string | undefined): number | null {
  if (zone === undefined) return null
  if (zone.toUpperCase() === 'Z') return 0
  const digits = zone.replace(':', '')
  const minutes = Number(digits.slice(1, 3)) * 60 + Number(digits.slice(3, 5))
  return digits.startsWith('-') ? -minutes : minutes
}

function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate()
}

/**
 * The stretch of time that a moment names: a whole day for a date, a minute for `14:20`, one millisecond for an instant.
 *
 * @returns epoch milliseconds, `to` exclusive; so that `= 2026-11-01` is "within that day" and `> 2026-11-01` "after it".
 */
export function rangeOfMoment(moment: Moment, clock: FilterClock): { readonly from: number; readonly to: number } {
  if (moment.kind === 'ago') return instant(clock.now - moment.milliseconds)
  if (moment.kind === 'named') {
    if (moment.word === 'now') return instant(clock.now)
    const today = calendarDay(clock.now, clock.utcOffsetMinutes)
    return dayRange(today, moment.word === 'today' ? 0 : -1, clock.utcOffsetMinutes)
  }
  const offset = moment.zone ?? clock.utcOffsetMinutes
  const day = { year: moment.year, month: moment.month, day: moment.day }
  if (moment.time === null) return dayRange(day, 0, offset)
  const from = epoch(day, 0, moment.time, offset)
  return { from, to: from + lengthOf(moment.time) }
}

interface CalendarDay {
  readonly year: number
  readonly month: number
  readonly day: number
}

const MIDNIGHT: ClockTime = { hour: 0, minute: 0, second: 0, millisecond: 0 }

function instant(at: number): { readonly from: number; readonly to: number } {
  return { from: at, to: at + 1 }
}

function lengthOf(time: ClockTime): number {
  if (time.millisecond !== null) return 1
  return time.second === null ? MINUTE : SECOND
}

/** A local day is 23 or 25 hours long twice a year, so its end is the next day's start. */
function dayRange(day: CalendarDay, shift: number, offset: number | undefined) {
  return { from: epoch(day, shift, MIDNIGHT, offset), to: epoch(day, shift + 1, MIDNIGHT, offset) }
}

function calendarDay(at: number, offset: number | undefined): CalendarDay {
  if (offset === undefined) {
    const date = new Date(at)
    return { year: date.getFullYear(), month: date.getMonth() + 1, day: date.getDate() }
  }
  const date = new Date(at + offset * MINUTE)
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
}

function epoch(day: CalendarDay, shift: number, time: ClockTime, offset: number | undefined): number {
  const { hour, minute } = time
  const [second, millisecond] = [time.second ?? 0, time.millisecond ?? 0]
  if (offset === undefined) {
    const date = new Date(2000, 0, 1, hour, minute, second, millisecond)
    // setFullYear, because the constructor reads the years 0 to 99 as 1900 to 1999.
    date.setFullYear(day.year, day.month - 1, day.day + shift)
    return date.getTime()
  }
  const date = new Date(0)
  date.setUTCFullYear(day.year, day.month - 1, day.day)
  const timeOfDay = ((hour * 60 + minute) * 60 + second) * 1000 + millisecond
  return date.getTime() + shift * DAY + timeOfDay - offset * MINUTE
}
