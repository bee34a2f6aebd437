import type { ImportArtifacts, ImportKind } from '#shared/contract/imports.ts'
import type { ReadDb, WriteDb } from '#electron/db/connection.ts'

/**
 * A row of `import_source`. Times are milliseconds since 1970. The column `resume_at` is never written: it was meant for the place where a server's pages were
 * left off, but what is known of each run says that better. Pages shift while others log, and a run that did not come whole has no fingerprint.
 */
export type SourceRow = {
  readonly id: number
  readonly kind: ImportKind
  readonly location: string
  readonly artifacts: ImportArtifacts
  readonly watched: number
  readonly forgotten: number
  readonly addedAt: number
  readonly readAt: number | null
  readonly missingSince: number | null
  /** A report as JSON. */
  readonly report: string | null
  /** Where a person said that its files lie. */
  readonly filesFolder: string | null
}

const SOURCE = `id, kind, location, artifacts, watched, forgotten, added_at AS addedAt, read_at AS readAt,
  missing_since AS missingSince, report, files_folder AS filesFolder`

export function findSource(db: ReadDb, id: number): SourceRow | undefined {
  return db.get<SourceRow>(`SELECT ${SOURCE} FROM import_source WHERE id = ?`, id)
}

/** Finds forgotten ones too: what came from there is still known. */
export function sourceAt(db: ReadDb, location: string): SourceRow | undefined {
  return db.get<SourceRow>(`SELECT ${SOURCE} FROM import_source WHERE location = ?`, location)
}

/** Those that were not taken off the list, newest first, with how many runs here came from each and how many files stay there. */
export function listSources(
  db: ReadDb,
): readonly (SourceRow & { readonly runs: number; readonly referenced: number; readonly imports: number })[] {
  return db.all(
    `SELECT ${SOURCE},
            (SELECT count(*) FROM import_record WHERE source = import_source.id) AS imports,
            (SELECT count(*) FROM import_run JOIN run ON run.id = import_run.run
              WHERE import_run.source = import_source.id AND lifecycle <> 'deleted') AS runs,
            (SELECT count(*) FROM import_run JOIN artifact_root ON owner_kind = 'run' AND owner = run WHERE source = import_source.id)
            + (SELECT count(*) FROM import_model JOIN artifact_root ON owner_kind = 'model' AND owner = here
                WHERE source = import_source.id AND import_model.kind = 'logged') AS referenced
       FROM import_source WHERE forgotten = 0 ORDER BY added_at DESC, id DESC`,
  )
}

/** The source's row; a new one, or the old one back on the list. Its report goes until there is a new one: an import that is cut short leaves none. */
export function putSource(
  db: WriteDb,
  given: Pick<SourceRow, 'kind' | 'location' | 'artifacts' | 'addedAt'> & {
    readonly watched: boolean
    readonly filesFolder?: string | null
  },
): number {
  db.run(
    `INSERT INTO import_source (kind, location, artifacts, watched, added_at, files_folder) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (location) DO UPDATE SET kind = excluded.kind, artifacts = excluded.artifacts, watched = max(watched, excluded.watched),
         files_folder = coalesce(excluded.files_folder, files_folder), forgotten = 0, missing_since = NULL, report = NULL`,
    given.kind,
    given.location,
    given.artifacts,
    given.watched ? 1 : 0,
    Math.round(given.addedAt),
    given.filesFolder ?? null,
  )
  return db.value<number>('SELECT id FROM import_source WHERE location = ?', given.location) ?? 0
}

export function setReport(db: WriteDb, source: number, report: string, readAt: number): void {
  db.run(
    'UPDATE import_source SET report = ?, read_at = ?, missing_since = NULL WHERE id = ?',
    report,
    Math.round(readAt),
    source,
  )
}

export function setMissing(db: WriteDb, source: number, since: number | null): void {
  db.run('UPDATE import_source SET missing_since = ? WHERE id = ?', since === null ? null : Math.round(since), source)
}

export function setWatched(db: WriteDb, source: number, watched: boolean): void {
  db.run('UPDATE import_source SET watched = ? WHERE id = ?', watched ? 1 : 0, source)
}

export function setForgotten(db: WriteDb, source: number): void {
  db.run('UPDATE import_source SET forgotten = 1, watched = 0 WHERE id = ?', source)
}

export type KnownRun = {
  readonly fingerprint: string
  /** It began to come and did not come to its end: what is here of it is no run yet. */
  readonly half: boolean
  /** It, or its experiment, was deleted there. */
  readonly deleted: boolean
}

/** Runs that were read from the source before. */
export function knownRuns(db: ReadDb, source: number | undefined): ReadonlyMap<string, KnownRun> {
  if (source === undefined) return new Map()
  return new Map(
    db
      .prepare(
        `SELECT run, fingerprint, made = 1 AND came = '{}', came ->> '$.deleted' FROM import_run WHERE source = ?`,
      )
      .rows<readonly [string, string, number, number | null]>(source)
      .map(([run, fingerprint, half, deleted]) => [run, { fingerprint, half: half === 1, deleted: deleted === 1 }]),
  )
}

