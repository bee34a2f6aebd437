import type { Log } from '#electron/platform/log.ts'
import type { WriteDb } from '#electron/db/connection.ts'
import { numberAt } from '../number-column.ts'
import type { RunColumns } from '../run-columns.ts'
import { SEGMENT } from '../stored-cells.ts'
import { numberOf, textAt } from '../text-column.ts'
import { type NamedColumn, namedColumns } from './columns-by-name.ts'
import { packNumbers } from './number-segment.ts'
import {
  addColumn,
  beginSettling,
  dropSnapshot,
  endSettling,
  hasSnapshot,
  isAnyStale,
  putSegment,
  removeOneColumn,
  staleRuns,
  storedColumns,
} from './queries.ts'
import { packTexts } from './text-segment.ts'
import { isDamage } from './damage.ts'

/** Keeps the stored run table in step with the one in memory, a slice at a time. */
export type SnapshotKeeper = {
  /** Writes what has changed until now, slice by slice. Resolves when it is done. */
  readonly write: () => Promise<void>
  /** Writes what has changed before it returns, then stops. */
  readonly close: () => void
}

export type SnapshotKeeperOptions = {
  readonly db: WriteDb
  readonly log: Log
  /** The table as it is now, everything that is committed taken over. */
  readonly current: () => RunColumns
  /** Reads these runs from their rows again: somebody else wrote to the database. */
  readonly readAgain: (runs: readonly number[]) => void
  /** Reads the whole table from its rows: what was stored is damaged. */
  readonly rebuild: () => void
  /** Writes what is kept beside a table that is large enough to be stored. */
  readonly also?: () => void
  /** A table of fewer runs is read from its rows at once. */
  readonly leastRuns?: number
  /** Work between two turns of the event loop, 4 ms. */
  readonly sliceMs?: number
}

const LEAST_RUNS = 200
/** How long after opening, and then how often, it is looked for changes, milliseconds. */
const FIRST = 2_000
const EVERY = 60_000
const SLICE = 4

type Round = {
  readonly columns: RunColumns
  readonly steps: Generator<void>
  /** What the slice has written. */
  readonly written: [changed: Set<number>, segment: number][]
  /** All is written, in the place of another table. */
  readonly isFresh: boolean
}

/** Starts to keep the copy. It is only ever behind: the triggers of the database say by which runs. */
export function keepSnapshot(options: SnapshotKeeperOptions): SnapshotKeeper {
  const { db, log, current, readAgain, rebuild } = options
  let dataVersion = dataVersionOf(db)
  let writing: Promise<void> | undefined
  let closed = false

  const begin = (): Round | undefined => {
    const columns = current()
    if (columns.length < (options.leastRuns ?? LEAST_RUNS)) return undefined
    options.also?.()
    const version = dataVersionOf(db)
    // The triggers of this connection hear of its own writes alone.
    if (version !== dataVersion) readAgain(staleRuns(db))
    dataVersion = version
    if (hasSnapshot(db) && columns.isStored && !isAnyStale(db) && !hasChanges(columns)) return undefined
    const written: [Set<number>, number][] = []
    // In this turn, so that the runs that are settled are those that the table in memory has seen.
    db.transaction(() => beginSettling(db))
    return { columns, written, isFresh: !columns.isStored, steps: writeSteps(db, columns, written) }
  }

  /** One slice; true when the round is over. */
  const slice = ({ columns, steps, written, isFresh }: Round, until: number): boolean => {
    written.length = 0
    try {
      return db.transaction(() => {
        for (;;) {
          if (steps.next().done === true) return true
          if (performance.now() >= until) return false
        }
      })
    } catch (error) {
      for (const [changed, segment] of written) changed.add(segment)
      if (isFresh) markAll(columns)
      throw error
    }
  }

  const round = async (): Promise<void> => {
    const started = begin()
    if (started === undefined) return
    // A table that was read anew has its rows elsewhere; the next round writes it.
    while (!closed && current() === started.columns && !slice(started, performance.now() + (options.sliceMs ?? SLICE)))
      await new Promise((resolve) => setImmediate(resolve))
  }

  const failed = (error: unknown): void => {
    log.warn('the run table could not be stored', { error })
    if (!closed && isDamage(error)) rebuild()
  }

  const write = (): Promise<void> => {
    writing ??= round()
      .catch(failed)
      .finally(() => (writing = undefined))
    return writing
  }

  const look = (): void => {
    timer = setTimeout(look, EVERY).unref()
    void write()
  }
  let timer = setTimeout(look, FIRST).unref()

  return {
    async write() {
      // What is under way may have begun before the last change.
      await writing
      await write()
    },
    close() {
      clearTimeout(timer)
      closed = true
      try {
        const last = begin()
        if (last !== undefined) slice(last, Infinity)
      } catch (error) {
        failed(error)
      }
    },
  }
}

/** Grows with each commit of another connection. */
function dataVersionOf(db: WriteDb): number {
  return db.value<number>('PRAGMA data_version') ?? 0
}

/** The table has to be written whole, from the beginning. */
function markAll(columns: RunColumns): void {
  columns.isStored = false
  const segments = Math.ceil(columns.length / SEGMENT)
  for (const { changed } of namedColumns(columns)) for (let at = 0; at < segments; at++) changed.add(at)
}

function hasChanges(columns: RunColumns): boolean {
  for (const { changed } of namedColumns(columns)) if (changed.size > 0) return true
  return false
}

/** Each step is a piece of work that may be the last of a transaction: after a kill between two of them, the copy is behind only by runs that are noted. */
function* writeSteps(db: WriteDb, columns: RunColumns, written: [Set<number>, number][]): Generator<void> {
  if (!columns.isStored) {
    dropSnapshot(db)
    while (removeOneColumn(db)) yield
    columns.isStored = true
  }
  const ids = new Map(storedColumns(db).map(([id, kind, key]) => [`${kind} ${key}`, id]))
  const put = (column: NamedColumn, segment: number): void => {
    const { kind, key } = column
    const name = `${kind} ${key}`
    const from = segment * SEGMENT
    const body = packed(column, from, Math.min(SEGMENT, columns.length - from))
    let id = ids.get(name)
    if (id === undefined && body !== undefined) {
      id = addColumn(db, kind, key)
      ids.set(name, id)
    }
    if (id !== undefined) putSegment(db, id, segment, body)
  }
  // Columns of one set are written in one step: rows may change between two, or the second never come.
  for (const [changed, together] of Map.groupBy([...namedColumns(columns)], (column) => column.changed)) {
    for (const segment of [...changed]) {
      for (const column of together) put(column, segment)
      if (changed.delete(segment)) written.push([changed, segment])
      yield
    }
  }
  endSettling(db)
}

function packed(column: NamedColumn, from: number, rows: number): Uint8Array | undefined {
  if (rows <= 0) return undefined
  if ('numberAt' in column) return packNumbers((index) => column.numberAt(from + index), rows)
  if ('numbers' in column) return packNumbers((index) => numberAt(column.numbers, from + index), rows)
  return packTexts(
    (index) => textAt(column.texts, from + index),
    rows,
    (text) => numberOf(text) !== undefined,
  )
}
