import { isWide } from '#shared/lib/whole-number.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import { invalid } from './errors.ts'
import { type Fields, optionalText } from './fields.ts'
import { type History, inTimeOrder } from './history.ts'
import { pageOffset } from './paging.ts'
import type { ClientServices } from './services.ts'

/** A point by all that it is: none comes twice in a history. */
type Place = { readonly step: number; readonly time: number; readonly value: number } & {
  readonly rest: { readonly step: number; readonly time: number }
}

/** A page of a history: points [start, end) of some that were read, and the token of the next one. */
export type HistoryPage = {
  readonly points: History
  readonly start: number
  readonly end: number
  readonly next: string | undefined
}

export type HistoryPageRequest = { readonly run: string; readonly key: string; readonly count: number }

/**
 * A page of a metric's history in MLflow's order. A token says where it goes on and after which point, so a page of a million points costs what one of
 * a thousand does. Where points were logged out of their order in time, or a token has an offset alone (MLflow's own are such), all of the series is read.
 */
export function historyPage(
  services: ClientServices,
  project: ProjectContext,
  { run, key, count }: HistoryPageRequest,
  fields: Fields,
): HistoryPage {
  const offset = pageOffset(fields)
  const after = offset === 0 ? undefined : placeIn(fields)
  const isWhole = count === Infinity || (offset > 0 && after === undefined)
  const part = isWhole ? undefined : stretchOf(services, project, { run, key, count }, after)
  if (part === undefined) {
    const points = inTimeOrder(services.runs.metricHistory(project, run, key))
    return cut(points, offset, offset, count, true)
  }
  return cut(part.points, part.start, offset, count, part.ended)
}

/** The first points of a history, at most `count`. */
export function firstOfHistory(
  services: ClientServices,
  project: ProjectContext,
  { run, key, count }: HistoryPageRequest,
): { readonly points: History; readonly end: number } {
  return historyPage(services, project, { run, key, count }, {})
}

function cut(points: History, start: number, offset: number, count: number, ended: boolean): HistoryPage {
  const end = Math.min(points.step.length, start + count)
  const isLast = ended && end === points.step.length
  const next = isLast || end <= start ? undefined : tokenAfter(offset + end - start, placeAt(points, end - 1))
  return { points, start: Math.min(start, end), end, next }
}

type Stretch = { readonly points: History; readonly start: number; readonly ended: boolean }

/** Points from behind `after` on; undefined where time does not order them as steps do, or that point isn't there any more. */
function stretchOf(
  { runs }: ClientServices,
  project: ProjectContext,
  { run, key, count }: HistoryPageRequest,
  after: Place | undefined,
): Stretch | undefined {
  for (let wanted = count + 1; ;) {
    const stretch = runs.metricStretch(project, run, key, { from: after, count: wanted })
    if (stretch === undefined) return after === undefined ? { points: NONE, start: 0, ended: true } : undefined
    const points = inTimeOrder(stretch.points)
    const { length } = points.step
    if (length > 0 && !isApart(points, stretch)) return undefined
    const at = after === undefined ? -1 : indexOf(points, after)
    if (after !== undefined && at < 0) return undefined
    if (length - at - 1 >= count || stretch.ended) return { points, start: at + 1, ended: stretch.ended }
    // Many points share the place that the page before ended in.
    wanted = Math.max(2 * wanted, at + 1 + count)
  }
}

const NONE: History = { step: new Float64Array(), time: new Float64Array(), value: new Float64Array() }

/** Whether all that comes before and after these by step does so by time. */
function isApart(
  { time }: History,
  { latestBefore, earliestAfter }: { readonly latestBefore: number; readonly earliestAfter: number },
): boolean {
  const [first, last] = [time[0] as number, time.at(-1) as number]
  // Of two times that are one double either may be the earlier.
  const isBefore = (earlier: number, later: number): boolean => earlier < later || (earlier === later && !isWide(later))
  return isBefore(latestBefore, first) && isBefore(last, earliestAfter)
}

function placeAt({ step, time, value, rest }: History, index: number): Place {
  return {
    step: step[index] as number,
    time: time[index] as number,
    value: value[index] as number,
    rest: { step: rest?.step[index] ?? 0, time: rest?.time[index] ?? 0 },
  }
}

function indexOf(points: History, place: Place): number {
  return points.step.findIndex((step, index) => {
    if (step !== place.step || points.time[index] !== place.time) return false
    const { value, rest } = placeAt(points, index)
    return Object.is(value, place.value) && rest.step === place.rest.step && rest.time === place.rest.time
  })
}

/** The offset first, as the real server's tokens have it; the value as a text, as JSON has no NaN, no infinities and no -0. */
function tokenAfter(offset: number, { step, time, value, rest }: Place): string {
  const spelled = Object.is(value, -0) ? '-0' : String(value)
  return Buffer.from(JSON.stringify({ offset, after: [step, time, spelled, rest.step, rest.time] })).toString('base64')
}

/** The point in a token that `pageOffset` has read already; undefined where there is none. */
function placeIn(fields: Fields): Place | undefined {
  const text = Buffer.from(optionalText(fields, 'page_token') ?? '', 'base64').toString('utf8')
  const { after } = JSON.parse(text) as { readonly after?: unknown }
  if (after === undefined) return undefined
  if (!Array.isArray(after) || after.length !== 5) throw invalid('Invalid page token, it is none of a history')
  const [step, time, value, stepRest, timeRest] = (after as readonly unknown[]).map(Number)
  const numbers = [step, time, stepRest, timeRest]
  if (value === undefined || !numbers.every(Number.isFinite))
    throw invalid('Invalid page token, it is none of a history')
  return { step, time, value, rest: { step: stepRest, time: timeRest } } as Place
}
