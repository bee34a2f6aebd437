import { formatNumber, MINUS } from './format.ts'
import { DAY, HOUR, MINUTE, SECOND, WEEK } from './units.ts'

/**
 * A length of time in its two largest units: `820 ms`, `14.2 s`, `12 min 5 s`, `2 h 5 min`, `3 d 4 h`.
 *
 * @param milliseconds rounded to what is shown, so that no part ever reads "60 s".
 */
export function formatDuration(milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) return formatNumber(milliseconds)
  const sign = milliseconds < 0 ? MINUS : ''
  const length = Math.abs(milliseconds)
  if (length < 999.5) return `${length >= 0.5 ? sign : ''}${Math.round(length)} ms`
  if (length < MINUTE - SECOND / 20) return `${sign}${trimTenths(length / SECOND)} s`
  if (length < HOUR - SECOND / 2) return sign + twoUnits(length, MINUTE, 'min', SECOND, 's')
  if (length < DAY - MINUTE / 2) return sign + twoUnits(length, HOUR, 'h', MINUTE, 'min')
  return sign + twoUnits(length, DAY, 'd', HOUR, 'h')
}

function trimTenths(seconds: number): string {
  return seconds < 99.95 ? seconds.toFixed(1).replace(/\.0$/, '') : String(Math.round(seconds))
}

function twoUnits(length: number, large: number, largeName: string, small: number, smallName: string): string {
  const smalls = Math.round(length / small)
  const ratio = large / small
  const whole = Math.floor(smalls / ratio)
  const rest = smalls % ratio
  const wholeText = `${formatNumber(whole, { kind: 'integer' })} ${largeName}`
  return rest === 0 ? wholeText : `${wholeText} ${rest} ${smallName}`
}

/**
 * How long ago something was, coarsely, for the status bar and lists: `just now`, `12 min ago`, `2 h ago`, `3 d ago`.
 *
 * @param then epoch milliseconds. @param now epoch milliseconds. Beyond a week the date stands instead.
 */
export function formatRelativeTime(then: number, now: number): string {
  const length = Math.abs(now - then)
  if (!Number.isFinite(length)) return 'not known'
  if (length < 5 * SECOND) return 'just now'
  if (length >= WEEK) return formatDateTime(then, now)
  const coarse =
    length < MINUTE
      ? `${Math.floor(length / SECOND)} s`
      : length < HOUR
        ? `${Math.floor(length / MINUTE)} min`
        : length < DAY
          ? `${Math.floor(length / HOUR)} h`
          : `${Math.floor(length / DAY)} d`
  return then <= now ? `${coarse} ago` : `in ${coarse}`
}

/** The same of what is known to be over: `now` may be that of the last drawing, before it came. A clock that is further ahead is told. */
export function formatAgo(then: number, now: number): string {
  return formatRelativeTime(then - now < HOUR ? Math.min(then, now) : then, now)
}

/** A moment in UTC for programs, `2026-11-21T15:00:26.195Z`; the number itself where no date is so far away, as of nanoseconds that were logged for milliseconds. */
export function isoTime(then: number | bigint): string {
  const date = new Date(Number(then))
  return Number.isNaN(date.getTime()) ? String(then) : date.toISOString()
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const

/**
 * A moment in local time, as short as its distance allows: `today 14:20`, `29 Oct 09:51`, `29 Oct 2025 09:51`.
 *
 * @param then epoch milliseconds. @param now epoch milliseconds, which decides "today" and whether the year shows.
 */
export function formatDateTime(then: number, now: number): string {
  const date = new Date(then)
  if (Number.isNaN(date.getTime())) return 'not known'
  const today = new Date(now)
  const time = `${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`
  const sameYear = date.getFullYear() === today.getFullYear()
  if (sameYear && date.getMonth() === today.getMonth() && date.getDate() === today.getDate()) return `today ${time}`
  const day = `${date.getDate()} ${MONTHS[date.getMonth()] ?? ''}`
  return sameYear ? `${day} ${time}` : `${day} ${date.getFullYear()} ${time}`
}

/** The local clock time of a log line: `14:30:34`. */
export function formatClock(then: number): string {
  const date = new Date(then)
  if (Number.isNaN(date.getTime())) return '--:--:--'
  return `${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}:${twoDigits(date.getSeconds())}`
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}
