import { ImportReport } from '#shared/contract/imports.ts'
import type { ImportKind, ImportRecord } from '#shared/contract/imports.ts'
import type { ReadDb, WriteDb } from '#electron/db/connection.ts'

/** Imports that are remembered of a source, and notes of each: with forty of the longest reports a few megabytes. */
const MOST_RECORDS = 40
const MOST_NOTES = 200
/** Rounds of a followed source make one record for so long, milliseconds: a day's sync is one line, not thousands. */
const TOGETHER = 24 * 3_600_000

type Row = {
  readonly record: number
  readonly source: number
  readonly kind: ImportKind
  readonly location: string
  readonly followed: number
  readonly rounds: number
  readonly report: string
}

/** Remembers an import of a source. A round over a followed one is added to the record before it where both ended alike. */
export function putRecord(db: WriteDb, source: number, report: ImportReport, followed: boolean): void {
  const newest = db.get<Pick<Row, 'record' | 'followed' | 'rounds' | 'report'>>(
    'SELECT id AS record, followed, rounds, report FROM import_record WHERE source = ? ORDER BY id DESC LIMIT 1',
    source,
  )
  const before = parseReport(newest?.report ?? null)
  if (newest !== undefined && before !== null && followed && newest.followed === 1 && areAlike(before, report)) {
    const rounds = newest.rounds + 1
    const text = JSON.stringify(bounded(joined(before, report)))
    db.run('UPDATE import_record SET rounds = ?, report = ? WHERE id = ?', rounds, text, newest.record)
    return
  }
  db.run(
    'INSERT INTO import_record (source, followed, rounds, report) VALUES (?, ?, 1, ?)',
    source,
    followed ? 1 : 0,
    JSON.stringify(bounded(report)),
  )
  db.run(
    `DELETE FROM import_record WHERE source = ?
       AND id NOT IN (SELECT id FROM import_record WHERE source = ? ORDER BY id DESC LIMIT ?)`,
    source,
    source,
    MOST_RECORDS,
  )
}

/** Imports of one source or of all, newest first. */
export function listRecords(
  db: ReadDb,
  asked: { readonly source?: number | undefined; readonly before?: number | undefined; readonly limit: number },
): { readonly records: readonly ImportRecord[]; readonly more: boolean } {
  const rows = db.all<Row>(
    `SELECT import_record.id AS record, source, kind, location, followed, rounds, import_record.report AS report
       FROM import_record JOIN import_source ON import_source.id = source
      WHERE source = coalesce(?, source) AND import_record.id < coalesce(?, import_record.id + 1)
      ORDER BY import_record.id DESC LIMIT ?`,
    asked.source ?? null,
    asked.before ?? null,
    asked.limit + 1,
  )
  const records = rows.slice(0, asked.limit).flatMap(({ followed, rounds, report: text, ...row }): ImportRecord[] => {
    const report = parseReport(text)
    return report === null ? [] : [{ ...row, rounds: followed === 1 ? rounds : null, report }]
  })
  return { records, more: rows.length > asked.limit }
}

/** A report as it is stored; null for none, and for one that can't be read. */
export function parseReport(text: string | null): ImportReport | null {
  if (text === null) return null
  try {
    return ImportReport.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}

function areAlike(before: ImportReport, next: ImportReport): boolean {
  return (
    before.outcome === next.outcome &&
    before.problem === next.problem &&
    next.startedAt - before.startedAt < TOGETHER &&
    next.startedAt >= before.startedAt
  )
}

/** What two rounds brought together. */
function joined(before: ImportReport, next: ImportReport): ImportReport {
  const came = Object.fromEntries(
    Object.entries(before.came).map(([key, count]) => [key, count + next.came[key as keyof ImportReport['came']]]),
  ) as ImportReport['came']
  const said = new Set(before.notes.map((note) => JSON.stringify(note)))
  const notes = [...before.notes, ...next.notes.filter((note) => !said.has(JSON.stringify(note)))]
  // A round may say again what an earlier one said and was not kept: at least so many there were.
  const all = Math.max(notes.length, ...[before, next].map((one) => one.notes.length + one.moreNotes))
  return { ...next, startedAt: before.startedAt, came, notes, moreNotes: all - notes.length }
}

function bounded(report: ImportReport): ImportReport {
  if (report.notes.length <= MOST_NOTES) return report
  return {
    ...report,
    notes: report.notes.slice(0, MOST_NOTES),
    moreNotes: report.moreNotes + report.notes.length - MOST_NOTES,
  }
}
