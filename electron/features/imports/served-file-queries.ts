import type { ReadDb, WriteDb } from '#electron/db/connection.ts'
import type { ArtifactOwner } from '#electron/features/artifacts/index.ts'

/** A file as it was written here when it came: bytes, milliseconds since 1970, and the server's words for when it was changed there. */
export type ServedFile = {
  readonly path: string
  readonly size: number
  readonly modifiedAt: number
  readonly lastModified: string | null
}

/** Files of a run or a model that came from a server, by path. */
export function servedFiles(db: ReadDb, { kind, id }: ArtifactOwner): ReadonlyMap<string, ServedFile> {
  const files = db.all<ServedFile>(
    `SELECT path, size, modified_at AS modifiedAt, last_modified AS lastModified FROM import_file
      WHERE owner_kind = ? AND owner = ?`,
    kind,
    id,
  )
  return new Map(files.map((file) => [file.path, file]))
}

export function putServedFiles(db: WriteDb, { kind, id }: ArtifactOwner, files: readonly ServedFile[]): void {
  for (const { path, size, modifiedAt, lastModified } of files)
    db.run(
      `INSERT INTO import_file (owner_kind, owner, path, size, modified_at, last_modified) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET size = excluded.size, modified_at = excluded.modified_at, last_modified = excluded.last_modified`,
      kind,
      id,
      path,
      size,
      modifiedAt,
      lastModified,
    )
}
