import Database from 'better-sqlite3'
import { setImmediate as turn } from 'node:timers/promises'
import { troubleOf } from './errors.ts'
import { readSchema } from './schema.ts'

/** Rows of a table that could not be read: at most so many, as some of the numbers may never have been given. */
export type Loss = { readonly table: string; readonly upTo: bigint | null }

type Range = { readonly above: bigint; readonly below: bigint }
/** Takes over rows above `above` and below `below` in turn, so many at most, until the first that can't be read. */
type Take = (range: Range, direction: 'ASC' | 'DESC') => Taken
type Taken = { readonly stopped: 'end' | 'pause' | 'damage'; readonly last: bigint | undefined }

const LEAST = -(2n ** 63n)
const MOST = 2n ** 63n - 1n
/** Tries to get behind damage, a table. A page holds some tens of rows; a lost page higher up would take for ever. */
const TRIES = 5_000
/** Rows between two turns of the event loop. */
const PORTION = 10_000

/**
 * Writes what can still be read of the tables in a damaged copy into a new database, rows under their numbers: reads from both ends up to the damage, and
 * then ever smaller pieces of what lies between. Indexes are not looked at, as they may be what is damaged. Tells what was lost.
 */
export async function salvage(
  damaged: string,
  target: string,
  tables: readonly string[],
  signal?: AbortSignal,
): Promise<readonly Loss[]> {
  const from = new Database(damaged, { fileMustExist: true })
  const to = new Database(target)
  try {
    // A file that was cut short is otherwise refused as a whole, and so is a schema with one bad entry.
    from.pragma('writable_schema = ON')
    from.pragma('trusted_schema = OFF')
    from.pragma('cell_size_check = ON')
    to.pragma('journal_mode = OFF')
    to.pragma('synchronous = OFF')
    const schema = readSchema(from)
    const losses: Loss[] = []
    for (const table of tables) {
      if (!schema.has(table) || !schema.isNumbered(table)) continue
      signal?.throwIfAborted()
      const take = taking(from, to, table, [...schema.columns(table)])
      const upTo = take === undefined ? null : await salvageTable(take, signal)
      if (upTo !== 0n) losses.push({ table, upTo })
    }
    return losses
  } finally {
    from.close()
    to.close()
  }
}

/** How many rows were lost at most; null when that can't be told. */
async function salvageTable(take: Take, signal: AbortSignal | undefined): Promise<bigint | null> {
  const open: Range[] = [{ above: LEAST, below: MOST }]
  let lost = 0n
  let tries = 0
  /** Goes on to the end or to the damage. */
  const walk = async (range: Range, direction: 'ASC' | 'DESC'): Promise<Range> => {
    let { above, below } = range
    for (;;) {
      if (++tries % 50 === 0) await turn(undefined, signal === undefined ? {} : { signal })
      const { stopped, last } = take({ above, below }, direction)
      if (stopped === 'end') return { above: below, below }
      if (last !== undefined && direction === 'ASC') above = last
      if (last !== undefined && direction === 'DESC') below = last
      if (stopped === 'damage') return { above, below }
      tries = 0
      await turn(undefined, signal === undefined ? {} : { signal })
    }
  }
  for (let range = open.shift(); range !== undefined; range = open.shift()) {
    if (tries > TRIES) return null
    const up = await walk(range, 'ASC')
    const { above, below } = up.below - up.above > 1n ? await walk(up, 'DESC') : up
    const left = below - above - 1n
    if (left === 1n) lost++
    if (left <= 1n) continue
    const middle = (above + below) / 2n
    open.push({ above, below: middle + 1n }, { above: middle, below })
  }
  return lost
}

function taking(
  from: Database.Database,
  to: Database.Database,
  table: string,
  columns: readonly string[],
): Take | undefined {
  const names = columns.map(quoted)
  try {
    to.exec(`CREATE TABLE ${quoted(table)} (${names.join(', ')})`)
    const insert = to.prepare(
      `INSERT OR IGNORE INTO ${quoted(table)} (rowid, ${names.join(', ')}) VALUES (?${', ?'.repeat(names.length)})`,
    )
    const select = (direction: string) =>
      from
        .prepare(
          `SELECT rowid, ${names.join(', ')} FROM ${quoted(table)} NOT INDEXED WHERE rowid > ? AND rowid < ? ORDER BY rowid ${direction} LIMIT ${PORTION}`,
        )
        .raw()
        .safeIntegers()
    const statements = { ASC: select('ASC'), DESC: select('DESC') }
    return to.transaction((range: Range, direction: 'ASC' | 'DESC'): Taken => {
      let last: bigint | undefined
      let count = 0
      try {
        for (const row of statements[direction].iterate(range.above, range.below) as Iterable<unknown[]>) {
          const number = row[0] as bigint
          // Damage can lead in circles.
          if (last !== undefined && (direction === 'ASC' ? number <= last : number >= last))
            return { stopped: 'damage', last }
          insert.run(...row)
          last = number
          count++
        }
        return { stopped: count < PORTION ? 'end' : 'pause', last }
      } catch (error) {
        if (troubleOf(error) === 'damaged') return { stopped: 'damage', last }
        throw error
      }
    })
  } catch (error) {
    if (error instanceof Database.SqliteError) return undefined
    throw error
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
