import type { ReadDb, WriteDb } from '#electron/db/connection.ts'

/** What is known of a run beside its fingerprint. Times are milliseconds since 1970; null where it was never looked. */
export type Look = {
  readonly number: number
  /** Points that it had in the source when all of it was read last. */
  readonly points: number | null
  /** When something of it came after it had come first. */
  readonly changedAt: number | null
  /** When its points were last known to be those of the source. */
  readonly lookedAt: number | null
}

/** Of the source's runs that are here. */
export function looksOf(db: ReadDb, source: number): ReadonlyMap<string, Look> {
  return new Map(
    db
      .all<Look & { readonly run: string }>(
        `SELECT import_run.run AS run, number, points, changed_at AS changedAt, looked_at AS lookedAt
           FROM import_run JOIN run ON run.id = import_run.run WHERE import_run.source = ?`,
        source,
      )
      .map(({ run, ...look }) => [run, look]),
  )
}

/** All of a run was read. */
export function setRead(
  db: WriteDb,
  given: {
    readonly source: number
    readonly run: string
    readonly points: number
    readonly at: number
    readonly changed: boolean
  },
): void {
  const at = Math.round(given.at)
  db.run(
    'UPDATE import_run SET points = ?, looked_at = ?, changed_at = coalesce(?, changed_at) WHERE source = ? AND run = ?',
    given.points,
    at,
    given.changed ? at : null,
    given.source,
    given.run,
  )
}

/** Runs were found to have the points that they had. */
export function setLooked(db: WriteDb, source: number, runs: readonly string[], at: number): void {
  db.run(
    'UPDATE import_run SET looked_at = ? WHERE source = ? AND run IN (SELECT value FROM json_each(?))',
    Math.round(at),
    source,
    JSON.stringify(runs),
  )
}
