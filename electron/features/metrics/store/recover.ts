import type { WriteDb } from '#electron/db/connection.ts'
import type { SeriesId } from '../store.ts'
import type { Damage } from './damage.ts'
import { type LiveSeries, pushPoint } from './live-series.ts'
import { unpackLogRow } from './log-row.ts'
import type { Queries } from './queries.ts'
import type { SeriesRegistry } from './series-registry.ts'

/**
 * Rebuilds the tails from the log. Points that chunks hold already and points of deleted series are passed over; a row that cannot
 * be read is put aside. Returns what the log holds.
 */
export function recover(
  db: WriteDb,
  queries: Queries,
  registry: SeriesRegistry,
  damage: Damage,
): { readonly points: number; readonly rows: number; readonly last: number } {
  let points = 0
  let rows = 0
  let last = 0
  const gone = new Set<number>()
  const find = (id: SeriesId): LiveSeries | undefined => {
    if (gone.has(id)) return undefined
    const live = registry.activateIfThere(id)
    if (live === undefined) gone.add(id)
    return live
  }
  for (const [id] of queries.logIds.rows<[number]>()) {
    const body = queries.logBody.value<Uint8Array>(id) ?? new Uint8Array(0)
    const row = unpackLogRow(body)
    last = id
    if (!row.ok) {
      db.transaction(() => {
        damage.putAside('log', null, `A log row that is ${row.reason}`, body)
        // Emptied rather than removed: the newest row keeps ids from being given again.
        queries.emptyLog.run(id)
      })
      continue
    }
    const { series, step, time, value } = row.points
    if (step.length > 0) rows++
    points += step.length
    let live: LiveSeries | undefined
    let previous = -1
    for (let i = 0; i < step.length; i++) {
      const of = series[i] as SeriesId
      if (of !== previous) {
        live = find(of)
        previous = of
      }
      if (live === undefined || id <= live.sealedThrough) continue
      pushPoint(live, step[i] as number, time[i] as number, value[i] as number)
    }
  }
  registry.releaseIdle()
  return { points, rows, last }
}
