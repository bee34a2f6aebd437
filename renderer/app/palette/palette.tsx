import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react'
import { Icon } from '#renderer/ui/icons/icon.tsx'
import { Kbd } from '#renderer/ui/keys/kbd.tsx'
import { RunKey } from '#renderer/ui/marks/run-key.tsx'
import { Modal } from '#renderer/ui/overlays/modal.tsx'
import { useRemembered } from '#renderer/ui/view-storage.tsx'
import type { CommandContext } from '#renderer/ui/commands/command.ts'
import { COMMANDS, withRecent, type PaletteItem, type PaletteSource } from './palette-model.ts'
import { pieces } from './rank.ts'
import { usePaletteGroups } from './use-palette-groups.ts'
import s from './palette.module.css'

export interface PaletteProps {
  readonly open: boolean
  readonly onClose: () => void
  /** Besides commands, in the order of their groups. Keep the array while it is the same. */
  readonly sources: readonly PaletteSource[]
  readonly context: CommandContext
  /** What stands in the field at first, e.g. `#`. */
  readonly initial?: string | undefined
}

const readRecent = (stored: unknown): readonly string[] | undefined =>
  Array.isArray(stored) ? stored.filter((one): one is string => typeof one === 'string') : undefined

function Pieces({ text, at }: { text: string; at: readonly number[] }) {
  return pieces(text, at).map((piece, index) =>
    piece.fits ? (
      // Pieces of a text have no identity but their place.
      <span key={index} className={s.fits}>
        {piece.text}
      </span>
    ) : (
      <span key={index}>{piece.text}</span>
    ),
  )
}

function PaletteContent({ onClose, sources, context, initial = '' }: Omit<PaletteProps, 'open'>) {
  const id = useId()
  const [query, setQuery] = useState(initial)
  const [chosen, setChosen] = useState(0)
  const [recent, setRecent] = useRemembered('palette.recent', [] as readonly string[], readRecent)
  const list = useRef<HTMLDivElement>(null)
  const { groups, waiting } = usePaletteGroups(query, sources, context, recent)
  const rows = groups.flatMap((group) => group.rows.map((row) => ({ group: group.id, row })))
  const at = Math.min(chosen, rows.length - 1)
  const active = rows[at]
  const idOf = (group: string, item: PaletteItem) => `${id}-${group}-${item.id}`
  const activeId = active === undefined ? undefined : idOf(active.group, active.row.item)

  useEffect(() => {
    if (activeId !== undefined) document.getElementById(activeId)?.scrollIntoView({ block: 'nearest' })
  }, [activeId])

  const choose = (group: string, item: PaletteItem) => {
    if (group === 'commands') setRecent(withRecent(recent, item.id))
    // Closed first: a command that opens a dialog finds the focus where it was before.
    onClose()
    item.choose()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const last = rows.length - 1
    const next: Readonly<Record<string, number>> = {
      ArrowDown: at >= last ? 0 : at + 1,
      ArrowUp: at <= 0 ? last : at - 1,
      PageDown: Math.min(last, at + 8),
      PageUp: Math.max(0, at - 8),
    }
    const to = next[event.key]
    if (to !== undefined) setChosen(Math.max(0, to))
    else if (event.key === 'Enter' && active !== undefined) choose(active.group, active.row.item)
    else return
    event.preventDefault()
  }
  const prefixes = [COMMANDS, ...sources.flatMap((source) => (source.prefix === undefined ? [] : [source.prefix]))]

  return (
    <div className={s.palette}>
      <div className={s.query}>
        <Icon name="search" size={16} />
        <input
          // The palette is opened to type into.
          autoFocus
          role="combobox"
          aria-label="Search or run"
          aria-expanded={rows.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={activeId}
          placeholder="Search or run"
          spellCheck={false}
          autoComplete="off"
          value={query}
          onChange={(event) => {
            setQuery(event.target.value)
            setChosen(0)
          }}
          onKeyDown={onKeyDown}
        />
        <Kbd keys="Esc" />
      </div>
      <div
        ref={list}
        id={`${id}-list`}
        className={s.list}
        // A list box has options, or is none.
        {...(rows.length === 0 ? {} : { role: 'listbox', 'aria-label': 'Results', 'aria-busy': waiting })}
      >
        {groups.map((group) => (
          <div key={group.id} role="group" aria-labelledby={`${id}-${group.id}`}>
            <div id={`${id}-${group.id}`} role="presentation" className={s.title}>
              {group.title}
            </div>
            {group.rows.map(({ item, label, note }) => {
              const own = idOf(group.id, item)
              return (
                // The field keeps the focus and its keys; the pointer is the other way in.
                <div
                  key={item.id}
                  id={own}
                  role="option"
                  aria-selected={own === activeId}
                  className={s.row}
                  onPointerMove={() => setChosen(rows.findIndex((one) => idOf(one.group, one.row.item) === own))}
                  onPointerDown={(event) => event.preventDefault()}
                  onClick={() => choose(group.id, item)}
                >
                  <span className={s.mark}>
                    {item.run !== undefined ? (
                      <RunKey number={item.run} />
                    ) : item.icon === undefined ? null : (
                      <Icon name={item.icon} size={15} />
                    )}
                  </span>
                  <span className="cut">
                    <Pieces text={item.label} at={label} />
                    {item.note === undefined ? null : (
                      <span className={s.note}>
                        <Pieces text={item.note} at={note} />
                      </span>
                    )}
                  </span>
                  {item.keys === undefined ? <span className={s.hint}>{item.hint}</span> : <Kbd keys={item.keys} />}
                </div>
              )
            })}
          </div>
        ))}
        {rows.length === 0 && !waiting ? <div className={s.none}>Nothing fits “{query}”.</div> : null}
      </div>
      <div className={s.foot}>
        <span>
          <Kbd keys="Up" />
          <Kbd keys="Down" />
          choose
        </span>
        <span>
          <Kbd keys="Enter" />
          run
        </span>
        <span className="grow" />
        {prefixes.map((prefix) => (
          <span key={prefix.sign}>
            <Kbd keys={prefix.sign} />
            {prefix.word}
          </span>
        ))}
      </div>
    </div>
  )
}

/** One field for every command, run and page: type, choose, Enter. */
export function Palette({ open, onClose, ...rest }: PaletteProps) {
  return (
    <Modal open={open} onClose={onClose} label="Search or run" kind="bare" width={600}>
      <PaletteContent {...rest} onClose={onClose} />
    </Modal>
  )
}
