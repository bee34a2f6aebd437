import { useRead } from '#renderer/client/index.ts'
import type { RunFacts } from '#shared/contract/runs.ts'
import { DiffView } from '../code/diff-view.tsx'
import { Select } from '#renderer/ui/fields/select.tsx'
import { RunKey } from '#renderer/ui/marks/run-key.tsx'
import { EmptyState } from '#renderer/ui/states/empty-state.tsx'
import { ErrorPanel } from '#renderer/ui/states/error-panel.tsx'
import { Loading } from '#renderer/ui/states/loading.tsx'
import s from './compare.module.css'

type Side = Pick<RunFacts, 'id' | 'number' | 'name'>

/** The code of one run against another's, uncommitted changes included. */
export function CodeDifferencePane({
  project,
  from,
  to,
  others,
  onChoose,
}: {
  readonly project: string
  readonly from: Side
  readonly to: Side
  /** The runs that the base may be compared with. */
  readonly others: readonly Side[]
  readonly onChoose: (run: string) => void
}) {
  const code = useRead('runs.codeDifference', { project, from: from.id, to: to.id }, { keepPrevious: true })
  return (
    <section className={s.codePane} aria-label="Code">
      <div className={s.bar}>
        <span className="w6 s12">Code</span>
        <RunKey number={from.number} />
        <span className="s12 cut">{from.name}</span>
        <span className="t3">→</span>
        <RunKey number={to.number} />
        {others.length < 2 ? (
          <span className="s12 cut">{to.name}</span>
        ) : (
          <Select
            label="Compared with"
            labelHidden
            size="small"
            options={others.map(({ id, name }) => ({ id, label: name }))}
            value={to.id}
            onChange={onChoose}
            className={s.other}
          />
        )}
        <span className={s.grow} />
        {code.data === undefined || code.data.diff === null || code.data.files === 0 ? null : (
          <span className="s12 num">
            <span className="ok">+{code.data.added}</span> <span className="bad">−{code.data.removed}</span>{' '}
            <span className="t3">
              in {code.data.files} {code.data.files === 1 ? 'file' : 'files'}
            </span>
          </span>
        )}
      </div>
      {code.error === null ? null : <ErrorPanel inset title={code.error.message} logId={code.error.logId} />}
      {code.data === undefined && code.error === null ? <Loading label="Code" /> : null}
      {typeof code.data?.why === 'string' && code.data.diff !== null ? <p className={s.why}>{code.data.why}</p> : null}
      {code.data === undefined ? null : code.data.diff === null || code.data.diff === '' ? (
        <EmptyState title={code.data.diff === '' ? 'The code is the same' : 'The code is not known'}>
          {code.data.diff === ''
            ? 'Both runs had the same files, uncommitted changes included.'
            : (code.data.why ?? 'A folder under git lets Benchtop keep what each run ran.')}
        </EmptyState>
      ) : (
        <DiffView diff={code.data.diff} />
      )}
    </section>
  )
}
