import type { SeriesOrigin } from '#shared/contract/common.ts'
import type { SeriesId, SeriesKey, SeriesLatest, SeriesStanding } from '../store.ts'
import { catchUp, type LiveSeries } from './live-series.ts'
import type { Queries, SeriesRow } from './queries.ts'
import type { SeriesRegistry } from './series-registry.ts'
import { chunkCount, emptySummary, type PackedSummary, standingOf } from './summary.ts'
import type { StoreTools } from './tools.ts'
import { endsWide, exactLatest } from './wide-rows.ts'

/** Rows read in one go. */
const PORTION = 4_096

/** How series with points stand: of the given runs, or of all. */
export function* readStandings(
  queries: Queries,
  registry: SeriesRegistry,
  runs: readonly number[] | undefined,
): Generator<SeriesStanding> {
  const read = rowReader(queries, registry)
  for (let after = 0; ;) {
    const rows =
      runs === undefined
        ? queries.seriesAfter.rows<SeriesRow>(after, PORTION)
        : queries.allOfRuns.rows<SeriesRow>(JSON.stringify(runs))
    for (const row of rows) {
      const standing = read(row)
      if (standing !== undefined) yield standing
    }
    const last = rows.at(-1)
    if (last === undefined || runs !== undefined) return
    after = last[0]
  }
}

/**
 * The keys of runs, and how many of the runs have each. A series has its row from its first points on, and loses them to damage alone: where nothing was
 * ever damaged the index of names tells all.
 */
export function readKeys(
  { queries, damage }: Pick<StoreTools, 'queries' | 'damage'>,
  registry: SeriesRegistry,
  runs: readonly number[],
): readonly SeriesKey[] {
  type Row = readonly [key: string, origin: SeriesOrigin, runs: number]
  if (damage.count() === 0)
    return queries.keysOfRuns
      .rows<Row>(JSON.stringify(runs))
      .map(([key, origin, count]) => ({ key, origin, runs: count }))
  const found = new Map<string, { key: string; origin: SeriesOrigin; runs: number }>()
  for (const { key, origin } of readStandings(queries, registry, runs)) {
    const entry = found.get(`${origin} ${key}`)
    if (entry === undefined) found.set(`${origin} ${key}`, { key, origin, runs: 1 })
    else entry.runs++
  }
  return [...found.values()]
}

/** How series with points in the log stand. */
export function* standingsInLog(queries: Queries, registry: SeriesRegistry): Generator<SeriesStanding> {
  for (const live of registry.live()) if (live.n > 0 && !live.deleted) yield standingOfLive(queries, live)
}

/** The latest points of logged series of runs, by run and key; those of one key where it is given. */
export function readLatest(
  queries: Queries,
  registry: SeriesRegistry,
  runs: readonly number[],
  key: string | undefined,
): readonly SeriesLatest[] {
  const read = summaryReader(registry)
  const numbers = JSON.stringify(runs)
  const rows =
    key === undefined ? queries.seriesOfRuns.rows<SeriesRow>(numbers) : queries.keyOfRuns.rows<SeriesRow>(key, numbers)
  const found: SeriesLatest[] = []
  for (const row of rows) {
    const summary = read(row)
    if (summary !== undefined) found.push({ run: row[1], key: row[2], ...exactLatest(queries, row[0], summary) })
  }
  return found
}

/** Reads the standing of a series' row. */
function rowReader(queries: Queries, registry: SeriesRegistry): (row: SeriesRow) => SeriesStanding | undefined {
  const read = summaryReader(registry)
  return (row) => {
    const summary = read(row)
    const [id, run, key, origin] = row
    if (summary === undefined) return undefined
    return { run, key, origin: origin as SeriesOrigin, ...standing(queries, id, summary) }
  }
}

/**
 * Reads the summaries of series with points, those that are not in memory into one place, one after the other: of hundreds of thousands, each
 * with an array of its own costs more than reading them. So each is to be used before the next is read.
 */
function summaryReader(registry: SeriesRegistry): (row: SeriesRow) => PackedSummary | undefined {
  const summary = emptySummary()
  const place = new Uint8Array(summary.buffer)
  return ([id, , , , , bytes]) => {
    const live = registry.inMemory(id as SeriesId)
    if (live !== undefined) {
      if (live.n === 0 && chunkCount(live.summary) === 0) return undefined
      catchUp(live)
      return live.summary
    }
    if (bytes?.length !== place.length) return undefined
    place.set(bytes)
    return chunkCount(summary) === 0 ? undefined : summary
  }
}

function standingOfLive(queries: Queries, live: LiveSeries): SeriesStanding {
  catchUp(live)
  return { run: live.run, key: live.key, origin: live.origin, ...standing(queries, live.id, live.summary) }
}

function standing(queries: Queries, id: number, summary: PackedSummary): Pick<SeriesStanding, 'last' | 'min' | 'max'> {
  const near = standingOf(summary)
  return endsWide(summary) ? { ...near, last: exactLatest(queries, id, summary).last } : near
}
