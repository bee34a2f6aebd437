import { useId, useState } from 'react'
import type { ImportedSource, ImportRecord } from '#shared/contract/imports.ts'
import { formatDateTime } from '#shared/lib/format-time.ts'
import { useRead } from '#renderer/client/index.ts'
import { Button } from '#renderer/ui/buttons/button.tsx'
import { StateIcon } from '#renderer/ui/icons/state-icon.tsx'
import { MiddleCut } from '#renderer/ui/marks/middle-cut.tsx'
import { ErrorPanel } from '#renderer/ui/states/error-panel.tsx'
import { cameWords, count, sentence } from './import-words.ts'
import s from './imports.module.css'
import { NotesList } from './notes-list.tsx'
import { OUTCOME_MARKS } from './report-view.tsx'

const PAGE = 10
/** As many as one answer holds. */
const MOST = 200

export type ImportHistoryProps = { readonly project: string; readonly sources: readonly ImportedSource[] }

/** What came when, newest first. Each source shows its newest import by itself: the history begins where there is more to tell. */
export function ImportHistory({ project, sources }: ImportHistoryProps) {
  const [limit, setLimit] = useState(PAGE)
  const heading = useId()
  const history = useRead('imports.history', { project, limit })
  if (history.error !== null) return <ErrorPanel title={history.error.message} logId={history.error.logId} />
  const { records, more } = history.data ?? { records: [], more: false }
  const listed = new Set(sources.filter(({ imports }) => imports === 1).map(({ source }) => source))
  if (records.every(({ source }) => listed.has(source))) return null
  return (
    <section className={s.sources} aria-labelledby={heading}>
      <h2 id={heading}>History</h2>
      <ul>
        {records.map((record) => (
          <HistoryRow key={record.record} record={record} />
        ))}
      </ul>
      {more && limit < MOST ? (
        <Button tone="link" onPress={() => setLimit(Math.min(limit * 3, MOST))}>
          Show older ones
        </Button>
      ) : null}
    </section>
  )
}

function HistoryRow({ record }: { readonly record: ImportRecord }) {
  const [open, setOpen] = useState(false)
  const { location, rounds, report } = record
  const { outcome, notes, moreNotes } = report
  const all = notes.length + moreNotes
  return (
    <li className={s.record}>
      <span className="t3 num">{formatDateTime(report.endedAt, Date.now())}</span>
      <span className={`mono t2 ${s.recordPlace ?? ''}`}>
        <MiddleCut text={location} tail={24} />
      </span>
      <span className={s.recordWords}>
        <StateIcon state={OUTCOME_MARKS[outcome]} />
        <span className={s.recordText}>{recordWords(record)}</span>
        {rounds === null ? null : (
          <span className="t3">
            {outcome === 'failed' ? `${count(rounds, 'try', 'tries')} while following` : 'by following'}
          </span>
        )}
        {all === 0 ? null : (
          <Button
            tone="link"
            onPress={() => setOpen(!open)}
            aria-label={`${open ? 'Hide' : 'Show'} ${count(all, 'note')} of ${location}`}
          >
            {open ? 'Hide notes' : count(all, 'note')}
          </Button>
        )}
      </span>
      {open ? (
        <div className={s.recordNotes}>
          <NotesList notes={notes} more={moreNotes} />
        </div>
      ) : null}
    </li>
  )
}

function recordWords({ report, rounds }: ImportRecord): string {
  const came = cameWords(report, rounds ?? 1)
  const what = came === '' ? 'Nothing was new.' : `Brought ${came}.`
  if (report.outcome === 'failed') return `${sentence(report.problem ?? 'It failed')} ${what}`
  return report.outcome === 'cancelled' ? `Stopped. ${what}` : what
}
