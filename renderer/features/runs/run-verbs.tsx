import { useState, type ReactNode } from 'react'
import { formatBytes } from '#shared/lib/format.ts'
import type { AppError } from '#shared/rpc/errors.ts'
import { useRead, useWrite } from '#renderer/client/index.ts'
import { navigate } from '#renderer/lib/routes.ts'
import { TextField } from '#renderer/ui/fields/text-field.tsx'
import { Dialog } from '#renderer/ui/overlays/dialog.tsx'
import type { MenuEntry } from '#renderer/ui/overlays/menu-items.tsx'
import { useToasts } from '#renderer/ui/states/toasts.tsx'

type Asked =
  | { readonly kind: 'rename'; readonly run: string; readonly name: string }
  | { readonly kind: 'tag' | 'experiment'; readonly runs: readonly string[] }
  | { readonly kind: 'move'; readonly runs: readonly string[] }
  | { readonly kind: 'deleteForever'; readonly runs: readonly string[] }

/** The verbs of runs: the same words in menus, footer and run page. */
export type RunVerbs = {
  readonly compare: (runs: readonly string[]) => void
  readonly open: (run: string) => void
  readonly archive: (runs: readonly string[]) => void
  readonly unarchive: (runs: readonly string[]) => void
  readonly remove: (runs: readonly string[]) => void
  readonly restore: (runs: readonly string[]) => void
  readonly rename: (run: string, name: string) => void
  readonly undo: () => void
  readonly entries: (runs: readonly string[], name?: string) => readonly MenuEntry[]
  /** Dialogs that verbs ask with; drawn once by the screen. */
  readonly dialogs: ReactNode
}

