import { useState } from 'react'
import type { ImportedSource } from '#shared/contract/imports.ts'
import { formatRelativeTime } from '#shared/lib/format-time.ts'
import { useWrite } from '#renderer/client/index.ts'
import { Button } from '#renderer/ui/buttons/button.tsx'
import { TextField } from '#renderer/ui/fields/text-field.tsx'
import { Switch } from '#renderer/ui/fields/switch.tsx'
import { MiddleCut } from '#renderer/ui/marks/middle-cut.tsx'
import { StateWord } from '#renderer/ui/marks/pill.tsx'
import { WorkLine } from '#renderer/ui/marks/progress.tsx'
import { Dialog } from '#renderer/ui/overlays/dialog.tsx'
import { MoreMenu } from '#renderer/ui/overlays/menu.tsx'
import { useToasts } from '#renderer/ui/states/toasts.tsx'
import { count, kindWords } from './import-words.ts'
import s from './imports.module.css'
import { progressShare, progressWords } from './progress-words.ts'
import { ReportView } from './report-view.tsx'
import { useJob } from './use-job.ts'

/** A source that the project knows: how it stands, its newest report, and what can be done with it. */
export function SourceRow({ project, source }: { readonly project: string; readonly source: ImportedSource }) {
  const toasts = useToasts()
  const [asking, setAsking] = useState(false)
  const again = useWrite('imports.again')
  const cancel = useWrite('imports.cancel')
  const setWatched = useWrite('imports.setWatched')
  const forget = useWrite('imports.forget')
  const takeBack = useWrite('imports.takeBack')
  const undo = useWrite('projects.undo')
  const progress = useJob(project, source.job, source.location)
  const of = { project, source: source.source }
  const failed = { onError: (error: Error) => void toasts.show({ text: error.message, state: 'bad' as const }) }
  const undoNow = (): void =>
    undo.mutate(
      { project },
      {
        ...failed,
        onSuccess: ({ label }) =>
          void toasts.show({ text: label === null ? 'Nothing to undo' : `Undone: ${label}`, state: 'done' }),
      },
    )
  const { job } = source
  return (
    <li className={s.source}>
      <div className={s.sourceHead}>
        <span className="w5">{kindWords(source.kind)}</span>
        <span className={`mono t2 ${s.sourcePlace ?? ''}`}>
          <MiddleCut text={source.location} />
        </span>
        <span className="t3 num">
          {count(source.runs, 'run')}
          {source.readAt === null ? '' : `, read ${formatRelativeTime(source.readAt, Date.now())}`}
        </span>
        <span className="grow" />
        {source.kind === 'mlflow-server' ? null : (
          <Switch
            label="Follow"
            checked={source.watched}
            onChange={(watched) => setWatched.mutate({ ...of, watched }, failed)}
          />
        )}
        <Button
          size="small"
          disabled={job !== null}
          onPress={() => (source.kind === 'mlflow-server' ? setAsking(true) : again.mutate(of, failed))}
        >
          Import again
        </Button>
        <MoreMenu
          label={`More for ${source.location}`}
          size="small"
          entries={[
            {
              kind: 'action',
              id: 'take-back',
              label: 'Take its runs back',
              icon: 'undo',
              note: 'to the trash',
              disabled: source.runs === 0 || job !== null,
              onSelect: () =>
                takeBack.mutate(of, {
                  ...failed,
                  onSuccess: ({ runs }) =>
                    void toasts.show({
                      text: `${count(runs, 'run')} moved to trash, kept 30 days`,
                      state: 'done',
                      action: { label: 'Undo', keys: 'Mod+Z', onPress: undoNow },
                    }),
                }),
            },
            {
              kind: 'action',
              id: 'forget',
              label: 'Forget this source',
              icon: 'close',
              note: 'its runs stay',
              disabled: job !== null,
              onSelect: () => forget.mutate(of, failed),
            },
          ]}
        />
      </div>
      {source.missingSince === null ? null : (
        <p className={s.missing}>
          <StateWord state="warn">
            Not found since {formatRelativeTime(source.missingSince, Date.now())}.
            {source.referenced === 0
              ? ' What came from it is here.'
              : ` The files of ${count(source.referenced, 'run or model', 'runs and models')} were left there.`}
          </StateWord>
        </p>
      )}
      {job === null ? null : (
        <WorkLine
          label={`Import of ${source.location}`}
          share={progress === null ? undefined : progressShare(progress)}
          onCancel={() => cancel.mutate({ project, job }, failed)}
        >
          {progress === null ? 'Waiting' : progressWords(progress)}
          {progress === null ? null : <span className="t3"> {progress.current}</span>}
        </WorkLine>
      )}
      {job !== null || source.report === null ? null : <ReportView project={project} report={source.report} />}
      {asking ? (
        <TokenDialog
          location={source.location}
          onClose={() => setAsking(false)}
          onToken={(token) => again.mutate({ ...of, ...(token === '' ? {} : { token }) }, failed)}
        />
      ) : null}
    </li>
  )
}

type TokenDialogProps = {
  readonly location: string
  readonly onClose: () => void
  readonly onToken: (token: string) => void
}

/** A server's token is kept nowhere, so it is asked for each time. */
function TokenDialog({ location, onClose, onToken }: TokenDialogProps) {
  const [token, setToken] = useState('')
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Import what is new on ${location}?`}
      action="Import"
      onAction={() => {
        onToken(token)
        onClose()
      }}
    >
      <TextField
        label="Token, where the server wants one"
        value={token}
        onChange={setToken}
        help="Sent to that server alone, and kept nowhere."
        mono
        autoFocus
      />
    </Dialog>
  )
}
