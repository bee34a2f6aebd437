import { useState } from 'react'
import type { Column } from '#shared/contract/runs.ts'
import { Button } from '#renderer/ui/buttons/button.tsx'
import { Checkbox } from '#renderer/ui/fields/checkbox.tsx'
import { SearchField } from '#renderer/ui/fields/search-field.tsx'
import { Popover } from '#renderer/ui/overlays/popover.tsx'
import { columnParts, columnTitle } from './column-text.ts'
import s from './runs-screen.module.css'

export type ColumnChooserProps = {
  readonly available: readonly Column[]
  readonly chosen: readonly string[]
  readonly onChange: (columns: readonly string[] | null) => void
}

const KINDS = [
  ['metric', 'Metrics'],
  ['param', 'Parameters'],
  ['attribute', 'About the run'],
  ['tag', 'Tags'],
] as const
/** Rows that a list of thousands of columns draws; the search finds the others. */
const SHOWN = 60

/** Which columns the table has: parameters, tags and each metric's last, smallest, largest and best value. */
export function ColumnChooser({ available, chosen, onChange }: ColumnChooserProps) {
  const [search, setSearch] = useState('')
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  const isChosen = new Set(chosen)
  const toggle = (id: string): void =>
    onChange(isChosen.has(id) ? chosen.filter((other) => other !== id) : [...chosen, id])
  const found = available.filter(({ id }) => {
    const { title, subtitle } = columnTitle(id)
    const text = `${title} ${subtitle ?? ''}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
  return (
    <Popover
      label="Columns"
      placement="bottom end"
      width={320}
      trigger={
        <Button icon="columns" note={`${chosen.length} of ${available.length}`}>
          Columns
        </Button>
      }
    >
      <div className={s.chooser}>
        <SearchField label="Find a column" value={search} onChange={setSearch} autoFocus />
        <div className={s.chooserList}>
          {KINDS.map(([kind, heading]) => {
            const members = found
              .filter((column) => column.kind === kind)
              .toSorted(
                (a, b) =>
                  Number(isChosen.has(b.id)) - Number(isChosen.has(a.id)) ||
                  b.count - a.count ||
                  (a.id < b.id ? -1 : 1),
              )
            return members.length === 0 ? null : (
              <fieldset key={kind}>
                <legend>
                  {heading} <span className="t3">{members.length}</span>
                </legend>
                {members.slice(0, SHOWN).map(({ id }) => {
                  const { title } = columnTitle(id)
                  const parts = columnParts(id)
                  return (
                    <Checkbox
                      key={id}
                      label={parts.kind === 'metric' ? `${title} ${parts.aggregate}` : title}
                      checked={isChosen.has(id)}
                      onChange={() => toggle(id)}
                    />
                  )
                })}
                {members.length > SHOWN ? (
                  <p className="s11 t3">and {members.length - SHOWN} more: search to find them</p>
                ) : null}
              </fieldset>
            )
          })}
          {found.length === 0 ? <p className="s12 t3">No column has that name.</p> : null}
        </div>
        <Button size="small" tone="ghost" onPress={() => onChange(null)}>
          Choose by itself
        </Button>
      </div>
    </Popover>
  )
}
