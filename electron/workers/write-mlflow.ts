import Database from 'better-sqlite3'
import { parentPort } from 'node:worker_threads'
import type { MlflowPoints, WriterAnswer, WriterRequest } from '#electron/features/exports/index.ts'

/** The largest finite double: MLflow's SQL store has no infinities (`sanitize_metric_value` in `sqlalchemy_store.py`). */
const LARGEST = Number.MAX_VALUE
/** Pages in memory, KiB: the primary key of the points is an index over all their columns, and must not be read from the disk for each. */
const CACHE = 256 * 1024
/** Points in one statement: each statement costs as much as the binding of several rows. */
const AT_ONCE = 64

const MOST = 2n ** 63n - 1n
const LEAST = -(2n ** 63n)

type Latest = { step: number | bigint; time: number | bigint; value: number; isNan: number }

/** Writes a database that is not there yet, in one transaction: only when it is finished is it one. */
function serve(port: NonNullable<typeof parentPort>): void {
  let database: Database.Database | undefined
  const statements = new Map<string, Database.Statement>()
  /** The latest point of each series of each run, by MLflow's rule. */
  const latest = new Map<string, Map<string, Latest>>()

  const prepared = (sql: string): Database.Statement => {
    if (database === undefined) throw new Error('No database is open')
    const known = statements.get(sql)
    if (known !== undefined) return known
    const made = database.prepare(sql)
    statements.set(sql, made)
    return made
  }

  const open = (file: string, schema: string): void => {
    database = new Database(file)
    database.pragma('page_size = 4096')
    // Half a database is thrown away as a whole, so nothing guards it while it is written.
    database.pragma('journal_mode = OFF')
    database.pragma('synchronous = OFF')
    database.pragma('foreign_keys = OFF')
    database.pragma(`cache_size = -${CACHE}`)
    database.exec(schema)
    database.exec('BEGIN')
  }

  const rows = ({ table, columns, rows: given }: Extract<WriterRequest, { kind: 'rows' }>): number => {
    const names = columns.map((name) => `"${name}"`).join(', ')
    const insert = prepared(
      `INSERT INTO ${table} (${names}) VALUES (${columns.map(() => '?').join(', ')}) ON CONFLICT DO NOTHING`,
    )
    return given.reduce((added, row) => added + insert.run(...row).changes, 0)
  }

  const points = ({ run, key, step, time, value, rest }: MlflowPoints): number => {
    const ofRun = latest.get(run) ?? new Map<string, Latest>()
    latest.set(run, ofRun)
    let best = ofRun.get(key)
    let added = 0
    for (let from = 0; from < step.length; from += AT_ONCE) {
      const until = Math.min(step.length, from + AT_ONCE)
      const bound: (string | number | bigint)[] = []
      for (let at = from; at < until; at++) {
        const given = value[at] ?? Number.NaN
        const isNan = Number.isNaN(given) ? 1 : 0
        const point = {
          step: whole(step[at] ?? 0, rest?.step[at] ?? 0),
          time: whole(time[at] ?? 0, rest?.time[at] ?? 0),
          value: isNan === 1 ? 0 : Math.min(LARGEST, Math.max(-LARGEST, given)),
          isNan,
        }
        if (best === undefined || isLater(point, best)) best = point
        bound.push(key, point.value, point.time, run, point.step, isNan)
      }
      const places = Array.from({ length: until - from }, () => '(?, ?, ?, ?, ?, ?)').join(', ')
      added += prepared(
        `INSERT INTO metrics ("key", value, timestamp, run_uuid, step, is_nan) VALUES ${places} ON CONFLICT DO NOTHING`,
      ).run(bound).changes
    }
    if (best !== undefined) ofRun.set(key, best)
    return added
  }

  const finish = (): void => {
    const insert = prepared(
      'INSERT INTO latest_metrics ("key", value, timestamp, step, is_nan, run_uuid) VALUES (?, ?, ?, ?, ?, ?)',
    )
    for (const [run, series] of latest)
      for (const [key, { value, time, step, isNan }] of series) insert.run(key, value, time, step, isNan, run)
    if (database === undefined) return
    database.exec('COMMIT')
    // As MLflow finds it where it made the database itself.
    database.pragma('journal_mode = DELETE')
    database.close()
  }

  const answer = (message: WriterRequest): number => {
    if (message.kind === 'open') open(message.file, message.schema)
    else if (message.kind === 'rows') return rows(message)
    else if (message.kind === 'points') return points(message)
    else finish()
    return 0
  }

  port.on('message', (message: WriterRequest) => {
    let told: WriterAnswer
    try {
      told = { kind: 'done', added: answer(message) }
    } catch (error) {
      const { message: text, code } = error as Error & { readonly code?: string }
      told = { kind: 'failed', message: text, code: code ?? '' }
    }
    port.postMessage(told)
  })
}

/** `_compare_metrics` of `sqlalchemy_store.py`: by step, then time, then value, where NaN is 0. */
function isLater(point: Latest, than: Latest): boolean {
  if (point.step !== than.step) return point.step > than.step
  if (point.time !== than.time) return point.time > than.time
  return point.value > than.value
}

/** A number that SQLite keeps as an integer: a double is written as a real, which a column of another program may not read as one. */
function whole(near: number, rest: number): number | bigint {
  const rounded = Math.round(near)
  if (Number.isSafeInteger(rounded)) return rounded
  const exact = BigInt(rounded) + BigInt(rest)
  return exact > MOST ? MOST : exact < LEAST ? LEAST : exact
}

if (parentPort !== null) serve(parentPort)
