import { stat } from 'node:fs/promises'
import type { WrittenFile } from '#shared/contract/artifacts.ts'
import type { ReadDb } from '#electron/db/connection.ts'
import { fileInside } from './file-inside.ts'

type Row = { readonly path: string; readonly size: number; readonly modifiedAt: number; readonly kept: number }
type Later = { readonly path: string; readonly id: string; readonly name: string }

const AT_ONCE = 64

/** Files that the run wrote in the project's folder, by path, and what became of them since. */
export async function writtenFiles(db: ReadDb, folder: string, run: number): Promise<readonly WrittenFile[]> {
  const rows = db.all<Row>(
    'SELECT path, size, modified_at AS modifiedAt, kept FROM written_file WHERE run = ? ORDER BY path',
    run,
  )
  const later = new Map(
    db
      .all<Later>(
        `SELECT mine.path, run.id, run.name
           FROM written_file AS mine
           JOIN written_file AS other ON other.path = mine.path
           JOIN run ON run.number = other.run
          WHERE mine.run = ? AND other.run > mine.run AND run.lifecycle <> 'deleted'
          ORDER BY other.run`,
        run,
      )
      .map(({ path, id, name }) => [path, { id, name }]),
  )
  const found: WrittenFile[] = []
  for (let start = 0; start < rows.length; start += AT_ONCE) {
    const part = await Promise.all(
      rows.slice(start, start + AT_ONCE).map(async (row): Promise<WrittenFile> => ({
        path: row.path,
        size: row.size,
        modifiedAt: row.modifiedAt,
        kept: row.kept === 1,
        now: await stateOf(folder, row),
        overwrittenBy: later.get(row.path) ?? null,
      })),
    )
    found.push(...part)
  }
  return found
}

async function stateOf(folder: string, { path, size, modifiedAt }: Row): Promise<WrittenFile['now']> {
  const file = await fileInside(folder, path)
  const now = file === undefined ? undefined : await stat(file).catch(() => undefined)
  if (now === undefined || !now.isFile()) return 'gone'
  return now.size === size && Math.round(now.mtimeMs) === modifiedAt ? 'same' : 'changed'
}

/** True when the run wrote the file, so that it may be shown as one of the run's. */
export function hasWritten(db: ReadDb, run: number, path: string): boolean {
  return db.value<number>('SELECT 1 FROM written_file WHERE run = ? AND path = ?', run, path) === 1
}
