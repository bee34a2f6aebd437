import { type KeyboardEvent, useId, useRef, useState } from 'react'
import type { Column } from '#shared/contract/runs.ts'
import {
  completeFilter,
  type FilterSchema,
  type FilterSchemaKey,
  type Suggestion,
} from '#shared/domain/filter/complete.ts'
import { parseFilter } from '#shared/domain/filter/parse.ts'
import { formatNumber } from '#shared/lib/format.ts'
import { Icon } from '#renderer/ui/icons/icon.tsx'
import type { IconName } from '#renderer/ui/icons/icon-paths.ts'
import { Kbd } from '#renderer/ui/keys/kbd.tsx'
import { columnParts } from './column-text.ts'
import s from './filter-field.module.css'
import { FilterText } from './filter-text.tsx'

export type FilterFieldProps = {
  readonly value: string
  readonly onChange: (filter: string) => void
  readonly columns: readonly Column[]
  /** "106 of 214 runs" */
  readonly counts: string
}

const ICONS: Readonly<Record<Suggestion['kind'], IconName>> = {
  key: 'settings',
  function: 'calculator',
  operator: 'filter',
  value: 'tag',
  word: 'filter',
}
const ENTITY_ICONS: Readonly<Record<FilterSchemaKey['entity'], IconName>> = {
  attribute: 'info',
  metric: 'runs',
  param: 'settings',
  tag: 'tag',
  dataset: 'datasets',
}
const SHOWN = 8

/** What the runs have, as the language's completion wants it. */
export function schemaOf(columns: readonly Column[]): FilterSchema {
  const keys = columns.flatMap((column): FilterSchemaKey[] => {
    const parts = columnParts(column.id)
    if (parts.kind === 'metric' && parts.aggregate !== 'last') return []
    const time = parts.kind === 'attribute' && (parts.key === 'started' || parts.key === 'ended')
    const duration = parts.kind === 'attribute' && parts.key === 'duration'
    return [
      {
        entity: parts.kind,
        name: parts.key,
        kind: time ? 'time' : duration ? 'duration' : column.numeric ? 'number' : 'text',
        count: column.count,
        range:
          column.min === null || column.max === null || time || duration ? null : { min: column.min, max: column.max },
        values: column.values.map(({ value, count }) => ({ text: value, count })),
      },
    ]
  })
  return { keys }
}

