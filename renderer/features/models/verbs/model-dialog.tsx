import { type ReactNode, useState } from 'react'
import type { UndoableChange } from '#shared/contract/common.ts'
import { navigate } from '#renderer/lib/routes.ts'
import { Checkbox } from '#renderer/ui/fields/checkbox.tsx'
import { TextArea, TextField } from '#renderer/ui/fields/text-field.tsx'
import { Dialog } from '#renderer/ui/overlays/dialog.tsx'
import { inStage, stageWords } from '../stage-words.ts'
import { type Asked, nameOf } from './asked.ts'
import s from './model-dialog.module.css'
import { useEdits } from './use-edits.ts'

export type ModelDialogProps = {
  readonly project: string
  readonly name: string
  readonly asked: Asked
  readonly onClose: () => void
}
type DialogOf<Kind extends Asked['kind']> = Omit<ModelDialogProps, 'asked'> & {
  readonly asked: Extract<Asked, { readonly kind: Kind }>
}

/** The dialog of the verb that asks. */
export function ModelDialog({ asked, ...rest }: ModelDialogProps): ReactNode {
  switch (asked.kind) {
    case 'rename':
      return <RenameDialog {...rest} asked={asked} />
    case 'describe':
      return <DescribeDialog {...rest} asked={asked} />
    case 'tag':
      return <TagDialog {...rest} asked={asked} />
    case 'alias':
      return <AliasDialog {...rest} asked={asked} />
    case 'stage':
      return <StageDialog {...rest} asked={asked} />
  }
}

/** Does what a dialog asked for: closes it and says so, or keeps it open with what is wrong. */
function useAsking(project: string, onClose: () => void) {
  const { client, done } = useEdits(project)
  const [fault, setFault] = useState<string>()
  const [busy, setBusy] = useState(false)
  const send = async (change: Promise<UndoableChange>, words: string): Promise<void> => {
    setBusy(true)
    try {
      const made = await change
      onClose()
      done(words, made)
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error))
      setBusy(false)
    }
  }
  return { client, send, fault, busy }
}

function RenameDialog({ project, name, onClose }: DialogOf<'rename'>) {
  const [to, setTo] = useState(name)
  const { client, send, fault, busy } = useAsking(project, onClose)
  const given = to.trim()
  const rename = async (): Promise<UndoableChange> => {
    const made = await client.rename({ project, name, to: given })
    navigate({ screen: 'model', project, name: given }, { replace: true })
    return made
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Rename ${name}?`}
      action="Rename"
      disabled={given === '' || given === name || busy}
      onAction={() => void send(rename(), `Renamed to ${given}`)}
    >
      <TextField
        label="Name"
        value={to}
        onChange={setTo}
        autoFocus
        fault={fault}
        help="Scripts that load it by its old name no longer find it."
      />
    </Dialog>
  )
}

function DescribeDialog({ project, name, asked: { version, description }, onClose }: DialogOf<'describe'>) {
  const [text, setText] = useState(description)
  const { client, send, fault, busy } = useAsking(project, onClose)
  const whom = nameOf(name, version)
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Describe ${whom}`}
      action="Save"
      disabled={text === description || busy}
      onAction={() =>
        void send(client.setDescription({ project, name, version, description: text }), `Description of ${whom} saved`)
      }
    >
      <TextArea
        label="Description"
        labelHidden
        value={text}
        onChange={setText}
        rows={8}
        autoFocus
        fault={fault}
        help="Markdown: **bold**, - lists, [links](https://…)."
      />
    </Dialog>
  )
}

function TagDialog({ project, name, asked: { version }, onClose }: DialogOf<'tag'>) {
  const [key, setKey] = useState('')
  const [value, setValue] = useState('')
  const { client, send, fault, busy } = useAsking(project, onClose)
  const whom = nameOf(name, version)
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Tag ${whom}`}
      action="Set tag"
      disabled={key.trim() === '' || busy}
      onAction={() => void send(client.setTag({ project, name, version, key, value }), `Tag ${key.trim()} set`)}
    >
      <div className={s.fields}>
        <TextField label="Tag" value={key} onChange={setKey} autoFocus fault={fault} />
        <TextField label="Value" value={value} onChange={setValue} />
      </div>
    </Dialog>
  )
}

function AliasDialog({ project, name, asked: { version, taken }, onClose }: DialogOf<'alias'>) {
  const [alias, setAlias] = useState('')
  const { client, send, fault, busy } = useAsking(project, onClose)
  const given = alias.trim().replace(/^@/, '')
  const before = taken.get(given)
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Give version ${version} an alias`}
      action="Give alias"
      disabled={given === '' || before === version || busy}
      onAction={() =>
        void send(client.setAlias({ project, name, version, alias: given }), `${given} is version ${version}`)
      }
    >
      <TextField
        label="Alias"
        value={alias}
        onChange={setAlias}
        placeholder="champion"
        mono
        autoFocus
        fault={fault}
        help={
          before === undefined
            ? `Scripts load it as models:/${name}@${given === '' ? 'champion' : given}`
            : before === version
              ? 'It has this alias already.'
              : `It is version ${before} now, and moves here.`
        }
      />
    </Dialog>
  )
}

function StageDialog({ project, name, asked: { version, stage, others }, onClose }: DialogOf<'stage'>) {
  const [archive, setArchive] = useState(true)
  const { client, send, fault, busy } = useAsking(project, onClose)
  const numbers = others.join(', ')
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Move version ${version} to ${stageWords[stage]}?`}
      action={`Move to ${stageWords[stage]}`}
      disabled={busy}
      note={fault}
      onAction={() =>
        void send(
          client.setStage({ project, name, version, stage, archiveOthers: archive }),
          `Version ${version} is ${inStage(stage)}${archive ? `, ${numbers} archived` : ''}`,
        )
      }
    >
      <div className={s.fields}>
        <p>
          {others.length === 1 ? `Version ${numbers} is` : `Versions ${numbers} are`} in {stageWords[stage]} now.
        </p>
        <Checkbox
          label={others.length === 1 ? `Archive version ${numbers}` : `Archive versions ${numbers}`}
          checked={archive}
          onChange={setArchive}
        />
      </div>
    </Dialog>
  )
}
