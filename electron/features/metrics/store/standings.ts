import type { SeriesOrigin } from '#shared/contract/common.ts'
import type { SeriesId, SeriesStanding } from '../store.ts'
import { catchUp, type LiveSeries } from './live-series.ts'
import type { Queries, SeriesRow } from './queries.ts'
import type { SeriesRegistry } from './series-registry.ts'
import { chunkCount, emptySummary, standingOf } from './summary.ts'

/** Rows read in one go. */
const PORTION = 4_096

/** How series with points stand: of the given runs, or of all. */
export function* readStandings(
  queries: Queries,
  registry: SeriesRegistry,
  runs: readonly number[] | undefined,
): Generator<SeriesStanding> {
  const read = rowReader(registry)
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

/** How series with points in the log stand. */
export function* standingsInLog(registry: SeriesRegistry): Generator<SeriesStanding> {
  for (const live of registry.live()) if (live.n > 0 && !live.deleted) yield standingOfLive(live)
}

/** Reads rows into one place in memory, one after the other: of hundreds of thousands, each with an array of its own costs more than reading them. */
function rowReader(registry: SeriesRegistry): (row: SeriesRow) => SeriesStanding | undefined {
  const summary = emptySummary()
  const place = new Uint8Array(summary.buffer)
  return ([id, run, key, origin, , bytes]) => {
    const live = registry.inMemory(id as SeriesId)
    if (live !== undefined) return live.n > 0 || chunkCount(live.summary) > 0 ? standingOfLive(live) : undefined
    if (bytes?.length !== place.length) return undefined
    place.set(bytes)
    if (chunkCount(summary) === 0) return undefined
    return { run, key, origin: origin as SeriesOrigin, ...standingOf(summary) }
  }
}

function standingOfLive(live: LiveSeries): SeriesStanding {
  catchUp(live)
  return { run: live.run, key: live.key, origin: live.origin, ...standingOf(live.summary) }
}