/** The filter: one line over everything, completed from what the runs have, its faults shown at their character. */
export function FilterField({ value, onChange, columns, counts }: FilterFieldProps) {
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const colours = useRef<HTMLDivElement>(null)
  const [draft, setDraft] = useState<string | null>(null)
  const [caret, setCaret] = useState(0)
  const [open, setOpen] = useState(false)
  const [active, setActive] = useState(-1)
  const text = draft ?? value
  const suggestions = open ? completeFilter(text, caret, schemaOf(columns), SHOWN) : []
  const parsed = parseFilter(text)

  const edit = (next: string, at: number): void => {
    setDraft(next)
    setCaret(at)
    setOpen(true)
    setActive(-1)
    // Half-written clauses keep the last whole filter: the table must not empty while one types.
    if (parseFilter(next).ok) onChange(next)
  }
  const take = (suggestion: Suggestion): void => {
    const next = text.slice(0, suggestion.replaces.from) + suggestion.insert + text.slice(suggestion.replaces.to)
    const at = suggestion.replaces.from + suggestion.insert.length
    edit(next, at)
    requestAnimationFrame(() => input.current?.setSelectionRange(at, at))
  }
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    const chosen = suggestions[active]
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      if (!open) return setOpen(true)
      const step = event.key === 'ArrowDown' ? 1 : -1
      setActive(
        suggestions.length === 0
          ? -1
          : (active + step + suggestions.length + (active < 0 && step < 0 ? 1 : 0)) % suggestions.length,
      )
    } else if ((event.key === 'Enter' || event.key === 'Tab') && chosen !== undefined) {
      event.preventDefault()
      take(chosen)
    } else if (
      event.key === 'Tab' &&
      open &&
      suggestions[0] !== undefined &&
      text !== '' &&
      !event.shiftKey &&
      suggestions[0].matched.length > 0
    ) {
      event.preventDefault()
      take(suggestions[0])
    } else if (event.key === 'Enter') setOpen(false)
    else if (event.key === 'Escape') {
      event.stopPropagation()
      if (open) setOpen(false)
      else edit('', 0)
    }
  }
  return (
    <div className={s.box} data-fault={!parsed.ok && !open ? true : undefined}>
      <Icon name="filter" size={13} />
      <div className={s.line}>
        <div ref={colours} className={s.colours} aria-hidden="true">
          <FilterText text={text} wrong={parsed.ok || open ? undefined : parsed.error} />
        </div>
        <input
          ref={input}
          className={s.input}
          role="combobox"
          aria-label="Filter runs"
          aria-expanded={open && suggestions.length > 0}
          aria-controls={`${id}-list`}
          aria-activedescendant={active < 0 ? undefined : `${id}-${active}`}
          aria-autocomplete="list"
          aria-invalid={!parsed.ok}
          aria-describedby={parsed.ok ? undefined : `${id}-fault`}
          data-filter-field
          placeholder="Filter: val_acc > 0.8 and not lr = 0.1"
          spellCheck={false}
          autoComplete="off"
          value={text}
          onChange={(event) => edit(event.target.value, event.target.selectionStart ?? event.target.value.length)}
          onScroll={(event) => {
            // A text longer than the field scrolls in it, and its colours with it.
            if (colours.current !== null) colours.current.style.translate = `${-event.currentTarget.scrollLeft}px`
          }}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? 0)}
          onFocus={() => setOpen(true)}
          onBlur={() => {
            setOpen(false)
            if (parsed.ok) setDraft(null)
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      {text === '' ? null : (
        <button type="button" className={s.clear} aria-label="Clear filter" onClick={() => edit('', 0)}>
          <Icon name="close" size={11} />
        </button>
      )}
      <span className={s.counts}>{counts}</span>
      {!parsed.ok && !open ? (
        <div className={s.fault} id={`${id}-fault`} role="status">
          {parsed.error.message}
        </div>
      ) : null}
      {open && suggestions.length > 0 ? (
        <div className={s.float}>
          <ul id={`${id}-list`} role="listbox" aria-label="Suggestions">
            {suggestions.map((suggestion, index) => (
              <li
                key={`${suggestion.kind}/${suggestion.label}`}
                id={`${id}-${index}`}
                role="option"
                aria-selected={index === active}
                className={s.row}
                onMouseDown={(event) => {
                  event.preventDefault()
                  take(suggestion)
                }}
              >
                <Icon
                  name={suggestion.key === null ? ICONS[suggestion.kind] : ENTITY_ICONS[suggestion.key.entity]}
                  size={13}
                />
                <Matched label={suggestion.label} matched={suggestion.matched} />
                <span className={s.note}>{noteOf(suggestion)}</span>
                <Histogram column={columnOf(columns, suggestion)} />
              </li>
            ))}
          </ul>
          <div className={s.foot}>
            <Kbd keys="Up" /> <Kbd keys="Down" /> choose <Kbd keys="Tab" /> insert
            {parsed.ok ? null : <span className={s.footFault}>{parsed.error.message}</span>}
          </div>
        </div>
      ) : null}
    </div>
  )
}

function noteOf({ key, kind, count }: Suggestion): string {
  if (kind === 'value') return count === null ? '' : `${count} runs`
  if (key === null) return ''
  if (key.range !== null) return `${formatNumber(key.range.min)} to ${formatNumber(key.range.max)}`
  return key.values.length > 0 ? `${key.values.length} values` : `${key.count} runs`
}

function Matched({ label, matched }: { readonly label: string; readonly matched: readonly number[] }) {
  const hits = new Set(matched)
  return (
    <span className={s.label}>
      {Array.from(label, (letter, index) => (hits.has(index) ? <b key={index}>{letter}</b> : letter))}
    </span>
  )
}

/** The column that a suggested key names: for metrics, its last values. */
function columnOf(columns: readonly Column[], { kind, key }: Suggestion): Column | undefined {
  if (kind !== 'key' || key === null) return undefined
  return columns.find(({ id }) => {
    const parts = columnParts(id)
    return (
      parts.kind === key.entity && parts.key === key.name && (parts.kind !== 'metric' || parts.aggregate === 'last')
    )
  })
}

const BAR = 4.4
const HEIGHT = 12

/** The values that the runs have, in ten bars. */
function Histogram({ column }: { readonly column: Column | undefined }) {
  const counts = column?.histogram ?? []
  const most = Math.max(1, ...counts)
  return (
    <svg className={s.histogram} width={44} height={HEIGHT} aria-hidden="true">
      {counts.map((count, index) => {
        const height = count === 0 ? 1 : Math.max(2, (count / most) * HEIGHT)
        return <rect key={index} x={index * BAR} y={HEIGHT - height} width={BAR - 0.6} height={height} />
      })}
    </svg>
  )
}
