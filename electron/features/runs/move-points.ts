import {
  type PointBatch,
  portionsOf,
  type SeriesColumns,
  type SeriesId,
  type SeriesInfo,
  sliceExact,
  subtractExact,
} from '#electron/features/metrics/index.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import { AppError } from '#shared/rpc/errors.ts'
import type { PointCount } from './copy-rows.ts'

/** Points that are taken over in one transaction, of however many series. */
const PORTION = 32_768

/** Carries the points of a run over while more of them may come. */
export type PointCopier = {
  /** Copies what has come since the last call, a portion at a time, with a turn of the event loop after each. */
  readonly catchUp: () => Promise<void>
  /**
   * Reads at once what has come since `catchUp`, and returns how to write it as part of the target's write that is running. Undefined when `most` points are too few to
   * read for it, or it is not points alone: then `catchUp` has to do it.
   */
  readonly remainder: (most: number) => (() => void) | undefined
  /** How many points of each metric are there. */
  readonly counts: () => readonly PointCount[]
  readonly stop: () => void
}

type Copied = Pick<SeriesInfo, 'key' | 'origin'> & {
  readonly target: SeriesId
  /** Points that are there, the last of their steps, and how many of them are at it. */
  count: number
  last: number
  atLast: number
}
type Part = { readonly series: SeriesId; readonly points: SeriesColumns }

/** @param number, arriving the run's numbers in the source and in the target. */
export function createPointCopier(
  source: ProjectContext,
  number: number,
  target: ProjectContext,
  arriving: number,
): PointCopier {
  const copied = new Map<SeriesId, Copied>()
  const foreign = new Set<SeriesId>()
  const grown = new Set<SeriesId>(source.metrics.list(number).map(({ id }) => id))
  const stop = source.metrics.onAppend((series) => {
    for (const id of series) if (!foreign.has(id)) grown.add(id)
  })

  /** Series of the run that have grown, each once, as they are now. */
  const takeGrown = (): readonly SeriesInfo[] => {
    const found = [...grown].flatMap((id) => infoOf(source, id))
    grown.clear()
    for (const { id, run } of found) if (run !== number) foreign.add(id)
    return found.filter(({ run }) => run === number)
  }

  /** Copies of series that are not in the source any more: what is read from a log is at times read anew. */
  const vanished = (): readonly SeriesId[] => {
    const here = new Set([...source.metrics.standings([number])].map(nameOf))
    // Other runs have metrics of the same names.
    const own = [...grown].flatMap((id) => infoOf(source, id)).filter(({ run }) => run === number)
    const names = new Map(own.map((info) => [nameOf(info), info.id]))
    return [...copied].flatMap(([id, copy]) => {
      const name = nameOf(copy)
      const now = names.get(name) ?? id
      return here.has(name) && now === id ? [] : [id]
    })
  }

  /** From which step on the copy lacks points; from the first where some came before its last: scripts log steps again, and out of order. */
  const lacksFrom = ({ id, summary }: SeriesInfo): number => {
    const copy = copied.get(id)
    if (copy === undefined) return -Infinity
    let after = 0
    for (const { step } of portionsOf(source.metrics, id, copy.last)) after += step.length
    return summary.count - after === copy.count - copy.atLast ? copy.last : -Infinity
  }

  /** The points of a series from that step on, without those that the copy has: else each call would write a series anew whose steps go back. They count as copied. */
  function* take({ id, key, origin }: SeriesInfo, from: number): Generator<Part> {
    const known = copied.get(id)
    const copy: Copied = known ?? {
      key,
      origin,
      target: target.metrics.seriesFor(arriving, key, origin),
      count: 0,
      last: -Infinity,
      atLast: 0,
    }
    copied.set(id, copy)
    copy.count = from === -Infinity ? 0 : copy.count - copy.atLast
    for (const points of portionsOf(source.metrics, id, from)) {
      const { length } = points.step
      const last = points.step.at(-1)
      if (last === undefined) continue
      copy.count += length
      copy.last = last
      copy.atLast = length - points.step.indexOf(last)
      const lacking =
        known === undefined ? points : subtractExact(points, pointsBetween(target, copy.target, points.step[0], last))
      for (let start = 0; start < lacking.step.length; start += PORTION)
        yield {
          series: copy.target,
          points: sliceExact(lacking, start, Math.min(start + PORTION, lacking.step.length)),
        }
    }
  }

  return {
    async catchUp() {
      const gone = vanished()
      if (gone.length > 0) {
        const targets = gone.flatMap((id) => copied.get(id)?.target ?? [])
        await target.commits.enqueue(() => targets.forEach((id) => target.metrics.deleteSeries(id)))
        for (const id of gone) copied.delete(id)
      }
      let waiting: Part[] = []
      let length = 0
      const write = async (): Promise<void> => {
        const parts = waiting
        waiting = []
        length = 0
        await target.metrics.append(batchOf(parts))
      }
      for (const info of takeGrown()) {
        for (const part of take(info, lacksFrom(info))) {
          waiting.push(part)
          length += part.points.step.length
          if (length >= PORTION) await write()
        }
      }
      if (length > 0) await write()
    },
    remainder(most) {
      if (vanished().length > 0) return undefined
      const infos = takeGrown()
      const froms = infos.map(lacksFrom)
      let length = 0
      for (const [index, { id, summary }] of infos.entries()) {
        const copy = froms[index] === -Infinity ? undefined : copied.get(id)
        length += summary.count - (copy === undefined ? 0 : copy.count - copy.atLast)
      }
      if (length > most) {
        for (const { id } of infos) grown.add(id)
        return undefined
      }
      const parts = infos.flatMap((info, index) => [...take(info, froms[index] ?? -Infinity)])
      return () => target.metrics.write(batchOf(parts))
    },
    counts: () => [...copied.values()],
    stop,
  }
}

function nameOf({ key, origin }: Pick<SeriesInfo, 'key' | 'origin'>): string {
  return `${origin} ${key}`
}

/** What the copy has of a portion; nothing while a series is without points, and so without a row. */
function pointsBetween({ metrics }: ProjectContext, id: SeriesId, from: number | undefined, to: number): SeriesColumns {
  try {
    return metrics.series(id, from === undefined ? { to } : { from, to })
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'not_found') throw error
    return { step: new Float64Array(), time: new Float64Array(), value: new Float64Array() }
  }
}

/** None when the series is deleted. */
function infoOf({ metrics }: ProjectContext, id: SeriesId): readonly SeriesInfo[] {
  try {
    return [metrics.info(id)]
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') return []
    throw error
  }
}

function batchOf(parts: readonly Part[]): PointBatch {
  const length = parts.reduce((sum, { points }) => sum + points.step.length, 0)
  const column = (): Float64Array => new Float64Array(length)
  const batch = { series: new Uint32Array(length), step: column(), time: column(), value: column() }
  const rest = parts.some(({ points }) => points.rest !== undefined)
    ? { step: new Int16Array(length), time: new Int16Array(length) }
    : undefined
  let at = 0
  for (const { series, points } of parts) {
    batch.series.fill(series, at, at + points.step.length)
    batch.step.set(points.step, at)
    batch.time.set(points.time, at)
    batch.value.set(points.value, at)
    if (points.rest !== undefined) {
      rest?.step.set(points.rest.step, at)
      rest?.time.set(points.rest.time, at)
    }
    at += points.step.length
  }
  return rest === undefined ? batch : { ...batch, rest }
}
