import { useId, type KeyboardEvent, type ReactNode } from 'react'
import { IconButton } from '#renderer/ui/buttons/icon-button.tsx'
import s from './frame.module.css'

export interface DrawerProps<Id extends string> {
  readonly label: string
  readonly tabs: readonly { readonly id: Id; readonly label: string; readonly count?: number | undefined }[]
  readonly value: Id
  readonly onChange: (id: Id) => void
  /** At the right of its bar: find, follow. */
  readonly tools?: ReactNode
  readonly onClose?: (() => void) | undefined
  readonly children: ReactNode
}

/** The inside of a bottom pane: log, standard error, jobs. Put it into a SplitPane with `side="bottom"`. */
export function Drawer<Id extends string>({ label, tabs, value, onChange, tools, onClose, children }: DrawerProps<Id>) {
  const id = useId()
  const step = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    const at = tabs.findIndex((tab) => tab.id === value)
    const next = tabs[(at + by + tabs.length) % tabs.length]
    if (by === 0 || next === undefined) return
    event.preventDefault()
    onChange(next.id)
    document.getElementById(`${id}-${next.id}`)?.focus()
  }
  return (
    <section className={s.drawer} aria-label={label}>
      <div className={s.drawerHead}>
        <div role="tablist" aria-label={label} className="row" style={{ gap: 14 }}>
          {tabs.map((tab) => (
            <button
              key={tab.id}
              id={`${id}-${tab.id}`}
              type="button"
              role="tab"
              aria-selected={tab.id === value}
              aria-controls={`${id}-panel`}
              tabIndex={tab.id === value ? 0 : -1}
              className={s.drawerTab}
              onClick={() => onChange(tab.id)}
              onKeyDown={step}
            >
              {tab.label}
              {tab.count === undefined ? null : <span className="t3 w4 num">{tab.count}</span>}
            </button>
          ))}
        </div>
        <span className="grow" />
        {tools}
        {onClose === undefined ? null : (
          <IconButton icon="down" label={`Close ${label.toLowerCase()}`} size="small" onPress={onClose} />
        )}
      </div>
      <div id={`${id}-panel`} role="tabpanel" aria-labelledby={`${id}-${value}`} className="col grow">
        {children}
      </div>
    </section>
  )
}
