import { useMemo } from 'react'
import type { RunDetail } from '#shared/contract/runs.ts'
import { formatDuration, formatRelativeTime } from '#shared/lib/format-time.ts'
import { useRead, useWrite } from '#renderer/client/index.ts'
import { StopButton, useStop } from '#renderer/features/launch/index.ts'
import { progressOf, useRunCommands, useRunVerbs, verbEntries, type VerbTarget } from '#renderer/features/runs/index.ts'
import { printRoute } from '#renderer/lib/routes.ts'
import { useLatest } from '#renderer/lib/use-latest.ts'
import { useNow } from '#renderer/lib/use-now.ts'
import { Button } from '#renderer/ui/buttons/button.tsx'
import { useCommands } from '#renderer/ui/commands/command-registry.tsx'
import type { Command } from '#renderer/ui/commands/command.ts'
import { Progress } from '#renderer/ui/marks/progress.tsx'
import { StateWord, StatusPill } from '#renderer/ui/marks/pill.tsx'
import { RunKey } from '#renderer/ui/marks/run-key.tsx'
import { runStatusLook } from '#renderer/ui/marks/run-status.ts'
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
  const detail = useRead('runs.get', { project, run }).data
  const { verbs, dialogs } = useRunVerbs(project)
  const stop = useStop(project, run)
  const resume = useResume(project, run)
  const target: VerbTarget | undefined =
    detail === undefined ? undefined : { runs: [run], name: detail.name, lifecycle: detail.lifecycle }
  const live = detail !== undefined && ['queued', 'running', 'stopping'].includes(detail.status)
  const launched = detail !== undefined && detail.command !== null
  const canStop = live && launched && (detail.source === 'launch' || detail.source === 'terminal')
  const canResume = launched && !live && detail.source === 'launch' && detail.status !== 'finished'
  useRunCommands(project, run, target, verbs)
  useLaunchCommands({
    ...(canStop ? { stop: stop.press } : {}),
    ...(canResume ? { resume } : {}),
    ...(launched ? { again: () => onLaunchAgain(run) } : {}),
  })
  const crumb = { label: 'Runs', href: printRoute({ screen: 'runs', project }) }
  if (detail === undefined || target === undefined) return <TopBar crumb={crumb} title="Run" />
  const others = verbs.filter(({ id }) => id !== 'open')
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
              <Button icon="play" hint="A new attempt of the same run: its metrics go on" onPress={resume}>
                Resume
              </Button>
            ) : null}
            {launched ? (
              <Button icon="refresh" keys="Shift+R" onPress={() => onLaunchAgain(run)}>
                Run again with changes…
              </Button>
            ) : null}
            {canStop ? <StopButton stop={stop} queued={detail.status === 'queued'} keys="s" /> : null}
            <MoreMenu label="More for this run" entries={verbEntries(others, target)} />
          </>
        }
      />
      {dialogs}
    </>
  )
}

function useResume(project: string, run: string): () => void {
  const toasts = useToasts()
  const resume = useWrite('launch.resume')
  return () =>
    resume.mutate({ project, run }, { onError: (error) => void toasts.show({ text: error.message, state: 'bad' }) })
}

type LaunchActions = { readonly stop?: () => void; readonly resume?: () => void; readonly again?: () => void }

/** The verbs of a run's process; those that are not given do not fit now. */
function useLaunchCommands(actions: LaunchActions): void {
  const now = useLatest(actions)
  const commands = useMemo(
    (): readonly Command[] => [
      {
        id: 'run.stop',
        label: 'Stop',
        group: 'Run',
        icon: 'stop',
        keys: 's',
        note: 'again to insist',
        words: 'interrupt kill cancel',
        when: () => now.current.stop !== undefined,
        run: () => now.current.stop?.(),
      },
      {
        id: 'run.again',
        label: 'Run again with changes…',
        group: 'Run',
        icon: 'refresh',
        keys: 'Shift+R',
        when: () => now.current.again !== undefined,
        run: () => now.current.again?.(),
      },
      {
        id: 'run.resume',
        label: 'Resume',
        group: 'Run',
        icon: 'play',
        note: 'a new attempt of the same run',
        when: () => now.current.resume !== undefined,
        run: () => now.current.resume?.(),
      },
    ],
    [now],
  )
  useCommands(commands)
}

function RunState({ detail, live }: { readonly detail: RunDetail; readonly live: boolean }) {
  const now = useNow(live ? 1_000 : 60_000)
  const { startedAt, endedAt, status } = detail
  const progress = progressOf(detail)
  const elapsed = startedAt === null ? null : (endedAt ?? now) - startedAt
  const share = progress === null || progress.total <= 0 ? undefined : progress.done / progress.total
  const left =
    !live || share === undefined || share <= 0.02 || elapsed === null ? null : (elapsed * (1 - share)) / share
  return (
    <>
      {status === 'finished' ? (
        <StateWord state="done">finished</StateWord>
      ) : (
        <StatusPill state={runStatusLook[status].mark}>{runStatusLook[status].word}</StatusPill>
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
            : endedAt === null
              ? // How long it took nobody knows: it was not seen to end.
                `began ${formatRelativeTime(startedAt ?? now, now)}`
              : `took ${formatDuration(elapsed)}, ${formatRelativeTime(endedAt, now)}`}
        </span>
      )}
    </>
  )
}
