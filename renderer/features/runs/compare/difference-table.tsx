import { useEffect, useRef } from 'react'
import type { DifferenceRow, DifferenceSection, MetricCell, TextCell } from '#shared/domain/compare/difference.ts'
import type { RunFacts } from '#shared/contract/runs.ts'
import { formatDateTime, formatDuration } from '#shared/lib/format-time.ts'
import { chooseNumberFormat, exactNumber, formatNumber, type NumberFormat } from '#shared/lib/format.ts'
import { Button } from '#renderer/ui/buttons/button.tsx'
import { IconButton } from '#renderer/ui/buttons/icon-button.tsx'
import { DeltaBadge } from '#renderer/ui/marks/delta-badge.tsx'
import { Tag } from '#renderer/ui/marks/pill.tsx'
import { RunKey } from '#renderer/ui/marks/run-key.tsx'
import { EmptyState } from '#renderer/ui/states/empty-state.tsx'
import { cx } from '#renderer/ui/cx.ts'
import s from './compare.module.css'

export type DifferenceTableProps = {
  readonly facts: readonly RunFacts[]
  readonly sections: readonly (DifferenceSection & { readonly shown: readonly DifferenceRow[] })[]
  readonly current: DifferenceRow | undefined
  readonly onRebase: (run: string) => void
  readonly onClose: (run: string) => void
  /** Shows the code of the run in this column against the base's. */
  readonly onCode: (column: number) => void
  readonly shownCode: number
}

const NAMES: Readonly<Record<DifferenceSection['name'], string>> = {
  metrics: 'Metrics',
  params: 'Parameters',
  code: 'Code and machine',
  tags: 'Tags',
  packages: 'Packages',
  environment: 'Environment',
}

/** What differs, one row a key: the base first, each other value with its difference from it. */
export function DifferenceTable({
  facts,
  sections,
  current,
  onRebase,
  onClose,
  onCode,
  shownCode,
}: DifferenceTableProps) {
  const marked = useRef<HTMLTableRowElement>(null)
  useEffect(() => marked.current?.scrollIntoView({ block: 'nearest' }), [current])
  const shown = sections.filter((section) => section.shown.length > 0)
  return (
    <div className={s.scroll} tabIndex={0} role="region" aria-label="Differences">
      <table className={s.table}>
        <thead>
          <tr>
            <th scope="col">
              <span className="s11 t3">Press “base” on a run to compare with it</span>
            </th>
            {facts.map((run, column) => (
              <th key={run.id} scope="col" className={column === 0 ? s.base : undefined}>
                <span className={s.head}>
                  <RunKey number={run.number} />
                  <span className="w6 cut">{run.name}</span>
                  {column === 0 ? (
                    <Tag>base</Tag>
                  ) : (
                    <Button size="small" tone="ghost" onPress={() => onRebase(run.id)}>
                      base
                    </Button>
                  )}
                  {facts.length > 2 ? (
                    <IconButton
                      icon="close"
                      label={`Leave ${run.name} out`}
                      size="small"
                      tone="ghost"
                      onPress={() => onClose(run.id)}
                    />
                  ) : null}
                </span>
                <span className={s.when}>
                  {run.startedAt === null ? 'not started' : formatDateTime(run.startedAt, Date.now())}
                  {run.startedAt === null || run.endedAt === null
                    ? ''
                    : `, took ${formatDuration(run.endedAt - run.startedAt)}`}
                  {column === 0 || facts.length === 2 ? null : (
                    <button
                      type="button"
                      className={s.code}
                      aria-pressed={shownCode === column}
                      onClick={() => onCode(column)}
                    >
                      code
                    </button>
                  )}
                </span>
              </th>
            ))}
          </tr>
        </thead>
        {shown.map((section) => (
          <tbody key={section.name}>
            <tr className={s.section}>
              <th scope="rowgroup" colSpan={facts.length + 1}>
                {NAMES[section.name]}{' '}
                <span className="t3">{`${section.differing} of ${section.rows.length} differ`}</span>
              </th>
            </tr>
            {section.shown.map((row) => (
              <Row key={row.key} row={row} current={row === current} marked={marked} />
            ))}
          </tbody>
        ))}
      </table>
      {shown.length === 0 ? <EmptyState title="Nothing that was recorded differs" fill={false} /> : null}
    </div>
  )
}

function Row({
  row,
  current,
  marked,
}: {
  readonly row: DifferenceRow
  readonly current: boolean
  readonly marked: React.RefObject<HTMLTableRowElement | null>
}) {
  const numbers = row.cells.flatMap((cell) => (cell.kind === 'metric' && cell.value !== null ? [cell.value] : []))
  const format = chooseNumberFormat(numbers)
  return (
    <tr ref={current ? marked : undefined} className={cx(current && s.current)} aria-current={current || undefined}>
      <th scope="row" title={row.key}>
        <span className="cut">{row.key}</span>
        {row.aggregate === null || row.aggregate === 'last' ? null : (
          <span className="t3 s11"> {row.aggregate === 'max' || row.aggregate === 'min' ? row.aggregate : ''}</span>
        )}
      </th>
      {row.cells.map((cell, column) => (
        <td key={column} className={column === 0 ? s.base : undefined}>
          {cell.kind === 'metric' ? (
            <MetricValue cell={cell} row={row} format={format} />
          ) : (
            <TextValue cell={cell} isBase={column === 0} />
          )}
        </td>
      ))}
    </tr>
  )
}

function MetricValue({
  cell,
  row,
  format,
}: {
  readonly cell: MetricCell
  readonly row: DifferenceRow
  readonly format: NumberFormat
}) {
  if (cell.value === null) return <span className="t3">not set</span>
  return (
    <span className={s.value} title={exactNumber(cell.value)}>
      <span className={cx('num', cell.best && 'w6')}>{formatNumber(cell.value, format)}</span>
      {cell.delta === null ? null : <DeltaBadge delta={cell.delta} goal={row.goal} format={format} />}
      {cell.gap === null ? null : <span className="t3 s11">{cell.gap.toFixed(1)} sd</span>}
    </span>
  )
}

function TextValue({ cell, isBase }: { readonly cell: TextCell; readonly isBase: boolean }) {
  if (cell.value === null) return <span className="t3">not set</span>
  if (!isBase && cell.same) return <span className="t3">same</span>
  return (
    <span className="cut" title={cell.value}>
      {cell.value}
    </span>
  )
}
