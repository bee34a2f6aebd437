import { useState } from 'react'
import type { ExportPlan, ExportReport } from '#shared/contract/exports.ts'
import { formatBytes } from '#shared/lib/format.ts'
import { useHost, useRead } from '#renderer/client/index.ts'
import { useDebounced } from '#renderer/lib/use-debounced.ts'
import { Button } from '#renderer/ui/buttons/button.tsx'
import { CopyButton } from '#renderer/ui/buttons/copy-button.tsx'
import { Checkbox } from '#renderer/ui/fields/checkbox.tsx'
import { TextField } from '#renderer/ui/fields/text-field.tsx'
import { WorkLine } from '#renderer/ui/marks/progress.tsx'
import { Dialog } from '#renderer/ui/overlays/dialog.tsx'
import s from './exports.module.css'
import { useExport } from './use-export.ts'

export type ExportDialogProps = {
  readonly project: string
  /** All that are not in the trash by default. */
  readonly runs?: readonly string[] | undefined
  readonly onClose: () => void
}

/** Asks where to write a project for MLflow, says what will go along and what can't, and shows how it goes. */
export function ExportDialog({ project, runs, onClose }: ExportDialogProps) {
  const { desktop, capabilities } = useHost()
  const [target, setTarget] = useState('')
  const [artifacts, setArtifacts] = useState(true)
  const { state, start, cancel } = useExport()
  const wanted = {
    project,
    format: 'mlflow' as const,
    target: target.trim(),
    artifacts,
    ...(runs === undefined ? {} : { runs }),
  }
  const isAsking = state.at === 'asking'
  // A plan looks at every file, so not at each key that is pressed.
  const settled = useDebounced(wanted.target, 250)
  const plan = useRead(
    'exports.plan',
    { ...wanted, target: settled },
    { enabled: isAsking && settled !== '', keepPrevious: true },
  )
  const isPlanned = settled === wanted.target && plan.data !== undefined && !plan.isPlaceholderData
  const what = runs === undefined ? 'this project' : runs.length === 1 ? 'this run' : `${runs.length} runs`
  if (state.at === 'done') return <Done report={state.report} onClose={onClose} />
  if (state.at === 'running') {
    return (
      <Dialog
        open
        onClose={onClose}
        title={`Exporting ${what} to MLflow`}
        action="Close"
        cancel={null}
        onAction={onClose}
        note="It goes on when this is closed."
        width={560}
      >
        <WorkLine label="Export" share={state.share} onCancel={cancel}>
          {state.words}
        </WorkLine>
      </Dialog>
    )
  }
  const pick = async (): Promise<void> => {
    const { path } = (await desktop?.pickPath({ kind: 'folder', title: 'Export to' })) ?? { path: null }
    if (path !== null) setTarget(path)
  }
  const problem = state.problem ?? (isPlanned ? plan.data.problem : null) ?? plan.error?.message
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Export ${what} to MLflow`}
      action="Export"
      disabled={!isPlanned || plan.data.problem !== null}
      onAction={() => start(wanted)}
      width={560}
    >
      <div className={s.fields}>
        <div className={s.where}>
          <TextField
            label="Folder"
            value={target}
            onChange={setTarget}
            placeholder="/home/ada/churn-mlflow"
            mono
            autoFocus
            fault={wanted.target === '' ? undefined : problem}
            help="A new folder, or an empty one."
            className={s.folder}
          />
          {capabilities.pickPath ? <Button onPress={() => void pick()}>Choose…</Button> : null}
        </div>
        <Checkbox label="With files" checked={artifacts} onChange={setArtifacts} />
        {plan.data === undefined || wanted.target === '' ? (
          <p className="s12 t2">
            Writes <span className="mono">mlflow.db</span> and all files, which MLflow 3.0 and later open with the same
            numbers.
          </p>
        ) : (
          <PlanView plan={plan.data} />
        )}
      </div>
    </Dialog>
  )
}

function PlanView({ plan }: { readonly plan: ExportPlan }) {
  return (
    <div className={s.plan}>
      <p>
        {contents(plan)}
        {plan.freeBytes === null ? '' : `; ${formatBytes(plan.freeBytes)} free`}
      </p>
      <details>
        <summary>What MLflow has no place for</summary>
        <ul>
          {plan.losses.map((loss) => (
            <li key={loss}>{loss}</li>
          ))}
        </ul>
      </details>
    </div>
  )
}

function Done({ report, onClose }: { readonly report: ExportReport; readonly onClose: () => void }) {
  const { desktop } = useHost()
  const { target, notes } = report
  const command = `mlflow server --backend-store-uri "sqlite:///${target}/mlflow.db"`
  return (
    <Dialog
      open
      onClose={onClose}
      title="Exported to MLflow"
      action="Done"
      cancel={null}
      onAction={onClose}
      width={560}
    >
      <div className={s.plan}>
        <p>{contents(report)}</p>
        <p className={s.place}>
          <span className="mono">{target}</span>
          {desktop === null ? (
            <CopyButton icon text={target} label="Copy path" size="small" />
          ) : (
            <Button size="small" icon="open" onPress={() => void desktop.reveal({ path: target })}>
              Reveal
            </Button>
          )}
        </p>
        <p className={s.place}>
          <span className="mono">{command}</span>
          <CopyButton icon text={command} label="Copy command" size="small" />
        </p>
        {notes.length === 0 ? null : (
          <details>
            <summary>{notes.length === 1 ? '1 note' : `${notes.length.toLocaleString('en')} notes`}</summary>
            <ul>
              {notes.map(({ what, why }) => (
                <li key={`${what} ${why}`}>
                  <span className="mono">{what}</span>: {why}
                </li>
              ))}
            </ul>
          </details>
        )}
      </div>
    </Dialog>
  )
}

type Counts = Pick<
  ExportPlan,
  'experiments' | 'runs' | 'points' | 'loggedModels' | 'registeredModels' | 'files' | 'bytes'
>

function contents({ experiments, runs, points, loggedModels, registeredModels, files, bytes }: Counts): string {
  const words = [
    counted(experiments, 'experiment'),
    counted(runs, 'run'),
    counted(points, 'point'),
    counted(loggedModels, 'logged model'),
    counted(registeredModels, 'registered model'),
    files === 0 ? '' : `${counted(files, 'file')} (${formatBytes(bytes)})`,
  ]
  return words.filter((word) => word !== '').join(', ') || 'Nothing yet'
}

function counted(count: number, noun: string): string {
  return count === 0 ? '' : `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`
}
