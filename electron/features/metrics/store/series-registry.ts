import type { SeriesOrigin } from '#shared/contract/common.ts'
import { appError } from '#shared/rpc/errors.ts'
import type { SeriesId } from '../store.ts'
import { createLive, type LiveSeries } from './live-series.ts'
import type { Queries, SeriesRow } from './queries.ts'
import { emptySummary, unpackSummary } from './summary.ts'

/** Who is who: ids by name, series with points in memory, and series that have an id but no row yet. */
export type SeriesRegistry = {
  readonly seriesFor: (run: number, key: string, origin: SeriesOrigin) => SeriesId
  readonly find: (run: number, key: string, origin: SeriesOrigin) => SeriesId | undefined
  /** In memory or from the database; not kept. Throws `not_found`. */
  readonly require: (id: SeriesId) => LiveSeries
  /** As require, and kept in memory until forgotten. */
  readonly activate: (id: SeriesId) => LiveSeries
  /** As activate; undefined for a series that was deleted. */
  readonly activateIfThere: (id: SeriesId) => LiveSeries | undefined
  readonly inMemory: (id: SeriesId) => LiveSeries | undefined
  readonly live: () => IterableIterator<LiveSeries>
  /** Series with points in memory. */
  readonly liveCount: () => number
  /** Drops series from memory that have nothing there and got nothing since the last call. */
  readonly releaseIdle: () => void
  /** Writes the row of a series that has none yet; part of the caller's transaction. */
  readonly insertRow: (live: LiveSeries) => void
  /** The same for all such series of a run, or for one series: a deletion then marks them too. */
  readonly insertRows: (which: { readonly run: number } | { readonly id: SeriesId }) => void
  /** To be called once those rows are committed. */
  readonly inserted: (live: LiveSeries) => void
  /** Forgets a series or all of a run, after their deletion was committed. */
  readonly forgetSeries: (id: SeriesId) => void
  readonly forgetRun: (run: number) => void
}

/** Names in memory beyond which those of runs go that nobody has asked for since the last time. */
const NAMES_KEPT = 30_000
/** Ids by key, apart for each origin: a key joined with its origin would be a new text for each point that is logged. */
type Ids = Readonly<Record<SeriesOrigin, Map<string, SeriesId>>>
type Names = { readonly ids: Ids; used: boolean }

export function createSeriesRegistry(queries: Queries, firstId: number): SeriesRegistry {
  const names = new Map<number, Names>()
  const lives = new Map<number, LiveSeries>()
  const unwritten = new Map<number, LiveSeries>()
  let namesKept = 0
  let nextId = firstId

  const namesOf = (run: number): Ids => {
    const known = names.get(run)
    if (known !== undefined) {
      known.used = true
      return known.ids
    }
    const loaded: Ids = { logged: new Map(), log: new Map(), system: new Map() }
    for (const [id, key, origin] of queries.seriesNames.rows<[SeriesId, string, SeriesOrigin]>(run))
      loaded[origin].set(key, id)
    if (namesKept > NAMES_KEPT) dropNames()
    names.set(run, { ids: loaded, used: true })
    namesKept += sizeOf(loaded)
    return loaded
  }

  const dropNames = (): void => {
    const needed = new Set([...unwritten.values()].map((live) => live.run))
    for (const [run, known] of names) {
      const dispensable = !known.used && !needed.has(run)
      known.used = false
      if (dispensable && names.delete(run)) namesKept -= sizeOf(known.ids)
    }
  }

  const load = (id: SeriesId): LiveSeries | undefined => {
    const row = queries.seriesById.row<SeriesRow>(id)
    return row === undefined ? undefined : liveOf(row)
  }

  const activateIfThere = (id: SeriesId): LiveSeries | undefined => {
    const known = lives.get(id)
    if (known !== undefined) return known
    const live = unwritten.get(id) ?? load(id)
    if (live !== undefined) lives.set(id, live)
    return live
  }

  const forget = (live: LiveSeries): void => {
    live.deleted = true
    lives.delete(live.id)
    unwritten.delete(live.id)
  }

  const insertRow = (live: LiveSeries): void => {
    if (unwritten.has(live.id)) queries.insertSeries.run(live.id, live.run, live.key, live.origin)
  }

  return {
    seriesFor(run, key, origin) {
      const known = namesOf(run)[origin]
      const id = known.get(key)
      if (id !== undefined) return id
      const made = nextId++ as SeriesId
      known.set(key, made)
      namesKept++
      unwritten.set(made, createLive(made, run, key, origin, 0, emptySummary()))
      return made
    },
    find(run, key, origin) {
      const id = namesOf(run)[origin].get(key)
      return id === undefined || unwritten.has(id) ? undefined : id
    },
    require(id) {
      const live = lives.get(id) ?? (unwritten.has(id) ? undefined : load(id))
      if (live === undefined || (live.n === 0 && unwritten.has(id))) throw notFound(id)
      return live
    },
    activate(id) {
      const live = activateIfThere(id)
      if (live === undefined) throw notFound(id)
      return live
    },
    activateIfThere,
    inMemory: (id) => lives.get(id),
    live: () => lives.values(),
    liveCount: () => [...lives.values()].filter((live) => live.n > 0).length,
    releaseIdle() {
      for (const live of lives.values()) {
        if (live.n > 0 || live.waiting > 0) continue
        if (live.idle) lives.delete(live.id)
        else live.idle = true
      }
    },
    insertRow,
    insertRows(which) {
      for (const live of unwritten.values())
        if ('run' in which ? live.run === which.run : live.id === which.id) insertRow(live)
    },
    inserted: (live) => void unwritten.delete(live.id),
    forgetSeries(id) {
      const live = lives.get(id) ?? unwritten.get(id)
      if (live !== undefined) forget(live)
      for (const { ids } of names.values())
        for (const known of Object.values(ids))
          for (const [key, other] of known) if (other === id && known.delete(key)) namesKept--
    },
    forgetRun(run) {
      for (const live of [...lives.values(), ...unwritten.values()]) if (live.run === run) forget(live)
      const known = names.get(run)
      if (known !== undefined) namesKept -= sizeOf(known.ids)
      names.delete(run)
    },
  }
}

/** A series as its row tells, without a tail. */
export function liveOf([id, run, key, origin, sealedThrough, summary]: SeriesRow): LiveSeries {
  const packed = unpackSummary(summary) ?? emptySummary()
  return createLive(id as SeriesId, run, key, origin as SeriesOrigin, sealedThrough, packed)
}

function sizeOf({ logged, log, system }: Ids): number {
  return logged.size + log.size + system.size
}

function notFound(id: number): Error {
  return appError('not_found', `There is no metric series ${id}.`)
}