/** Verbs over the runs of one project, with undo where it can be had and a question where it cannot. */
export function useRunVerbs(
  project: string,
  lifecycle: 'active' | 'archived' | 'deleted',
  onDone: () => void = () => {},
): RunVerbs {
  const toasts = useToasts()
  const [asked, setAsked] = useState<Asked | null>(null)
  const archive = useWrite('runs.archive')
  const unarchive = useWrite('runs.unarchive')
  const remove = useWrite('runs.remove')
  const restore = useWrite('runs.restore')
  const undo = useWrite('projects.undo')
  const failed = (error: AppError): void => void toasts.show({ text: error.message, state: 'bad' })
  const undoNow = (): void =>
    undo.mutate(
      { project },
      {
        onError: failed,
        onSuccess: ({ label }) =>
          void toasts.show({ text: label === null ? 'Nothing to undo.' : `Undone: ${label}.`, state: 'done' }),
      },
    )
  const counted = (runs: readonly string[]): string =>
    runs.length === 1 ? 'Run' : `${runs.length.toLocaleString('en')} runs`
  const done = (text: string) => (): void => {
    onDone()
    toasts.show({ text, state: 'done', action: { label: 'Undo', keys: 'Mod+Z', onPress: undoNow } })
  }
  const act = (write: typeof archive, words: string) => (runs: readonly string[]) =>
    write.mutate({ project, runs }, { onSuccess: done(`${counted(runs)} ${words}`), onError: failed })
  const verbs = {
    compare: (runs: readonly string[]) => navigate({ screen: 'compare', project, runs }),
    open: (run: string) => navigate({ screen: 'run', project, run }),
    archive: act(archive, 'archived'),
    unarchive: act(unarchive, 'brought back'),
    remove: act(remove, 'moved to the trash'),
    restore: act(restore, 'restored'),
    rename: (run: string, name: string) => setAsked({ kind: 'rename', run, name }),
    undo: undoNow,
  }
  const entries = (runs: readonly string[], name?: string): readonly MenuEntry[] => {
    const [only] = runs
    const single = runs.length === 1 && only !== undefined ? only : undefined
    return [
      ...(single === undefined
        ? []
        : [
            {
              kind: 'action',
              id: 'open',
              label: 'Open',
              icon: 'open',
              keys: 'Enter',
              onSelect: () => verbs.open(single),
            } as const,
          ]),
      ...(runs.length < 2
        ? []
        : [
            {
              kind: 'action',
              id: 'compare',
              label: 'Compare',
              icon: 'compare',
              keys: 'c',
              onSelect: () => verbs.compare(runs),
            } as const,
          ]),
      ...(single === undefined || name === undefined
        ? []
        : [
            {
              kind: 'action',
              id: 'rename',
              label: 'Rename…',
              icon: 'edit',
              keys: 'e',
              onSelect: () => verbs.rename(single, name),
            } as const,
          ]),
      { kind: 'action', id: 'tag', label: 'Tag…', icon: 'tag', onSelect: () => setAsked({ kind: 'tag', runs }) },
      {
        kind: 'action',
        id: 'experiment',
        label: 'Move to experiment…',
        icon: 'folder',
        onSelect: () => setAsked({ kind: 'experiment', runs }),
      },
      {
        kind: 'action',
        id: 'move',
        label: 'Move to another project…',
        icon: 'link',
        onSelect: () => setAsked({ kind: 'move', runs }),
      },
      { kind: 'rule', id: 'rule' },
      ...(lifecycle === 'active'
        ? [
            {
              kind: 'action',
              id: 'archive',
              label: 'Archive',
              icon: 'archive',
              onSelect: () => verbs.archive(runs),
            } as const,
          ]
        : []),
      ...(lifecycle === 'archived'
        ? [
            {
              kind: 'action',
              id: 'unarchive',
              label: 'Bring back',
              icon: 'archive',
              onSelect: () => verbs.unarchive(runs),
            } as const,
          ]
        : []),
      ...(lifecycle === 'deleted'
        ? [
            {
              kind: 'action',
              id: 'restore',
              label: 'Restore',
              icon: 'undo',
              onSelect: () => verbs.restore(runs),
            } as const,
            {
              kind: 'action',
              id: 'forever',
              label: 'Delete for good…',
              icon: 'trash',
              tone: 'bad',
              onSelect: () => setAsked({ kind: 'deleteForever', runs }),
            } as const,
          ]
        : [
            {
              kind: 'action',
              id: 'remove',
              label: 'Move to trash',
              icon: 'trash',
              tone: 'bad',
              keys: 'Backspace',
              onSelect: () => verbs.remove(runs),
            } as const,
          ]),
    ]
  }
  return {
    ...verbs,
    entries,
    dialogs:
      asked === null ? null : (
        <VerbDialog project={project} asked={asked} onClose={() => setAsked(null)} onDone={done} onFailed={failed} />
      ),
  }
}

type VerbDialogProps = {
  readonly project: string
  readonly asked: Asked
  readonly onClose: () => void
  readonly onDone: (text: string) => () => void
  readonly onFailed: (error: AppError) => void
}

function VerbDialog(props: VerbDialogProps) {
  switch (props.asked.kind) {
    case 'rename':
      return <RenameDialog {...props} asked={props.asked} />
    case 'tag':
      return <TagDialog {...props} runs={props.asked.runs} />
    case 'experiment':
      return <ExperimentDialog {...props} runs={props.asked.runs} />
    case 'move':
      return <MoveDialog {...props} runs={props.asked.runs} />
    case 'deleteForever':
      return <DeleteDialog {...props} runs={props.asked.runs} />
  }
}

function useClosing({ onClose, onDone }: VerbDialogProps): (text: string) => { readonly onSuccess: () => void } {
  return (text) => ({
    onSuccess: () => {
      onClose()
      onDone(text)()
    },
  })
}

function RenameDialog(props: VerbDialogProps & { readonly asked: Extract<Asked, { kind: 'rename' }> }) {
  const { project, asked, onClose } = props
  const [name, setName] = useState(asked.name)
  const write = useWrite('runs.rename')
  const closing = useClosing(props)
  return (
    <Dialog
      open
      onClose={onClose}
      title="Rename this run?"
      action="Rename"
      disabled={name.trim() === '' || write.isPending}
      onAction={() => write.mutate({ project, run: asked.run, name }, closing(`Renamed to ${name.trim()}`))}
    >
      <TextField label="Name" value={name} onChange={setName} autoFocus fault={write.error?.message} />
    </Dialog>
  )
}

