import type { ReadDb, WriteDb } from '#electron/db/connection.ts'

export type KnownModel = { readonly here: string; readonly fingerprint: string; readonly came: string }
type Kind = 'logged' | 'registered' | 'version'

/** Models of one kind that were read from the source before, by their name there. */
export function knownModels(db: ReadDb, source: number | undefined, kind: Kind): ReadonlyMap<string, KnownModel> {
  if (source === undefined) return new Map()
  return new Map(
    db
      .all<KnownModel & { readonly foreign: string }>(
        'SELECT foreign_id AS "foreign", here, fingerprint, came FROM import_model WHERE source = ? AND kind = ?',
        source,
        kind,
      )
      .map(({ foreign, ...row }) => [foreign, row]),
  )
}

/** What each model of any source is here, by its kind, its name there and its fingerprint, as a list in JSON. */
export function cameModels(db: ReadDb): ReadonlyMap<string, string> {
  return new Map(
    db
      .prepare('SELECT json_array(kind, foreign_id, fingerprint), here FROM import_model')
      .rows<readonly [string, string]>(),
  )
}

export function putModel(
  db: WriteDb,
  row: { readonly source: number; readonly kind: Kind; readonly foreign: string } & KnownModel,
): void {
  db.run(
    `INSERT INTO import_model (source, kind, foreign_id, here, fingerprint, came) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (source, kind, foreign_id) DO UPDATE SET here = excluded.here, fingerprint = excluded.fingerprint, came = excluded.came`,
    row.source,
    row.kind,
    row.foreign,
    row.here,
    row.fingerprint,
    row.came,
  )
}

/** The id of the experiment that a run or a logged model is in; undefined when it is not here. */
export function experimentOfRun(db: ReadDb, run: string): string | undefined {
  return db.value<string>('SELECT experiment FROM run WHERE id = ?', run)
}

export function experimentOfModel(db: ReadDb, model: string): string | undefined {
  return db.value<string>('SELECT experiment FROM logged_model WHERE id = ?', model)
}
