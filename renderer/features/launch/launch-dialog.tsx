import { useState } from 'react'
import { joinCommand, splitCommand } from '#shared/domain/command-words.ts'
import type { LaunchSpec } from '#shared/contract/launch.ts'
import { useRead, useWrite } from '#renderer/client/index.ts'
import { navigate } from '#renderer/lib/routes.ts'
import { useDebounced } from '#renderer/lib/use-debounced.ts'
import { Button } from '#renderer/ui/buttons/button.tsx'
import { Checkbox } from '#renderer/ui/fields/checkbox.tsx'
import { Select } from '#renderer/ui/fields/select.tsx'
import { TextField } from '#renderer/ui/fields/text-field.tsx'
import { Dialog } from '#renderer/ui/overlays/dialog.tsx'
import { EnvironmentTable } from './environment-table.tsx'
import { LaunchPreviewPane } from './launch-preview.tsx'
import s from './launch.module.css'
import { ParameterTable } from './parameter-table.tsx'

export type LaunchDialogProps = {
  readonly project: string
  /** What it begins with: the spec of an earlier run, or nothing. */
  readonly initial: LaunchSpec | null
  readonly onClose: () => void
}

/** Commands of before that are offered while nothing is written. */
const RECENT = 4

/** The launch form: command, folder, interpreter, parameters, variables, name; what will happen is shown before it does. */
export function LaunchDialog({ project, initial, onClose }: LaunchDialogProps) {
  const [command, setCommand] = useState(initial === null ? '' : joinCommand(initial.command))
  const [folder, setFolder] = useState(initial?.folder ?? '.')
  const [interpreter, setInterpreter] = useState(initial?.interpreter ?? '')
  const [name, setName] = useState('')
  const [experiment, setExperiment] = useState(initial?.experiment ?? '')
  const [environment, setEnvironment] = useState<Readonly<Record<string, string>>>(initial?.environment ?? {})
  const [keepTracking, setKeepTracking] = useState(initial?.keepTracking ?? false)
  const [queue, setQueue] = useState(false)
  const recent = useRead('launch.recent', { project })
  const interpreters = useRead(
    'launch.interpreters',
    { project, folder: useDebounced(folder, 200) },
    { keepPrevious: true },
  )
  const start = useWrite('launch.start')

  const { words, open } = splitCommand(command)
  const spec: LaunchSpec = {
    command: words,
    folder: folder.trim() === '' ? '.' : folder.trim(),
    environment,
    keepTracking,
    ...(interpreter === '' ? {} : { interpreter }),
    ...(name.trim() === '' ? {} : { name: name.trim() }),
    ...(experiment.trim() === '' ? {} : { experiment: experiment.trim() }),
  }
  const whole = words.length > 0 && !open
  const shown = useDebounced(spec, 150)
  const preview = useRead(
    'launch.preview',
    { project, spec: shown },
    { enabled: whole && shown.command.length > 0, keepPrevious: true },
  )
  const problems = whole ? (preview.data?.problems ?? []) : []
  const problemOf = (field: string): string | undefined => problems.find((problem) => problem.field === field)?.message
  const begin = (): void =>
    start.mutate(
      { project, spec, queue },
      {
        onSuccess: ({ run }) => {
          onClose()
          navigate({ screen: 'run', project, run })
        },
      },
    )
  const tracked = preview.data !== undefined && preview.data.tracking.length > 0
  return (
    <Dialog
      open
      onClose={onClose}
      title={initial === null ? 'Launch a run' : 'Run again with changes'}
      action={queue ? 'Add to queue' : 'Launch run'}
      disabled={!whole || problems.length > 0 || start.isPending}
      onAction={begin}
      width={640}
      note={start.error?.message}
    >
      <div className={s.form}>
        <TextField
          label="Command"
          value={command}
          onChange={setCommand}
          placeholder="python train.py --lr 0.1"
          mono
          autoFocus
          fault={open ? 'A quote is not closed.' : (problemOf('command') ?? problemOf('script'))}
        />
        {command === '' ? (
          <RecentCommands specs={recent.data ?? []} onChoose={setCommand} />
        ) : (
          <ParameterTable
            command={command}
            parameters={whole ? (preview.data?.parameters ?? []) : []}
            onChange={setCommand}
          />
        )}
        <div className={s.two}>
          <TextField label="Folder" value={folder} onChange={setFolder} mono fault={problemOf('folder')} />
          <Select
            label="Interpreter"
            options={[
              { id: '', label: 'As the command says' },
              ...(interpreters.data ?? []).map(({ path, label, version, kind }) => ({
                id: path,
                label,
                note: version ?? kind,
              })),
            ]}
            value={interpreter}
            onChange={setInterpreter}
            fault={problemOf('interpreter')}
          />
          <TextField label="Name" value={name} onChange={setName} placeholder="made up when empty" />
          <TextField label="Experiment" value={experiment} onChange={setExperiment} placeholder="Default" />
        </div>
        <EnvironmentTable value={environment} onChange={setEnvironment} />
        <div className={s.checks}>
          <Checkbox label="Wait in the queue until a place is free" checked={queue} onChange={setQueue} />
          {tracked || keepTracking ? (
            <Checkbox
              label="Keep the tracking server that is set already"
              checked={keepTracking}
              onChange={setKeepTracking}
            />
          ) : null}
        </div>
        {preview.data === undefined || !whole ? null : <LaunchPreviewPane preview={preview.data} />}
      </div>
    </Dialog>
  )
}

type RecentCommandsProps = { readonly specs: readonly LaunchSpec[]; readonly onChoose: (command: string) => void }

function RecentCommands({ specs, onChoose }: RecentCommandsProps) {
  const commands = [...new Set(specs.map(({ command }) => joinCommand(command)))].slice(0, RECENT)
  if (commands.length === 0) return null
  return (
    <div className={s.recent} role="group" aria-label="Launched before">
      <span className="s11 t3">Launched before</span>
      {commands.map((command) => (
        <Button key={command} size="small" tone="ghost" className={s.before} onPress={() => onChoose(command)}>
          <span className="mono cut">{command}</span>
        </Button>
      ))}
    </div>
  )
}
