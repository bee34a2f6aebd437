import type { ReadDb, WriteDb } from '#electron/db/connection.ts'
import type { ArtifactOwner } from '#electron/features/artifacts/index.ts'

/** A file as it was written here when it came: bytes, milliseconds since 1970. */
export type ServedFile = { readonly path: string; readonly size: number; readonly modifiedAt: number }

/** Files of a run or a model that came from a server, by path. */
export function servedFiles(db: ReadDb, { kind, id }: ArtifactOwner): ReadonlyMap<string, ServedFile> {
  const files = db.all<ServedFile>(
    'SELECT path, size, modified_at AS modifiedAt FROM import_file WHERE owner_kind = ? AND owner = ?',
    kind,
    id,
  )
  return new Map(files.map((file) => [file.path, file]))
}

export function putServedFiles(db: WriteDb, { kind, id }: ArtifactOwner, files: readonly ServedFile[]): void {
  for (const { path, size, modifiedAt } of files)
    db.run(
      `INSERT INTO import_file (owner_kind, owner, path, size, modified_at) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET size = excluded.size, modified_at = excluded.modified_at`,
      kind,
      id,
      path,
      size,
      modifiedAt,
    )
}
