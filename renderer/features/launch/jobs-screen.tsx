import type { QueueEntry } from '#shared/contract/launch.ts'
import { formatDuration, formatRelativeTime } from '#shared/lib/format-time.ts'
import { useRead, useWrite } from '#renderer/client/index.ts'
import { printRoute } from '#renderer/lib/routes.ts'
import { useNow } from '#renderer/lib/use-now.ts'
import { IconButton } from '#renderer/ui/buttons/icon-button.tsx'
import { StatusPill, StateWord } from '#renderer/ui/marks/pill.tsx'
import { runStatusLook } from '#renderer/ui/marks/run-status.ts'
import { EmptyState } from '#renderer/ui/states/empty-state.tsx'
import { ErrorPanel } from '#renderer/ui/states/error-panel.tsx'
import { Loading } from '#renderer/ui/states/loading.tsx'
import { useToasts } from '#renderer/ui/states/toasts.tsx'
import { RunStopButton } from './stop-button.tsx'
import s from './launch.module.css'

/** What runs and what waits, of all projects; the queue can be put in another order. */
export function JobsScreen({ project }: { readonly project: string }) {
  const queue = useRead('launch.queue', {})
  const recent = useRead('projects.recent', {})
  const limit = useRead('settings.get', {}).data?.queueLimit
  const entries = queue.data ?? []
  const waiting = entries.filter(({ state }) => state === 'queued')
  const nameOf = (id: string): string => recent.data?.find((one) => one.id === id)?.name ?? id
  const now = useNow(1_000)
  if (queue.error !== null) return <ErrorPanel inset title={queue.error.message} logId={queue.error.logId} />
  if (queue.data === undefined) return <Loading label="Jobs" />
  if (entries.length === 0)
    return <EmptyState title="Nothing runs">Launched and queued runs stand here until they end.</EmptyState>
  return (
    <div className={s.jobs}>
      <ul aria-label="Jobs">
        {entries.map((entry) => (
          <Job
            key={entry.run}
            entry={entry}
            projectName={entry.project === project ? undefined : nameOf(entry.project)}
            now={now}
            place={waiting.indexOf(entry)}
            last={waiting.length - 1}
          />
        ))}
      </ul>
      {limit === undefined || waiting.length === 0 ? null : (
        <p className={s.limit}>
          {limit === 1 ? 'Queued runs start one at a time.' : `Up to ${limit} queued runs train at once.`}{' '}
          <a href={printRoute({ screen: 'settings', project })}>Change</a>
        </p>
      )}
    </div>
  )
}

type JobProps = {
  readonly entry: QueueEntry
  /** Named where it is another than the one that is open. */
  readonly projectName: string | undefined
  readonly now: number
  readonly place: number
  readonly last: number
}

function Job({ entry, projectName, now, place, last }: JobProps) {
  const reorder = useWrite('launch.reorder')
  const toasts = useToasts()
  const move = (position: number): void =>
    reorder.mutate(
      { run: entry.run, position },
      { onError: (error) => void toasts.show({ text: error.message, state: 'bad' }) },
    )
  const queued = entry.state === 'queued'
  const { mark, word } = runStatusLook[entry.state]
  return (
    <li className={s.job}>
      <span>
        {queued ? (
          <StateWord state="wait">{place === 0 ? 'queued, next' : `queued, ${place + 1}`}</StateWord>
        ) : (
          <StatusPill state={mark}>{word}</StatusPill>
        )}
      </span>
      <span className="cut">
        <a href={printRoute({ screen: 'run', project: entry.project, run: entry.run })} className="w5">
          {entry.name}
        </a>
        {projectName === undefined ? null : <span className="t3"> in {projectName}</span>}
        {entry.device === null ? null : <span className="t3"> on device {entry.device}</span>}
        {entry.codeChanged ? <span className="warn"> The code has changed since it was queued.</span> : null}
      </span>
      <span className="t3 num end">
        {entry.startedAt === null
          ? formatRelativeTime(entry.queuedAt, now)
          : formatDuration(Math.max(0, now - entry.startedAt))}
      </span>
      <span className={s.verbs}>
        {queued && last > 0 ? (
          <>
            <IconButton icon="up" label="Earlier" size="small" disabled={place === 0} onPress={() => move(place - 1)} />
            <IconButton
              icon="down"
              label="Later"
              size="small"
              disabled={place === last}
              onPress={() => move(place + 1)}
            />
          </>
        ) : null}
        <RunStopButton project={entry.project} run={entry.run} queued={queued} />
      </span>
    </li>
  )
}
