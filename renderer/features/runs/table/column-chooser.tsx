import { useState } from 'react'
import type { Aggregate, Column } from '#shared/contract/runs.ts'
import { goalOf } from '#shared/domain/compare/goal.ts'
import { isOfMachine } from '#shared/domain/system-series.ts'
import { Button } from '#renderer/ui/buttons/button.tsx'
import { Checkbox } from '#renderer/ui/fields/checkbox.tsx'
import { SearchField } from '#renderer/ui/fields/search-field.tsx'
import { Popover } from '#renderer/ui/overlays/popover.tsx'
import { columnTitle } from './column-text.ts'
import s from './column-chooser.module.css'

export type ColumnChooserProps = {
  readonly available: readonly Column[]
  readonly chosen: readonly string[]
  readonly onChange: (columns: readonly string[] | null) => void
}

const KINDS = [
  ['param', 'Parameters'],
  ['attribute', 'About the run'],
  ['tag', 'Tags'],
] as const
const AGGREGATES: readonly Aggregate[] = ['last', 'min', 'max', 'best']
/** Rows of a list of thousands that are drawn; the search finds the others. */
const SHOWN = 60

/** Which columns the table has: parameters, tags and each metric's last, smallest, largest and best value. */
export function ColumnChooser({ available, chosen, onChange }: ColumnChooserProps) {
  return (
    <Popover
      label="Columns"
      placement="bottom end"
      width={340}
      trigger={
        <Button icon="columns" note={`${chosen.length} of ${available.length.toLocaleString('en')}`}>
          Columns
        </Button>
      }
    >
      <Choices available={available} chosen={chosen} onChange={onChange} />
    </Popover>
  )
}

function Choices({ available, chosen, onChange }: ColumnChooserProps) {
  const [search, setSearch] = useState('')
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  const isChosen = new Set(chosen)
  const toggle = (id: string): void =>
    onChange(isChosen.has(id) ? chosen.filter((other) => other !== id) : [...chosen, id])
  const found = available.filter((column) => {
    const text = `${column.key} ${columnTitle(column.id).title}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
  const metrics = Map.groupBy(
    found.filter(({ kind }) => kind === 'metric'),
    ({ key }) => key,
  )
  const metricKeys = [...metrics].toSorted(
    ([a, mine], [b, its]) =>
      Number(its.some(({ id }) => isChosen.has(id))) - Number(mine.some(({ id }) => isChosen.has(id))) ||
      Number(isOfMachine({ key: a })) - Number(isOfMachine({ key: b })) ||
      (a < b ? -1 : 1),
  )
  return (
    <div className={s.chooser}>
      <SearchField label="Find a column" value={search} onChange={setSearch} autoFocus />
      <div className={s.list}>
        <Group title="Metrics" count={metricKeys.length}>
          {metricKeys.slice(0, SHOWN).map(([key, columns]) => (
            <MetricRow key={key} name={key} columns={columns} isChosen={isChosen} onToggle={toggle} />
          ))}
        </Group>
        {KINDS.map(([kind, title]) => {
          const members = found
            .filter((column) => column.kind === kind)
            .toSorted(
              (a, b) =>
                Number(isChosen.has(b.id)) - Number(isChosen.has(a.id)) || b.count - a.count || (a.id < b.id ? -1 : 1),
            )
          return (
            <Group key={kind} title={title} count={members.length}>
              {members.slice(0, SHOWN).map(({ id }) => (
                <Checkbox
                  key={id}
                  label={columnTitle(id).title}
                  checked={isChosen.has(id)}
                  onChange={() => toggle(id)}
                />
              ))}
            </Group>
          )
        })}
        {found.length === 0 ? <p className="s12 t3">No column has that name.</p> : null}
      </div>
      <Button tone="link" onPress={() => onChange(null)}>
        Follow what the runs have
      </Button>
    </div>
  )
}

function Group({
  title,
  count,
  children,
}: {
  readonly title: string
  readonly count: number
  readonly children: React.ReactNode
}) {
  if (count === 0) return null
  return (
    <fieldset>
      <legend>
        {title} <span className="t3 w4">{count}</span>
      </legend>
      {children}
      {count > SHOWN ? <p className="s11 t3">and {count - SHOWN} more: search to find them</p> : null}
    </fieldset>
  )
}

type MetricRowProps = {
  readonly name: string
  readonly columns: readonly Column[]
  readonly isChosen: ReadonlySet<string>
  readonly onToggle: (id: string) => void
}

/** A metric, and which of its values are columns; without a goal it has no best. */
function MetricRow({ name, columns, isChosen, onToggle }: MetricRowProps) {
  return (
    <div className={s.metric} role="group" aria-label={name}>
      <span className="cut" title={name}>
        {name}
      </span>
      {AGGREGATES.map((aggregate) => {
        const column = columns.find(({ id }) => id.endsWith(`:${aggregate}`))
        if (column === undefined || (aggregate === 'best' && goalOf(name) === 'neutral')) return null
        return (
          <button
            key={aggregate}
            type="button"
            className={s.aggregate}
            aria-pressed={isChosen.has(column.id)}
            aria-label={`${name} ${aggregate}`}
            onClick={() => onToggle(column.id)}
          >
            {aggregate}
          </button>
        )
      })}
    </div>
  )
}
