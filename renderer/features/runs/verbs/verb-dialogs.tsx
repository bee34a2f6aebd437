import { type ReactNode, useState } from 'react'
import { formatBytes } from '#shared/lib/format.ts'
import type { UndoableChange } from '#shared/contract/common.ts'
import { useRead, useWrite } from '#renderer/client/index.ts'
import { ExportDialog } from '#renderer/features/exports/index.ts'
import { Select } from '#renderer/ui/fields/select.tsx'
import { TextField } from '#renderer/ui/fields/text-field.tsx'
import { Dialog } from '#renderer/ui/overlays/dialog.tsx'
import { useToasts } from '#renderer/ui/states/toasts.tsx'
import { RegisteredNote } from './registered-note.tsx'
import s from './verb-dialogs.module.css'

/** What a verb asks before it is done. */
export type Asked =
  | { readonly kind: 'rename'; readonly run: string; readonly name: string }
  | { readonly kind: 'tag' | 'experiment' | 'move' | 'export' | 'deleteForever'; readonly runs: readonly string[] }

export type VerbDialogProps = {
  readonly project: string
  readonly asked: Asked
  readonly onClose: () => void
  /** Says that it was done, with undo of that change. */
  readonly onDone: (text: string, change: UndoableChange) => void
  /** The runs have left the list that they stood in. */
  readonly onGone: () => void
}
type DialogOf<Kind extends Asked['kind']> = Omit<VerbDialogProps, 'asked'> & {
  readonly asked: Extract<Asked, { readonly kind: Kind }>
}
type RunsDialog = Omit<VerbDialogProps, 'asked'> & { readonly runs: readonly string[] }

/** The dialog of the verb that asks. */
export function VerbDialog({ asked, ...rest }: VerbDialogProps): ReactNode {
  switch (asked.kind) {
    case 'rename':
      return <RenameDialog {...rest} asked={asked} />
    case 'tag':
      return <TagDialog {...rest} runs={asked.runs} />
    case 'experiment':
      return <ExperimentDialog {...rest} runs={asked.runs} />
    case 'move':
      return <MoveDialog {...rest} runs={asked.runs} />
    case 'export':
      return <ExportDialog project={rest.project} runs={asked.runs} onClose={rest.onClose} />
    case 'deleteForever':
      return <DeleteDialog {...rest} runs={asked.runs} />
  }
}

const these = (runs: readonly string[]): string =>
  runs.length === 1 ? 'this run' : `${runs.length.toLocaleString('en')} runs`

function RenameDialog({ project, asked, onClose, onDone }: DialogOf<'rename'>) {
  const [name, setName] = useState(asked.name)
  const write = useWrite('runs.rename')
  const rename = (): void =>
    write.mutate(
      { project, run: asked.run, name },
      {
        onSuccess: (change) => {
          onClose()
          onDone(`Renamed to ${name.trim()}`, change)
        },
      },
    )
  return (
    <Dialog
      open
      onClose={onClose}
      title="Rename this run"
      action="Rename"
      disabled={name.trim() === '' || name.trim() === asked.name || write.isPending}
      onAction={rename}
    >
      <div className={s.fields}>
        <TextField label="Name" value={name} onChange={setName} autoFocus fault={write.error?.message} />
      </div>
    </Dialog>
  )
}

