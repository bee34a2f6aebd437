import Database from 'better-sqlite3'
import { setImmediate as turn } from 'node:timers/promises'
import { troubleOf } from './errors.ts'
import { leafKeys } from './leaf-keys.ts'
import { readSchema } from './schema.ts'

/** Rows of a table that could not be read: at most so many, as some of the numbers may never have been given. `all`: there is no such table, or none any more. */
export type Loss = { readonly table: string; readonly upTo: bigint | null | 'all' }

type Range = { readonly above: bigint; readonly below: bigint }
/** Takes over rows above `above` and below `below` in turn, so many at most, until the first that can't be read. */
type Take = (range: Range, direction: 'ASC' | 'DESC') => Taken
type Taken = { readonly stopped: 'end' | 'pause' | 'damage'; readonly last: bigint | undefined }

const LEAST = -(2n ** 63n)
const MOST = 2n ** 63n - 1n
/** Row numbers that are tried one by one: a page holds some hundreds of rows at most, one higher up stands for thousands. */
const ONE_BY_ONE = 2_000n
/** Rows between two turns of the event loop. */
const PORTION = 10_000

/**
 * Writes what can still be read of the tables in a damaged copy into a new database, rows under their numbers: reads up to the damage, and then on behind
 * the page that is bad. Indexes are not looked at, as they may be what is damaged. Tells what was lost.
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
    from.unsafeMode()
    from.pragma('writable_schema = ON')
    carryOver(from)
    from.pragma('trusted_schema = OFF')
    from.pragma('cell_size_check = ON')
    to.pragma('journal_mode = OFF')
    to.pragma('synchronous = OFF')
    const schema = readSchema(from)
    const losses: Loss[] = []
    for (const table of tables) {
      if (!schema.has(table)) losses.push({ table, upTo: 'all' })
      if (!schema.has(table) || !schema.isNumbered(table)) continue
      signal?.throwIfAborted()
      const take = taking(from, to, table, [...schema.columns(table)])
      const upTo = take === undefined ? null : await salvageTable(take, leafKeys(damaged, rootOf(from, table)), signal)
      if (upTo !== 0n) losses.push({ table, upTo })
    }
    return losses
  } finally {
    from.close()
    to.close()
  }
}

/** How many rows were lost at most; null when that can't be told. */
async function salvageTable(
  take: Take,
  keys: readonly bigint[],
  signal: AbortSignal | undefined,
): Promise<bigint | null> {
  let lost: bigint | null = 0n
  let above = LEAST
  for (let at = 0; ;) {
    const { above: good, below } = await walk(take, { above, below: MOST }, 'ASC', signal)
    if (good === below) return lost
    // The page behind the last good row is the one that is damaged.
    while (at < keys.length && (keys[at] ?? MOST) <= good) at++
    const end = keys[at]
    const left: bigint | null = await salvagePage(
      take,
      { above: good, below: end === undefined ? MOST : end + 1n },
      signal,
    )
    lost = lost === null || left === null || end === undefined ? null : lost + left
    if (end === undefined) return lost
    above = end
  }
}

/** Reads a page from its end, and then one by one what is left in its middle. How many rows it may have held besides; null for too many. */
async function salvagePage(take: Take, range: Range, signal: AbortSignal | undefined): Promise<bigint | null> {
  const { above, below } = await walk(take, range, 'DESC', signal)
  const left = below - above - 1n
  if (left > ONE_BY_ONE) return left > 2n ** 62n ? null : left
  let lost = 0n
  for (let number = above + 1n; number < below; number++)
    if (take({ above: number - 1n, below: number + 1n }, 'ASC').stopped === 'damage') lost++
  return lost
}

/** Goes on to the end or to the damage; gives what is left, which is empty at the end. */
async function walk(
  take: Take,
  range: Range,
  direction: 'ASC' | 'DESC',
  signal: AbortSignal | undefined,
): Promise<Range> {
  let { above, below } = range
  for (;;) {
    const { stopped, last } = take({ above, below }, direction)
    if (stopped === 'end') return { above: below, below }
    if (last !== undefined && direction === 'ASC') above = last
    if (last !== undefined && direction === 'DESC') below = last
    if (stopped === 'damage') return { above, below }
    await turn(undefined, signal === undefined ? {} : { signal })
  }
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
          // Damage can lead in circles: also to before where this began.
          const edge = last ?? (direction === 'ASC' ? range.above : range.below)
          if (direction === 'ASC' ? number <= edge : number >= edge) return { stopped: 'damage', last }
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

/** What stands in a log goes to its place, as the pages are looked at in the file itself. */
function carryOver(database: Database.Database): void {
  try {
    database.pragma('wal_checkpoint(TRUNCATE)')
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error
  }
}

function rootOf(database: Database.Database, table: string): number {
  const root = database
    .prepare("SELECT rootpage FROM sqlite_schema WHERE type = 'table' AND lower(name) = ?")
    .pluck()
    .get(table)
  return Number(root ?? 0)
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
