import type { SourceRun } from '#shared/contract/models.ts'
import { printRoute } from '#renderer/lib/routes.ts'
import { RunKey } from '#renderer/ui/marks/run-key.tsx'
import s from './models.module.css'

export type RunLinkProps = {
  readonly project: string
  readonly run: SourceRun | null
  /** In a grid, whose focus stays its own. */
  readonly inGrid?: boolean | undefined
}

/** The run that a version came from, as far as it is still there. */
export function RunLink({ project, run, inGrid = false }: RunLinkProps) {
  if (run === null) return <span className="t3">–</span>
  if (run.lifecycle === null) {
    return (
      <span className="t3 cut" title={run.id}>
        <span className="mono">{run.id.slice(0, 8)}</span> is gone
      </span>
    )
  }
  return (
    <span className={inGrid ? s.runCell : s.run}>
      <RunKey number={run.number} />
      <a className="cut" href={printRoute({ screen: 'run', project, run: run.id })} tabIndex={inGrid ? -1 : undefined}>
        {run.name}
      </a>
      {run.lifecycle === 'active' ? null : (
        <span className="t3">{run.lifecycle === 'archived' ? 'archived' : 'in the trash'}</span>
      )}
    </span>
  )
}
