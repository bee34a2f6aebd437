import { useState } from 'react'
import type { ImportArtifacts, ImportPlan } from '#shared/contract/imports.ts'
import { formatBytes } from '#shared/lib/format.ts'
import { useWrite } from '#renderer/client/index.ts'
import { Button } from '#renderer/ui/buttons/button.tsx'
import { Checkbox } from '#renderer/ui/fields/checkbox.tsx'
import { Segmented } from '#renderer/ui/fields/segmented.tsx'
import { ErrorPanel } from '#renderer/ui/states/error-panel.tsx'
import { FoundSourceView } from './found-source.tsx'
import { comingRuns, count } from './import-words.ts'
import s from './imports.module.css'

export type PlanViewProps = {
  readonly project: string
  readonly plan: ImportPlan
  readonly token: string
  readonly onStarted: () => void
}

const WAYS = [
  { id: 'copy', label: 'Copy files' },
  { id: 'reference', label: 'Leave files in place' },
] as const

/** What would come, what becomes of its files, and the button that begins. */
export function PlanView({ project, plan, token, onStarted }: PlanViewProps) {
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const [artifacts, setArtifacts] = useState<ImportArtifacts>('copy')
  const [watched, setWatched] = useState(false)
  const start = useWrite('imports.start')
  const chosen = plan.sources.filter(({ location }) => !left.has(location))
  const bytes = chosen.reduce((sum, source) => sum + source.artifacts.bytes, 0)
  const server = chosen.some(({ kind }) => kind === 'mlflow-server')
  const tooBig = artifacts === 'copy' && plan.freeBytes !== null && bytes > plan.freeBytes
  const runs = comingRuns(chosen)
  const begin = (): void =>
    start.mutate(
      {
        project,
        location: plan.location,
        artifacts: server ? 'copy' : artifacts,
        watched,
        ...(left.size === 0 ? {} : { only: chosen.map(({ location }) => location) }),
        ...(token === '' ? {} : { token }),
      },
      { onSuccess: onStarted },
    )
  return (
    <div className={s.plan}>
      {plan.sources.map((source) => (
        <FoundSourceView
          key={source.location}
          source={source}
          chosen={plan.sources.length === 1 ? null : !left.has(source.location)}
          onChosen={(on) =>
            setLeft(
              on
                ? new Set([...left].filter((location) => location !== source.location))
                : new Set([...left, source.location]),
            )
          }
        />
      ))}
      {plan.problem === null ? null : <ErrorPanel title={plan.problem} />}
      {plan.sources.length === 0 ? null : (
        <div className={s.choices}>
          {server ? null : (
            <div className={s.choice}>
              <Segmented label="Files of the runs" segments={WAYS} value={artifacts} onChange={setArtifacts} />
              <span className={tooBig ? 'bad' : 't2'}>{filesAdvice(artifacts, bytes, plan.freeBytes)}</span>
            </div>
          )}
          <Checkbox
            label="Follow it: what is added there later comes by itself"
            checked={watched}
            onChange={setWatched}
          />
          <div className={s.begin}>
            <Button
              tone="primary"
              size="large"
              disabled={chosen.length === 0 || tooBig || start.isPending}
              onPress={begin}
            >
              {runs === 0 ? 'Import what is new' : `Import ${count(runs, 'run')}`}
            </Button>
            <span className="t3">The source is only read. Ids, times and every point are kept.</span>
          </div>
          {start.error === null ? null : <ErrorPanel title={start.error.message}>{start.error.hint}</ErrorPanel>}
        </div>
      )}
    </div>
  )
}

function filesAdvice(artifacts: ImportArtifacts, bytes: number, free: number | null): string {
  if (artifacts === 'reference')
    return 'Nothing is copied. Files are shown from where they are, as long as they are there.'
  if (bytes === 0) return 'There is no file to copy that is not here already.'
  const room = free === null ? '' : `; ${formatBytes(free)} are free`
  if (free !== null && bytes > free) return `${formatBytes(bytes)} are too many${room}.`
  return `${formatBytes(bytes)} are copied into the project${room}.`
}
