import type { RunDetail } from '#shared/contract/runs.ts'
import { useRead } from '#renderer/client/index.ts'
import { EmptyState } from '#renderer/ui/states/empty-state.tsx'
import { ErrorPanel } from '#renderer/ui/states/error-panel.tsx'
import { CopyButton } from '#renderer/ui/buttons/copy-button.tsx'
import { DiffView } from '../code/diff-view.tsx'
import s from './run.module.css'

/** The commit that ran, and what was not committed. */
export function CodeTab({ detail }: { readonly detail: RunDetail }) {
  const { git, project, id } = detail
  const code = useRead('runs.uncommitted', { project, run: id }, { enabled: git !== null })
  if (git === null)
    return (
      <EmptyState title="The code is not known">
        The script did not lie in a git repository, or capturing it is switched off.
      </EmptyState>
    )
  const diff = code.data?.diff ?? null
  return (
    <div className={s.codeTab}>
      <div className={s.bar}>
        <span className="mono">{git.commit ?? 'no commit yet'}</span>
        {git.commit === null ? null : <CopyButton text={git.commit} size="small" tone="ghost" />}
        <span className="t2">{git.branch ?? 'detached'}</span>
        <span className="t3 cut">{git.remote ?? ''}</span>
      </div>
      {git.leftOut.map((line) => (
        <p key={line} className={s.leftOut}>
          {line}
        </p>
      ))}
      {git.untrackedCount === 0 ? null : (
        <details className={s.untracked}>
          <summary>{git.untrackedCount.toLocaleString('en')} untracked files, named but not kept</summary>
          <ul className="mono">
            {git.untracked.map((path) => (
              <li key={path}>{path}</li>
            ))}
          </ul>
        </details>
      )}
      {code.error === null ? null : <ErrorPanel inset title={code.error.message} logId={code.error.logId} />}
      {diff === null || diff === '' ? (
        <EmptyState title="Nothing was uncommitted">What ran is what the commit holds.</EmptyState>
      ) : (
        <DiffView diff={diff} />
      )}
    </div>
  )
}
