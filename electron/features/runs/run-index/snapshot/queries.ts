import { crc32 } from 'node:zlib'
import { appError } from '#shared/rpc/errors.ts'
import type { ReadDb, WriteDb } from '#electron/db/connection.ts'
import type { ColumnKind } from './columns-by-name.ts'

/** Grows when the bytes of a segment or the meaning of a column change: what another format wrote is not read. */
export const FORMAT = 1

export type StoredColumn = readonly [id: number, kind: ColumnKind, key: string]
export type Segment = { readonly segment: number; readonly body: Uint8Array }

/** True when there is a whole copy of this format, and no points were put aside since it was written. */
export function hasSnapshot(db: ReadDb): boolean {
  return (
    db.value<number>(
      'SELECT 1 FROM run_snapshot WHERE format = ? AND damaged = (SELECT count(*) FROM metric_damaged)',
      FORMAT,
    ) === 1
  )
}

export function storedColumns(db: ReadDb): readonly StoredColumn[] {
  return db.prepare('SELECT id, kind, key FROM run_column ORDER BY id').rows<StoredColumn>()
}

/** The segments of a column in order. Throws `corrupt` for one that is not as it was written. */
export function segmentsOf(db: ReadDb, column: number): readonly Segment[] {
  return db
    .prepare('SELECT segment, checksum, body FROM run_cells WHERE column_id = ? ORDER BY segment')
    .rows<SegmentRow>(column)
    .map((row) => checked(column, row))
}

/** One segment of a column; undefined where no row has a value. Throws `corrupt`. */
export function segmentOf(db: ReadDb, column: number, segment: number): Segment | undefined {
  const row = db
    .prepare('SELECT segment, checksum, body FROM run_cells WHERE column_id = ? AND segment = ?')
    .row<SegmentRow>(column, segment)
  return row === undefined ? undefined : checked(column, row)
}

type SegmentRow = readonly [segment: number, checksum: number, body: Uint8Array]

function checked(column: number, [segment, checksum, body]: SegmentRow): Segment {
  if (crc32(body) !== checksum) throw damaged(column, segment)
  return { segment, body }
}

export function damaged(column: number, segment: number): Error {
  return appError('corrupt', `Segment ${segment} of column ${column} of the stored run table is damaged.`)
}

/** Numbers of runs whose stored cells may be behind. */
export function staleRuns(db: ReadDb): readonly number[] {
  return db
    .prepare('SELECT DISTINCT number FROM run_stale ORDER BY number')
    .rows<readonly [number]>()
    .map(([number]) => number)
}

export function isAnyStale(db: ReadDb): boolean {
  return db.value<number>('SELECT 1 FROM run_stale LIMIT 1') === 1
}

/** From now on the runs that were noted count as being written; the ones that are noted from now on are apart. */
export function beginSettling(db: WriteDb): void {
  db.run('INSERT OR IGNORE INTO run_stale SELECT 1, number FROM run_stale WHERE settling = 0')
  db.run('DELETE FROM run_stale WHERE settling = 0')
}

/** The copy is whole, and as good as the runs were when settling began. */
export function endSettling(db: WriteDb): void {
  db.run('INSERT OR REPLACE INTO run_snapshot (id, format, damaged) SELECT 1, ?, count(*) FROM metric_damaged', FORMAT)
  db.run('DELETE FROM run_stale WHERE settling = 1')
}

/** The copy is not to be believed from now on. */
export function dropSnapshot(db: WriteDb): void {
  db.run('DELETE FROM run_snapshot')
}

/** Removes a column of a copy that is not to be believed; false when none is left. */
export function removeOneColumn(db: WriteDb): boolean {
  return db.run('DELETE FROM run_column WHERE id = (SELECT min(id) FROM run_column)').changes > 0
}

export function addColumn(db: WriteDb, kind: ColumnKind, key: string): number {
  return db.run('INSERT INTO run_column (kind, key) VALUES (?, ?)', kind, key).lastId
}

/** Writes a segment, or takes it away where no row has a value. */
export function putSegment(db: WriteDb, column: number, segment: number, body: Uint8Array | undefined): void {
  if (body === undefined) db.run('DELETE FROM run_cells WHERE column_id = ? AND segment = ?', column, segment)
  else
    db.run(
      'INSERT OR REPLACE INTO run_cells (column_id, segment, checksum, body) VALUES (?, ?, ?, ?)',
      column,
      segment,
      crc32(body),
      body,
    )
}
