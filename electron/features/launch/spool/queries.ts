import type { ReadDb, WriteDb } from '#electron/db/connection.ts'

/** How far a spool file was taken. */
export type Taken = { readonly run: string; readonly sequence: number; readonly finished: boolean }

export function takenOf(db: ReadDb, file: string): Taken | undefined {
  const row = db.get<{ readonly run: string; readonly sequence: number; readonly finished: number }>(
    'SELECT run, sequence, finished FROM spool WHERE file = ?',
    file,
  )
  return row === undefined ? undefined : { ...row, finished: row.finished === 1 }
}

export function setTaken(db: WriteDb, file: string, { run, sequence, finished }: Taken): void {
  db.run(
    `INSERT INTO spool (file, run, sequence, finished) VALUES (?, ?, ?, ?)
       ON CONFLICT (file) DO UPDATE SET sequence = excluded.sequence, finished = excluded.finished`,
    file,
    run,
    sequence,
    finished ? 1 : 0,
  )
}
