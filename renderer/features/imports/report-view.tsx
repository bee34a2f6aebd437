import type { ImportReport } from '#shared/contract/imports.ts'
import { formatDuration } from '#shared/lib/format-time.ts'
import { printRoute } from '#renderer/lib/routes.ts'
import { StateWord } from '#renderer/ui/marks/pill.tsx'
import type { StateMark } from '#renderer/ui/icons/state-icon.tsx'
import { cameWords, count, sentence } from './import-words.ts'
import s from './imports.module.css'
import { NotesList } from './notes-list.tsx'

/** How an import that ended so is marked. */
export const OUTCOME_MARKS: Readonly<Record<ImportReport['outcome'], StateMark>> = {
  done: 'done',
  cancelled: 'none',
  failed: 'bad',
}

/** What an import brought, and what is to be known of it. */
export function ReportView({ project, report }: { readonly project: string; readonly report: ImportReport }) {
  const came = cameWords(report)
  return (
    <div className={s.report}>
      <p>
        <StateWord state={OUTCOME_MARKS[report.outcome]}>{outcomeWords(report, came)}</StateWord>
        {report.knownRuns === 0 ? null : (
          <span className="t3">{count(report.knownRuns, 'run was', 'runs were')} here already.</span>
        )}
        <span className="t3">Took {formatDuration(Math.max(0, report.endedAt - report.startedAt))}.</span>
        {report.came.runs === 0 ? null : <a href={printRoute({ screen: 'runs', project })}>Show the runs</a>}
      </p>
      <NotesList notes={report.notes} more={report.moreNotes} />
    </div>
  )
}

function outcomeWords({ outcome, problem }: ImportReport, came: string): string {
  const what = came === '' ? 'Nothing was new' : `Brought ${came}`
  if (outcome === 'done') return `${what}.`
  if (outcome === 'cancelled') return `Stopped. ${what}; importing again goes on from there.`
  return `${sentence(problem ?? 'It failed')} ${what}; importing again goes on from there.`
}
