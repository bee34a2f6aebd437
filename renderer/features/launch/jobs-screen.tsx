import { useEffect, useState } from 'react'
import type { QueueEntry } from '#shared/contract/launch.ts'
import { formatDuration, formatRelativeTime } from '#shared/lib/format-time.ts'
import { useRead, useWrite } from '#renderer/client/index.ts'
import { IconButton } from '#renderer/ui/buttons/icon-button.tsx'
import { StatusPill, StateWord } from '#renderer/ui/marks/pill.tsx'
import { EmptyState } from '#renderer/ui/states/empty-state.tsx'
import { ErrorPanel } from '#renderer/ui/states/error-panel.tsx'
import { RunStopButton } from './stop-button.tsx'
import s from './launch.module.css'

/** What runs and what waits, of all projects; the queue can be put in another order. */
export function JobsScreen() {
  const queue = useRead('launch.queue', {})
  const entries = queue.data ?? []
  const waiting = entries.filter(({ state }) => state === 'queued')
  const now = useNow()
  return (
    <div className={s.jobs}>
      {queue.error === null ? null : <ErrorPanel inset title={queue.error.message} logId={queue.error.logId} />}
      {queue.data !== undefined && entries.length === 0 ? (
        <EmptyState title="Nothing runs">Launched and queued runs stand here until they end.</EmptyState>
      ) : null}
      <ul aria-label="Jobs" style={{ listStyle: 'none', margin: 0, padding: 0 }}>
        {entries.map((entry) => (
          <Job key={entry.run} entry={entry} now={now} place={waiting.indexOf(entry)} last={waiting.length - 1} />
        ))}
      </ul>
    </div>
  )
}

function Job({
  entry,
  now,
  place,
  last,
}: {
  readonly entry: QueueEntry
  readonly now: number
  readonly place: number
  readonly last: number
}) {
  const reorder = useWrite('launch.reorder')
  const move = (position: number): void => reorder.mutate({ run: entry.run, position })
  return (
    <li className={s.job}>
      {entry.state === 'queued' ? (
        <StateWord state="wait">{`waiting, ${place + 1}.`}</StateWord>
      ) : (
        <StatusPill state={entry.state === 'stopping' ? 'warn' : 'live'}>{entry.state}</StatusPill>
      )}
      <span className="cut">
        <a href={`#/p/${entry.project}/runs/${entry.run}`} className="w5">
          {entry.name}
        </a>
        <span className="t3"> {entry.project}</span>
        {entry.device === null ? null : <span className="t3"> on device {entry.device}</span>}
        {entry.codeChanged ? <span className="warn"> The code has changed since it was queued.</span> : null}
      </span>
      <span className="t2 num">
        {entry.startedAt === null ? formatRelativeTime(entry.queuedAt, now) : formatDuration(now - entry.startedAt)}
      </span>
      <span className={s.verbs}>
        {entry.state === 'queued' ? (
          <>
            <IconButton
              icon="up"
              label="Earlier"
              size="small"
              tone="ghost"
              disabled={place === 0}
              onPress={() => move(place - 1)}
            />
            <IconButton
              icon="down"
              label="Later"
              size="small"
              tone="ghost"
              disabled={place === last}
              onPress={() => move(place + 1)}
            />
          </>
        ) : null}
        <RunStopButton project={entry.project} run={entry.run} queued={entry.state === 'queued'} />
      </span>
    </li>
  )
}

function useNow(): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [])
  return now
}
