import type { ImportedSource, ImportNote, ImportRecord } from '#shared/contract/imports.ts'
import { formatDateTime, formatDuration } from '#shared/lib/format-time.ts'
import { cameText, counted } from './import-text.ts'
import { printTable } from './print-table.ts'

/** The sources of a project, one a line. */
export function sourcesText(sources: readonly ImportedSource[], now: number): string {
  if (sources.length === 0) return 'Nothing was taken in here yet.\n'
  return printTable(
    {
      columns: ['source', 'location', 'runs', 'files', 'read', 'state'].map((title) => ({
        title,
        align: title === 'runs' || title === 'source' ? 'right' : 'left',
      })),
      rows: sources.map((source) => [
        source.source,
        source.location,
        source.runs,
        source.artifacts === 'copy' ? 'copied' : 'left there',
        source.readAt === null ? null : formatDateTime(source.readAt, now),
        stateOf(source, now),
      ]),
    },
    'table',
    { shown: String },
  )
}

function stateOf(source: ImportedSource, now: number): string {
  const followed = source.watched ? ', followed' : ''
  if (source.job !== null) return `coming${followed}`
  if (source.missingSince !== null) return `not found since ${formatDateTime(source.missingSince, now)}${followed}`
  const outcome = source.report === null ? 'cut short' : source.report.outcome
  const retry = source.retry === null ? '' : `, tried again in ${formatDuration(Math.max(0, source.retry.at - now))}`
  return `${outcome}${followed}${retry}`
}

/** Notes of an import that are shown on a terminal. */
const MOST_NOTES = 3

/** What came when, newest first. */
export function historyText(records: readonly ImportRecord[], more: boolean, now: number): string {
  if (records.length === 0) return 'Nothing was taken in here yet.\n'
  const parts = records.map(({ location, rounds, report }) => {
    const { notes, moreNotes, outcome, problem } = report
    const came = cameText(report, rounds ?? 1)
    const by = rounds === null ? '' : ` (followed, ${counted(rounds, 'round')})`
    const end = { done: '', cancelled: '\n  cancelled', failed: `\n  failed: ${problem ?? ''}` }[outcome]
    const shown = notes.slice(0, MOST_NOTES).map(({ kind, what, why }) => `\n  ${kind}: ${what}: ${why}`)
    const rest = notes.length - shown.length + moreNotes
    const others = rest > 0 ? `\n  and ${counted(rest, 'more note')}; --json tells them` : ''
    const nothing = came === '' ? 'nothing new' : came
    return `${formatDateTime(report.endedAt, now)}  ${location}${by}\n  ${nothing}${end}${shown.join('')}${others}\n`
  })
  return `${parts.join('')}${more ? 'Older ones: --json tells up to two hundred.\n' : ''}`
}

export type TakenBack = {
  readonly runs: number
  readonly registeredModels: number
  readonly modelVersions: number
  readonly kept: readonly ImportNote[]
}

/** What was taken back of an import, and what of its models stays. */
export function takenBackText({ runs, registeredModels, modelVersions, kept }: TakenBack): string {
  const stays = kept.map(({ what, why }) => `  stays: ${what}: ${why}\n`).join('')
  if (runs + registeredModels + modelVersions === 0)
    return `There is nothing that this source alone brought and that is as it came.\n${stays}`
  const lines = [
    runs === 0 ? '' : `${counted(runs, 'run')} moved to the trash, kept 30 days.\n`,
    modelVersions === 0 && registeredModels === 0
      ? ''
      : `${counted(modelVersions, 'model version')} and ${counted(registeredModels, 'registered model')} deleted.\n`,
  ]
  return `${lines.join('')}${stays}Undo in the app brings all of it back.\n`
}
