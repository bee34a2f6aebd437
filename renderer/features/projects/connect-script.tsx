import { useState } from 'react'
import { useRead } from '#renderer/client/index.ts'
import { CopyButton } from '#renderer/ui/buttons/copy-button.tsx'
import { Segmented } from '#renderer/ui/fields/segmented.tsx'
import { Icon } from '#renderer/ui/icons/icon.tsx'
import { StateWord } from '#renderer/ui/marks/pill.tsx'
import s from './projects.module.css'

type Kind = 'command' | 'mlflow' | 'python'
const KINDS = [
  { id: 'command', label: 'Any' },
  { id: 'mlflow', label: 'MLflow' },
  { id: 'python', label: 'Python' },
] as const

/** The lines that connect a script, with the address that they log to. */
export function snippet(kind: Kind, trackingUri: string): string {
  switch (kind) {
    case 'command':
      return 'benchtop run -- python train.py'
    case 'mlflow':
      return `export MLFLOW_TRACKING_URI=${trackingUri}`
    case 'python':
      return 'import benchtop\nrun = benchtop.init()\nrun.log({"loss": loss}, step=epoch)'
  }
}

/** The third way in: a script that runs anyway. Says whether it hears anything. */
export function ConnectScript({ project }: { readonly project?: string }) {
  const [kind, setKind] = useState<Kind>('mlflow')
  const info = useRead('system.info', {})
  const inbox = useRead('projects.get', { project: project ?? 'inbox' })
  const uri = project === undefined ? (info.data?.url ?? '') : (inbox.data?.trackingUri ?? '')
  const heard = inbox.data?.counts.runs ?? 0
  const text = snippet(kind, uri)
  return (
    <div className={s.way}>
      <Icon name="terminal" size={20} />
      <b>Connect a script</b>
      <div className={s.snippet}>
        <Segmented label="How it logs" size="small" segments={KINDS} value={kind} onChange={setKind} />
        <pre className="mono">{text}</pre>
        <CopyButton text={text} size="small" />
      </div>
      <div className={s.heard} aria-live="polite">
        {heard === 0 ? (
          <StateWord state="wait">Listening, nothing received yet</StateWord>
        ) : (
          <a href={`#/p/${project ?? 'inbox'}/runs`}>
            <StateWord state="done">
              {heard === 1 ? '1 run received' : `${heard.toLocaleString('en')} runs received`}
            </StateWord>
          </a>
        )}
      </div>
    </div>
  )
}
