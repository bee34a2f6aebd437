import { useState } from 'react'
import type { ImportedSource, ImportNote } from '#shared/contract/imports.ts'
import { formatRelativeTime } from '#shared/lib/format-time.ts'
import { useWrite } from '#renderer/client/index.ts'
import { useUndo } from '#renderer/features/projects/index.ts'
import { Button } from '#renderer/ui/buttons/button.tsx'
import { Switch } from '#renderer/ui/fields/switch.tsx'
import { MiddleCut } from '#renderer/ui/marks/middle-cut.tsx'
import { WorkLine } from '#renderer/ui/marks/progress.tsx'
import { MoreMenu } from '#renderer/ui/overlays/menu.tsx'
import { useNow } from '#renderer/lib/use-now.ts'
import { count, kindWords, takenBackWords } from './import-words.ts'
import s from './imports.module.css'
import { NotesList } from './notes-list.tsx'
import { progressShare, progressWords } from './progress-words.ts'
import { ReportView } from './report-view.tsx'
import { SourceState } from './source-state.tsx'
import { TokenDialog } from './token-dialog.tsx'
import { useJob } from './use-job.ts'

const NOTHING_KEPT = { notes: [], left: 0 }

/** A source that the project knows: how it stands, its newest report, and what can be done with it. */
export function SourceRow({ project, source }: { readonly project: string; readonly source: ImportedSource }) {
  const { done, failed: sayFailed } = useUndo(project)
  const [asking, setAsking] = useState<'again' | 'follow' | null>(null)
  /** What stayed when it was taken back, and how many runs of it were left then: more say that this was undone. */
  const [kept, setKept] = useState<{ readonly notes: readonly ImportNote[]; readonly left: number }>(NOTHING_KEPT)
  const again = useWrite('imports.again')
  const cancel = useWrite('imports.cancel')
  const setWatched = useWrite('imports.setWatched')
  const forget = useWrite('imports.forget')
  const takeBack = useWrite('imports.takeBack')
  const progress = useJob(project, source.job, source.location)
  const now = useNow(60_000)
  const of = { project, source: source.source }
  const failed = { onError: sayFailed }
  const { job, tokenKept, watched, kind, location } = source
  const isServer = kind === 'mlflow-server'
  const takeAgain = (): void => {
    if (isServer && !tokenKept && !watched) setAsking('again')
    else again.mutate(of, failed)
  }
  const follow = (on: boolean): void => {
    if (on && isServer) setAsking('follow')
    else setWatched.mutate({ ...of, watched: on }, failed)
  }
  const withToken = (token: string): void => {
    const given = { ...of, ...(token === '' ? {} : { token }) }
    if (asking === 'follow') setWatched.mutate({ ...given, watched: true }, failed)
    else again.mutate(given, failed)
  }
  return (
    <li className={s.source}>
      <div className={s.sourceHead}>
        <span className="w5">{kindWords(kind)}</span>
        <span className={`mono t2 ${s.sourcePlace ?? ''}`}>
          <MiddleCut text={location} tail={24} />
        </span>
        <span className="t3 num">
          {count(source.runs, 'run')}
          {source.readAt === null ? '' : `, read ${formatRelativeTime(source.readAt, now)}`}
        </span>
        <span className="grow" />
        <Switch label="Follow" checked={watched} onChange={follow} />
        <Button size="small" disabled={job !== null} onPress={takeAgain}>
          Import again
        </Button>
        <MoreMenu
          label={`More for ${location}`}
          size="small"
          entries={[
            {
              kind: 'action',
              id: 'take-back',
              label: 'Take back what it brought',
              icon: 'undo',
              note: 'runs to the trash',
              disabled: source.readAt === null || job !== null,
              onSelect: () =>
                takeBack.mutate(of, {
                  ...failed,
                  onSuccess: (taken) => {
                    setKept({ notes: taken.kept, left: source.runs - taken.runs })
                    done(takenBackWords(taken), taken)
                  },
                }),
            },
            ...(isServer
              ? [
                  {
                    kind: 'action' as const,
                    id: 'token',
                    label: tokenKept ? 'Give another token…' : 'Give a token…',
                    icon: 'key' as const,
                    disabled: job !== null,
                    onSelect: () => setAsking('again'),
                  },
                ]
              : []),
            {
              kind: 'action',
              id: 'forget',
              label: 'Forget this source',
              icon: 'close',
              note: 'its runs stay; deleted ones may come again',
              disabled: job !== null,
              onSelect: () => forget.mutate(of, failed),
            },
          ]}
        />
      </div>
      <SourceState source={source} onTry={takeAgain} onToken={() => setAsking('again')} />
      {job === null ? null : (
        <WorkLine
          label={`Import of ${location}`}
          share={progress === null ? undefined : progressShare(progress)}
          onCancel={() => cancel.mutate({ project, job }, failed)}
        >
          {progress === null ? 'Waiting' : progressWords(progress)}
          {progress === null ? null : <span className="t3"> {progress.current}</span>}
        </WorkLine>
      )}
      {job !== null || source.report === null ? null : <ReportView project={project} report={source.report} />}
      {kept.notes.length === 0 || source.runs > kept.left ? null : (
        <section className={s.report} aria-label="What stays">
          <p className="t2">
            Taken back, but for what was changed here since or is not its own alone, and the runs that hold files of it:
          </p>
          <NotesList notes={kept.notes} more={0} />
          <Button tone="link" onPress={() => setKept(NOTHING_KEPT)}>
            Understood
          </Button>
        </section>
      )}
      {asking === null ? null : (
        <TokenDialog
          title={asking === 'follow' ? `Follow ${location}?` : `Import what is new on ${location}?`}
          action={asking === 'follow' ? 'Follow' : 'Import'}
          followed={asking === 'follow' || watched}
          onClose={() => setAsking(null)}
          onToken={withToken}
        />
      )}
    </li>
  )
}