function TagDialog({ project, runs, onClose, onDone }: RunsDialog) {
  const [key, setKey] = useState('')
  const [value, setValue] = useState('')
  const write = useWrite('runs.setTag')
  const set = (): void =>
    write.mutate(
      { project, runs, key, value },
      {
        onSuccess: (change) => {
          onClose()
          onDone(`Tagged ${these(runs)} with ${key.trim()}`, change)
        },
      },
    )
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Tag ${these(runs)}`}
      action="Set tag"
      disabled={key.trim() === '' || write.isPending}
      onAction={set}
    >
      <div className={s.pair}>
        <TextField label="Tag" value={key} onChange={setKey} autoFocus fault={write.error?.message} />
        <TextField label="Value" value={value} onChange={setValue} placeholder="may be empty" />
      </div>
    </Dialog>
  )
}

function ExperimentDialog({ project, runs, onClose, onDone }: RunsDialog) {
  const [name, setName] = useState('')
  const experiments = useRead('runs.experiments', { project })
  const write = useWrite('runs.setExperiment')
  const names = (experiments.data ?? []).flatMap((one) => (one.lifecycle === 'active' ? [one.name] : []))
  const move = (): void =>
    write.mutate(
      { project, runs, name },
      {
        onSuccess: (change) => {
          onClose()
          onDone(`Moved ${these(runs)} to ${name.trim()}`, change)
        },
      },
    )
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Move ${these(runs)} to which experiment?`}
      action="Move"
      disabled={name.trim() === '' || write.isPending}
      onAction={move}
    >
      <div className={s.fields}>
        <TextField
          label="Experiment"
          value={name}
          onChange={setName}
          autoFocus
          fault={write.error?.message}
          help={
            names.length === 0
              ? 'A new name makes a new experiment.'
              : `There are: ${names.slice(0, 6).join(', ')}. A new name makes a new one.`
          }
        />
      </div>
    </Dialog>
  )
}

function MoveDialog({ project, runs, onClose, onGone }: RunsDialog) {
  const recent = useRead('projects.recent', {})
  const write = useWrite('runs.moveToProject')
  const toasts = useToasts()
  const [target, setTarget] = useState<string | null>(null)
  const targets = (recent.data ?? []).filter(({ id, state }) => id !== project && state === 'ok')
  const move = (): void => {
    if (target === null) return
    write.mutate(
      { project, runs, target },
      {
        onSuccess: ({ moved }) => {
          onClose()
          onGone()
          const name = targets.find(({ id }) => id === target)?.name ?? target
          toasts.show({ text: `${moved} ${moved === 1 ? 'run' : 'runs'} moved to ${name}`, state: 'done' })
        },
      },
    )
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Move ${these(runs)} to which project?`}
      action="Move"
      disabled={target === null || write.isPending}
      onAction={move}
    >
      {targets.length === 0 ? (
        <p>There is no other project. Open another folder first.</p>
      ) : (
        <div className={s.fields}>
          <p>Metrics, files and what was captured go with {runs.length === 1 ? 'it' : 'them'}.</p>
          <RegisteredNote project={project} runs={runs} />
          <Select
            label="Project"
            options={targets.map(({ id, name, folder }) => ({ id, label: name, note: folder }))}
            value={target}
            onChange={setTarget}
            fault={write.error?.message}
          />
        </div>
      )}
    </Dialog>
  )
}

function DeleteDialog({ project, runs, onClose, onGone }: RunsDialog) {
  const preview = useRead('runs.deletionPreview', { project, runs })
  const write = useWrite('runs.deleteForever')
  const toasts = useToasts()
  const { data } = preview
  const size = data === undefined ? '' : ` and ${formatBytes(data.bytes)}`
  const remove = (): void =>
    write.mutate(
      { project, runs },
      {
        onSuccess: ({ bytes }) => {
          onClose()
          onGone()
          toasts.show({ text: `Deleted, ${formatBytes(bytes)} freed`, state: 'done' })
        },
      },
    )
  const failed = (preview.error ?? write.error)?.message
  return (
    <Dialog
      open
      onClose={onClose}
      destructive
      title={`Delete ${these(runs)}${size} for good?`}
      action={data === undefined ? 'Delete' : `Delete ${formatBytes(data.bytes)}`}
      disabled={write.isPending || data === undefined}
      note={failed ?? 'This cannot be undone'}
      onAction={remove}
    >
      {data === undefined
        ? 'Counting what would go…'
        : `${count(data.points, 'point')} and ${count(data.files, 'file')} go with ${runs.length === 1 ? 'it' : 'them'}. Files in your project folder stay.`}
      <RegisteredNote project={project} runs={runs} />
    </Dialog>
  )
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`
}
