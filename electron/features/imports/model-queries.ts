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

/** Remembers a model as it was read last. That it came with this source is remembered the first time, and never changes. */
export function putModel(
  db: WriteDb,
  row: {
    readonly source: number
    readonly kind: Kind
    readonly foreign: string
    /** It came with this source, rather than being here before. */
    readonly made: boolean
  } & KnownModel,
): void {
  db.run(
    `INSERT INTO import_model (source, kind, foreign_id, here, fingerprint, came, made) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (source, kind, foreign_id) DO UPDATE SET here = excluded.here, fingerprint = excluded.fingerprint, came = excluded.came`,
    row.source,
    row.kind,
    row.foreign,
    row.here,
    row.fingerprint,
    row.came,
    row.made ? 1 : 0,
  )
}

export type BroughtRow = {
  readonly foreign: string
  readonly here: string
  readonly came: string
  /** 1 where it came with the source, null where that was not kept. */
  readonly made: number | null
}

/** Registered models or versions that were read from a source, and whether they came with it. */
export function broughtRows(db: ReadDb, source: number, kind: 'registered' | 'version'): readonly BroughtRow[] {
  return db.all<BroughtRow>(
    'SELECT foreign_id AS "foreign", here, came, made FROM import_model WHERE source = ? AND kind = ? ORDER BY foreign_id',
    source,
    kind,
  )
}

/** Ids of registered models here, and their versions as `id/number`, that other sources than this one know. */
export function knownElsewhere(db: ReadDb, source: number): ReadonlySet<string> {
  return new Set(
    db
      .prepare(
        `SELECT here FROM import_model WHERE kind = 'registered' AND source <> @source
          UNION ALL
         SELECT model.here || '/' || version.here FROM import_model AS version
           JOIN import_model AS model ON model.source = version.source AND model.kind = 'registered'
            AND version.foreign_id = model.foreign_id || '/' || substr(version.foreign_id, length(model.foreign_id) + 2)
          WHERE version.kind = 'version' AND version.source <> @source`,
      )
      .rows<readonly [string]>({ source })
      .map(([place]) => place),
  )
}

/** The id of the experiment that a run or a logged model is in; undefined when it is not here. */
export function experimentOfRun(db: ReadDb, run: string): string | undefined {
  return db.value<string>('SELECT experiment FROM run WHERE id = ?', run)
}

export function experimentOfModel(db: ReadDb, model: string): string | undefined {
  return db.value<string>('SELECT experiment FROM logged_model WHERE id = ?', model)
}
