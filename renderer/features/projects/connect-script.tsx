import { useState } from 'react'
import { useRead } from '#renderer/client/index.ts'
import { Segmented } from '#renderer/ui/fields/segmented.tsx'
import { StateWord } from '#renderer/ui/marks/pill.tsx'
import { CodeBlock } from '#renderer/ui/states/code-block.tsx'
import s from './projects.module.css'

type Kind = 'mlflow' | 'command' | 'python'
const KINDS = [
  { id: 'mlflow', label: 'MLflow' },
  { id: 'command', label: 'Any command' },
  { id: 'python', label: 'Plain Python' },
] as const
const WORDS: Readonly<Record<Kind, string>> = {
  mlflow: 'Already logging with MLflow? Set one variable. Nothing in the script changes.',
  command: 'Start it through Benchtop from any terminal. The script need not know.',
  python: 'A few lines, without any package. A script that is launched from here finds the module by itself.',
}

/** The lines that connect a script, with the address that they log to. */
export function snippet(kind: Kind, trackingUri: string): string {
  switch (kind) {
    case 'mlflow':
      return `# in the terminal that trains, or in a notebook’s environment\nexport MLFLOW_TRACKING_URI=${trackingUri}`
    case 'command':
      return '# in the project’s folder\nbenchtop run -- python train.py --lr 0.1'
    case 'python':
      return `import benchtop\n\nrun = benchtop.init(project="${trackingUri}", config={"lr": 0.1})\nrun.log({"loss": loss})`
  }
}

/** A script that runs anyway: what to add to it, and whether anything was heard. */
export function ConnectScript({ project }: { readonly project?: string }) {
  const [kind, setKind] = useState<Kind>('mlflow')
  const info = useRead('system.info', {})
  const place = useRead('projects.get', { project: project ?? 'inbox' })
  const uri = project === undefined ? (info.data?.url ?? '') : (place.data?.trackingUri ?? '')
  const heard = place.data?.counts.runs ?? 0
  return (
    <section className={s.connect} aria-label="Connect a script">
      <div className={s.about}>
        <b>Connect a script</b>
        <p>{WORDS[kind]}</p>
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
      <CodeBlock
        label="Snippet"
        code={snippet(kind, uri)}
        language={kind === 'python' ? 'python' : 'shell'}
        tools={<Segmented label="How it logs" size="small" segments={KINDS} value={kind} onChange={setKind} />}
        className={s.code}
      />
    </section>
  )
}