/** Runs that were imported once and are not here any more; halves never were. */
export function erasedRuns(db: ReadDb): ReadonlySet<string> {
  return new Set(
    db
      .prepare(
        `SELECT DISTINCT run FROM import_run WHERE run NOT IN (SELECT id FROM run) AND NOT (made = 1 AND came = '{}')`,
      )
      .rows<readonly [string]>()
      .map(([run]) => run),
  )
}

/** Runs that are in the trash because they, or their experiments, were deleted in this source. */
export function trashedBySource(db: ReadDb, source: number | undefined): ReadonlySet<string> {
  if (source === undefined) return new Set()
  return new Set(
    db
      .prepare(
        `SELECT import_run.run FROM import_run JOIN run ON run.id = import_run.run
          WHERE import_run.source = ? AND lifecycle = 'deleted' AND json_extract(came, '$.deleted') = 1`,
      )
      .rows<readonly [string]>(source)
      .map(([run]) => run),
  )
}

export function lifecycles(db: ReadDb): ReadonlyMap<string, 'active' | 'archived' | 'deleted'> {
  return new Map(
    db.prepare('SELECT id, lifecycle FROM run').rows<readonly [string, 'active' | 'archived' | 'deleted']>(),
  )
}

/** What came with the run last, as JSON. */
export function cameOfRun(db: ReadDb, source: number, run: string): string | undefined {
  return db.value<string>('SELECT came FROM import_run WHERE source = ? AND run = ?', source, run)
}

export function putRun(
  db: WriteDb,
  row: {
    readonly source: number
    readonly run: string
    readonly made: boolean
    readonly fingerprint: string
    readonly came: string
  },
): void {
  db.run(
    `INSERT INTO import_run (source, run, made, fingerprint, came) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (source, run) DO UPDATE SET fingerprint = excluded.fingerprint, came = excluded.came`,
    row.source,
    row.run,
    row.made ? 1 : 0,
    row.fingerprint,
    row.came,
  )
}

export type BroughtRun = {
  readonly number: number
  readonly id: string
  readonly name: string
  readonly lifecycle: string
}

/** Runs that this source alone brought, and that are not in the trash. */
export function broughtRuns(db: ReadDb, source: number): readonly BroughtRun[] {
  return db.all(
    `SELECT number, id, name, lifecycle FROM run JOIN import_run ON import_run.run = run.id
      WHERE import_run.source = ? AND made = 1 AND lifecycle <> 'deleted'
        AND NOT EXISTS (SELECT 1 FROM import_run AS other WHERE other.run = run.id AND other.source <> import_run.source)
      ORDER BY number`,
    source,
  )
}

export function setArtifactRoot(db: WriteDb, kind: 'run' | 'model', owner: string, location: string | null): boolean {
  if (location === null)
    return db.run('DELETE FROM artifact_root WHERE owner_kind = ? AND owner = ?', kind, owner).changes > 0
  return (
    db.run(
      `INSERT INTO artifact_root (owner_kind, owner, location) VALUES (?, ?, ?)
         ON CONFLICT (owner_kind, owner) DO UPDATE SET location = excluded.location WHERE location <> excluded.location`,
      kind,
      owner,
      location,
    ).changes > 0
  )
}

export function hasArtifactRoot(db: ReadDb, kind: 'run' | 'model', owner: string): boolean {
  return db.value<number>('SELECT 1 FROM artifact_root WHERE owner_kind = ? AND owner = ?', kind, owner) === 1
}

/**
 * Notes of the source's runs in an experiment that is about to be deleted or restored as there that they are so too: those that will go with it, or come back
 * with it.
 */
export function noteMove(db: WriteDb, source: number, experiment: string, deleted: boolean): void {
  db.run(
    `UPDATE import_run SET came = json_set(came, '$.deleted', json(?)) WHERE source = ? AND came <> '{}'
        AND run IN (SELECT run.id FROM run JOIN experiment ON experiment.id = run.experiment
                     WHERE experiment.id = ? AND CASE ? WHEN 'true' THEN run.lifecycle <> 'deleted'
                           ELSE run.lifecycle = 'deleted' AND run.deleted_at = experiment.updated_at END)`,
    String(deleted),
    source,
    experiment,
    String(deleted),
  )
}

/** Into the trash. */
export function putInTrash(db: WriteDb, numbers: readonly number[], now: number): void {
  db.run(
    `UPDATE run SET lifecycle = 'deleted', deleted_at = ? WHERE number IN (SELECT value FROM json_each(?))`,
    Math.round(now),
    JSON.stringify(numbers),
  )
}

/** Keys of the parameters that a run logged. */
export function loggedParams(db: ReadDb, run: number): ReadonlySet<string> {
  return new Set(
    db
      .prepare(`SELECT key FROM param WHERE run = ? AND origin = 'logged'`)
      .rows<readonly [string]>(run)
      .map(([key]) => key),
  )
}

/** Fingerprints that runs had when they came whole, from whatever source. */
export function allFingerprints(db: ReadDb): ReadonlySet<string> {
  return new Set(
    db
      .prepare(`SELECT run || ' ' || fingerprint FROM import_run WHERE fingerprint <> ''`)
      .rows<readonly [string]>()
      .map(([both]) => both),
  )
}
