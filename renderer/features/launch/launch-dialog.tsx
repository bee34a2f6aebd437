import { useState } from 'react'
import { joinCommand, splitCommand } from '#shared/domain/command-words.ts'
import type { LaunchSpec } from '#shared/contract/launch.ts'
import { useRead, useWrite } from '#renderer/client/index.ts'
import { navigate } from '#renderer/lib/routes.ts'
import { Button } from '#renderer/ui/buttons/button.tsx'
import { Checkbox } from '#renderer/ui/fields/checkbox.tsx'
import { Select } from '#renderer/ui/fields/select.tsx'
import { TextField } from '#renderer/ui/fields/text-field.tsx'
import { Dialog } from '#renderer/ui/overlays/dialog.tsx'
import { useDebounced } from '#renderer/lib/use-debounced.ts'
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

/** The launch form: command, folder, interpreter, parameters, variables, name; what will happen is shown before it does. */
export function LaunchDialog({ project, initial, onClose }: LaunchDialogProps) {
  const [command, setCommand] = useState(initial === null ? '' : joinCommand(initial.command))
  const [folder, setFolder] = useState(initial?.folder ?? '.')
  const [interpreter, setInterpreter] = useState(initial?.interpreter ?? '')
  const [name, setName] = useState('')
  const [experiment, setExperiment] = useState(initial?.experiment ?? '')
  const [environment, setEnvironment] = useState<Readonly<Record<string, string>>>(initial?.environment ?? {})
  const [keepTracking, setKeepTracking] = useState<boolean | null>(initial?.keepTracking ?? null)
  const [queue, setQueue] = useState(false)
  const recent = useRead('launch.recent', { project })
  const interpreters = useRead('launch.interpreters', { project, folder }, { keepPrevious: true })
  const start = useWrite('launch.start')

  const { words, open } = splitCommand(command)
  const spec = useDebounced(
    {
      command: words,
      folder: folder.trim() === '' ? '.' : folder.trim(),
      environment,
      keepTracking,
      ...(interpreter === '' ? {} : { interpreter }),
      ...(name.trim() === '' ? {} : { name: name.trim() }),
      ...(experiment.trim() === '' ? {} : { experiment: experiment.trim() }),
    },
    200,
  )
  const preview = useRead(
    'launch.preview',
    { project, spec },
    { enabled: words.length > 0 && !open, keepPrevious: true },
  )
  const problems = preview.data?.problems ?? []
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
  const suggestions = (recent.data ?? []).slice(0, 4)
  return (
    <Dialog
      open
      onClose={onClose}
      title={initial === null ? 'Launch a run' : 'Run again with changes'}
      action={queue ? 'Add to queue' : 'Launch run'}
      disabled={words.length === 0 || open || problems.length > 0 || start.isPending}
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
        {initial === null && command === '' && suggestions.length > 0 ? (
          <div className={s.recent}>
            <span className="s11 t3">Before</span>
            {suggestions.map((one) => (
              <Button
                key={joinCommand(one.command)}
                size="small"
                tone="ghost"
                onPress={() => setCommand(joinCommand(one.command))}
              >
                <span className="mono cut">{joinCommand(one.command)}</span>
              </Button>
            ))}
          </div>
        ) : null}
        <ParameterTable command={command} parameters={preview.data?.parameters ?? []} onChange={setCommand} />
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
          />
          <TextField label="Name" value={name} onChange={setName} placeholder="made up when empty" />
          <TextField label="Experiment" value={experiment} onChange={setExperiment} placeholder="Default" />
        </div>
        <EnvironmentTable value={environment} onChange={setEnvironment} />
        <div className={s.checks}>
          <Checkbox label="Wait in the queue" checked={queue} onChange={setQueue} />
          {(preview.data?.tracking.length ?? 0) > 0 ? (
            <Checkbox
              label="Keep the tracking server that is set already"
              checked={keepTracking ?? true}
              onChange={setKeepTracking}
            />
          ) : null}
        </div>
        {preview.data === undefined ? null : <LaunchPreviewPane preview={preview.data} />}
      </div>
    </Dialog>
  )
}
