import { useEffect, useState } from 'react'
import type { RunDetail } from '#shared/contract/runs.ts'
import { formatDuration, formatRelativeTime } from '#shared/lib/format-time.ts'
import { useRead, useWrite } from '#renderer/client/index.ts'
import { StopButton } from '#renderer/features/launch/index.ts'
import { STATUS_MARK, useRunVerbs } from '#renderer/features/runs/index.ts'
import { printRoute } from '#renderer/lib/routes.ts'
import { Button } from '#renderer/ui/buttons/button.tsx'
import { Progress } from '#renderer/ui/marks/progress.tsx'
import { StateWord, StatusPill } from '#renderer/ui/marks/pill.tsx'
import { RunKey } from '#renderer/ui/marks/run-key.tsx'
import { MoreMenu } from '#renderer/ui/overlays/menu.tsx'
import { useToasts } from '#renderer/ui/states/toasts.tsx'
import { TopBar } from './frame/top-bar.tsx'

export type RunTopBarProps = {
  readonly project: string
  readonly run: string
  readonly onLaunchAgain: (run: string) => void
}

/** A run's identity, state, progress and time left in one line; then its verbs. */
export function RunTopBar({ project, run, onLaunchAgain }: RunTopBarProps) {
  const detail = useRead('runs.get', { project, run }, { keepPrevious: true }).data
  const toasts = useToasts()
  const verbs = useRunVerbs(project, detail?.lifecycle ?? 'active', () => {})
  const resume = useWrite('launch.resume')
  const crumb = { label: 'Runs', href: printRoute({ screen: 'runs', project }) }
  if (detail === undefined) return <TopBar crumb={crumb} title="Run" />
  const live = detail.status === 'running' || detail.status === 'stopping' || detail.status === 'queued'
  const launched = detail.command !== null && (detail.source === 'launch' || detail.source === 'terminal')
  const canStop = live && launched
  const canResume = !live && detail.source === 'launch' && detail.status !== 'finished'
  return (
    <>
      <TopBar
        crumb={crumb}
        mark={<RunKey number={detail.number} />}
        title={detail.name}
        state={<RunState detail={detail} live={live} />}
        verbs={
          <>
            {canResume ? (
              <Button
                disabled={resume.isPending}
                onPress={() =>
                  resume.mutate(
                    { project, run },
                    { onError: (error) => void toasts.show({ text: error.message, state: 'bad' }) },
                  )
                }
              >
                Resume
              </Button>
            ) : null}
            {detail.command === null ? null : (
              <Button icon="refresh" onPress={() => onLaunchAgain(run)}>
                Run again with changes…
              </Button>
            )}
            {canStop ? <StopButton project={project} run={run} queued={detail.status === 'queued'} /> : null}
            <MoreMenu
              label="More for this run"
              entries={verbs.entries([run], detail.name).filter((entry) => entry.id !== 'open')}
            />
          </>
        }
      />
      {verbs.dialogs}
    </>
  )
}

function RunState({ detail, live }: { readonly detail: RunDetail; readonly live: boolean }) {
  const now = useNow(live)
  const { progress, startedAt, endedAt, status } = detail
  const elapsed = startedAt === null ? null : (endedAt ?? now) - startedAt
  const share = progress === null || progress.total <= 0 ? undefined : progress.done / progress.total
  const left =
    !live || share === undefined || share <= 0.02 || elapsed === null ? null : (elapsed * (1 - share)) / share
  return (
    <>
      {status === 'finished' ? (
        <StateWord state="done">finished</StateWord>
      ) : (
        <StatusPill state={STATUS_MARK[status]}>{status}</StatusPill>
      )}
      {detail.lifecycle === 'active' ? null : (
        <StateWord state="none">{detail.lifecycle === 'archived' ? 'archived' : 'in the trash'}</StateWord>
      )}
      {live && progress !== null ? (
        <>
          <span className="s12 t2 num">
            {progress.unit} {progress.done.toLocaleString('en')} of {progress.total.toLocaleString('en')}
          </span>
          <Progress label={`${progress.unit} of ${progress.total}`} share={share} />
        </>
      ) : null}
      {elapsed === null ? null : (
        <span className="s12 t3 num">
          {live
            ? `${formatDuration(elapsed)} so far${left === null ? '' : `, about ${formatDuration(left)} left`}`
            : `took ${formatDuration(elapsed)}${endedAt === null ? '' : `, ${formatRelativeTime(endedAt, now)}`}`}
        </span>
      )}
    </>
  )
}

function useNow(live: boolean): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), live ? 1_000 : 60_000)
    return () => clearInterval(timer)
  }, [live])
  return now
}
