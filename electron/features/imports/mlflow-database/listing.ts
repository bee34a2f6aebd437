import { numberOf, textOf } from './cells.ts'
import type { Row } from '#electron/db/foreign/connection.ts'
import { LISTED, placesBehind } from './queries.ts'
import type { Reading } from './reading.ts'
import type { Table } from './tables.ts'

/** Where a row of an experiment stands. */
export type Place = { readonly row: number; readonly id: string }

/** Which rows of a table belong to which experiment, oldest first: read once, as nothing in MLflow's tables finds them by experiment. */
export type Listing = {
  readonly of: (reading: Reading, experiment: string, signal: AbortSignal) => Promise<readonly Place[]>
  /** How many rows belong to none of these, by their experiment. */
  readonly outside: (
    reading: Reading,
    experiments: ReadonlySet<string>,
    signal: AbortSignal,
  ) => Promise<ReadonlyMap<string, number>>
}

/** An id that may become the name of a folder. */
const ID = /^[a-zA-Z0-9][\w-]{0,255}$/

export function createListing(table: Table, id: string, time: string): Listing {
  let lists: Promise<ReadonlyMap<string, readonly Place[]>> | undefined
  const listsOf = (reading: Reading, signal: AbortSignal): Promise<ReadonlyMap<string, readonly Place[]>> => {
    lists ??= readLists(reading, table, id, time, signal).catch((error: unknown) => {
      lists = undefined
      throw error
    })
    return lists
  }
  return {
    of: async (reading, experiment, signal) => (await listsOf(reading, signal)).get(experiment) ?? [],
    async outside(reading, experiments, signal) {
      lists = undefined
      const found = [...(await listsOf(reading, signal))].filter(([experiment]) => !experiments.has(experiment))
      return new Map(found.map(([experiment, places]) => [experiment, places.length]))
    },
  }
}

async function readLists(
  reading: Reading,
  table: Table,
  id: string,
  time: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly Place[]>> {
  const lists = new Map<string, (Place & { readonly time: number })[]>()
  const seen = new Set<string>()
  let refused = 0
  const take = ([row, experiment, name, start]: Row): void => {
    const key = textOf(experiment) ?? ''
    const own = textOf(name)
    if (own === null || !ID.test(own) || seen.has(own)) {
      refused++
      return
    }
    seen.add(own)
    const list = lists.get(key)
    const place = { row: Number(row), id: own, time: numberOf(start) ?? -Infinity }
    if (list === undefined) lists.set(key, [place])
    else list.push(place)
  }
  for (let behind = -Infinity; ;) {
    const last = behind
    const rows = await reading.read((db) => placesBehind(db, table, id, time, last), signal)
    for (const row of rows) take(row)
    behind = Number(rows.at(-1)?.[0])
    // Numbers that JavaScript rounds could stand still.
    if (rows.length < LISTED || behind <= last) break
    await reading.breathe()
  }
  if (refused > 0)
    reading.notice({
      kind: 'skipped',
      what: `rows of ${table}`,
      why: `${refused} have no id that can be used, or one twice.`,
    })
  for (const list of lists.values()) list.sort((a, b) => (a.time === b.time ? (a.id < b.id ? -1 : 1) : a.time - b.time))
  return lists
}
