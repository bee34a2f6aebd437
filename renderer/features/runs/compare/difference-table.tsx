import { useEffect, useRef } from 'react'
import type { DifferenceRow, DifferenceSection, MetricCell, TextCell } from '#shared/domain/compare/difference.ts'
import type { RunFacts } from '#shared/contract/runs.ts'
import { formatDateTime, formatDuration } from '#shared/lib/format-time.ts'
import { chooseNumberFormat, exactNumber, formatNumber, type NumberFormat } from '#shared/lib/format.ts'
import { Kbd } from '#renderer/ui/keys/kbd.tsx'
import { DeltaBadge } from '#renderer/ui/marks/delta-badge.tsx'
import { Tag } from '#renderer/ui/marks/pill.tsx'
import { RunKey } from '#renderer/ui/marks/run-key.tsx'
import { EmptyState } from '#renderer/ui/states/empty-state.tsx'
import { MoreMenu } from '#renderer/ui/overlays/menu.tsx'
import type { MenuEntry } from '#renderer/ui/overlays/menu-items.tsx'
import { cx } from '#renderer/ui/cx.ts'
import { SECTION_NAMES } from './comparison.ts'
import s from './compare.module.css'

export type DifferenceTableProps = {
  readonly facts: readonly RunFacts[]
  readonly sections: readonly (DifferenceSection & { readonly shown: readonly DifferenceRow[] })[]
  readonly current: DifferenceRow | undefined
  readonly onRebase: (run: string) => void
  readonly onClose: (run: string) => void
  /** Shows the code of this run against the base's. */
  readonly onCode: (run: string) => void
}

/** What differs, one row a key: the base first, each other value with its difference from it. */
export function DifferenceTable({ facts, sections, current, onRebase, onClose, onCode }: DifferenceTableProps) {
  const marked = useRef<HTMLTableRowElement>(null)
  useEffect(() => {
    // Newer browsers answer with a promise, which an effect must not return.
    marked.current?.scrollIntoView({ block: 'nearest' })
  }, [current])
  const shown = sections.filter((section) => section.shown.length > 0)
  const menuOf = (run: RunFacts): readonly MenuEntry[] => [
    { kind: 'action', id: 'base', label: 'Make it the base', icon: 'baseline', onSelect: () => onRebase(run.id) },
    {
      kind: 'action',
      id: 'code',
      label: 'Show its code against the base',
      icon: 'branch',
      onSelect: () => onCode(run.id),
    },
    {
      kind: 'action',
      id: 'leave',
      label: 'Leave it out',
      icon: 'close',
      disabled: facts.length < 3,
      onSelect: () => onClose(run.id),
    },
  ]
  return (
    <div className={s.scroll} tabIndex={0} role="region" aria-label="Differences">
      <table className={s.table} style={{ '--runs': facts.length } as React.CSSProperties}>
        <thead>
          <tr>
            <th scope="col">
              <span className={s.hint}>
                <Kbd keys="b" /> makes the next run the base
              </span>
            </th>
            {facts.map((run, column) => (
              <th key={run.id} scope="col" className={column === 0 ? s.base : undefined}>
                <span className={s.head}>
                  <RunKey number={run.number} />
                  <span className="w6 cut" title={run.name}>
                    {run.name}
                  </span>
                  {column === 0 ? (
                    <Tag>base</Tag>
                  ) : (
                    <span className={s.columnMenu}>
                      <MoreMenu label={`More for ${run.name}`} size="small" entries={menuOf(run)} />
                    </span>
                  )}
                </span>
                <span className={s.when} title={whenOf(run)}>
                  {whenOf(run)}
                </span>
              </th>
            ))}
          </tr>
        </thead>
        {shown.map((section) => (
          <tbody key={section.name}>
            <tr className={s.section}>
              <th scope="rowgroup" colSpan={facts.length + 1}>
                {SECTION_NAMES[section.name]}{' '}
                <span className="t3">{`${section.differing} of ${section.rows.length} differ`}</span>
                {section.rows.some(hasGap) ? (
                  <span className={s.spread}>gaps in sd: the spread between seeds of the base</span>
                ) : null}
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

function whenOf({ startedAt, endedAt }: RunFacts): string {
  if (startedAt === null) return 'not started'
  const took = endedAt === null ? '' : `, took ${formatDuration(endedAt - startedAt)}`
  return `${formatDateTime(startedAt, Date.now())}${took}`
}

function hasGap({ cells }: DifferenceRow): boolean {
  return cells.some((cell) => cell.kind === 'metric' && cell.gap !== null)
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
      {cell.gap === null ? null : <span className="t3 s11 num">{cell.gap.toFixed(1)} sd</span>}
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