function TagDialog(props: VerbDialogProps & { readonly runs: readonly string[] }) {
  const { project, runs, onClose } = props
  const [key, setKey] = useState('')
  const [value, setValue] = useState('')
  const write = useWrite('runs.setTag')
  const closing = useClosing(props)
  return (
    <Dialog
      open
      onClose={onClose}
      title={runs.length === 1 ? 'Tag this run?' : `Tag ${runs.length} runs?`}
      action="Set tag"
      disabled={key.trim() === '' || write.isPending}
      onAction={() => write.mutate({ project, runs, key, value }, closing(`Tagged ${key}`))}
    >
      <TextField label="Tag" value={key} onChange={setKey} autoFocus fault={write.error?.message} />
      <TextField label="Value" value={value} onChange={setValue} />
    </Dialog>
  )
}

function ExperimentDialog(props: VerbDialogProps & { readonly runs: readonly string[] }) {
  const { project, runs, onClose } = props
  const [name, setName] = useState('')
  const experiments = useRead('runs.experiments', { project })
  const write = useWrite('runs.setExperiment')
  const closing = useClosing(props)
  const names = (experiments.data ?? [])
    .filter(({ lifecycle }) => lifecycle === 'active')
    .map((experiment) => experiment.name)
  return (
    <Dialog
      open
      onClose={onClose}
      title={runs.length === 1 ? 'Move to which experiment?' : `Move ${runs.length} runs to which experiment?`}
      action="Move"
      disabled={name.trim() === '' || write.isPending}
      onAction={() => write.mutate({ project, runs, name }, closing(`Moved to ${name.trim()}`))}
    >
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
    </Dialog>
  )
}

function MoveDialog(props: VerbDialogProps & { readonly runs: readonly string[] }) {
  const { project, runs, onClose } = props
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
          toasts.show({ text: `${moved} ${moved === 1 ? 'run' : 'runs'} moved.`, state: 'done' })
        },
      },
    )
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={runs.length === 1 ? 'Move this run to which project?' : `Move ${runs.length} runs to which project?`}
      action="Move"
      disabled={target === null || write.isPending}
      note={write.error?.message}
      onAction={move}
    >
      {targets.length === 0 ? <p className="s12 t2">There is no other project. Open another folder first.</p> : null}
      <div role="radiogroup" aria-label="Project">
        {targets.map(({ id, name, folder }) => (
          <label key={id} className="row s12" style={{ minHeight: 28 }}>
            <input type="radio" name="target" checked={target === id} onChange={() => setTarget(id)} />
            <span className="w5">{name}</span>
            <span className="t3 cut">{folder}</span>
          </label>
        ))}
      </div>
    </Dialog>
  )
}

function DeleteDialog({ project, runs, onClose, onFailed }: VerbDialogProps & { readonly runs: readonly string[] }) {
  const preview = useRead('runs.deletionPreview', { project, runs })
  const write = useWrite('runs.deleteForever')
  const toasts = useToasts()
  const size = preview.data === undefined ? '' : `, ${formatBytes(preview.data.bytes)}`
  return (
    <Dialog
      open
      onClose={onClose}
      destructive
      title={`Delete ${runs.length === 1 ? 'this run' : `${runs.length} runs`} for good${size}?`}
      action="Delete for good"
      disabled={write.isPending}
      onAction={() =>
        write.mutate(
          { project, runs },
          {
            onSuccess: ({ bytes }) => {
              onClose()
              toasts.show({ text: `Deleted. ${formatBytes(bytes)} freed.`, state: 'done' })
            },
            onError: onFailed,
          },
        )
      }
    >
      <p className="s12 t2">
        {preview.data === undefined
          ? 'Counting what would go…'
          : `${preview.data.points.toLocaleString('en')} points and ${preview.data.files.toLocaleString('en')} files go with it. Files in your project folder stay. This cannot be undone.`}
      </p>
    </Dialog>
  )
}
