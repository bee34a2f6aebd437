import { useRef, useState } from 'react'
import { Popover } from 'react-aria-components/Menu'
import { MenuItems, type MenuEntry } from './menu-items.tsx'
import s from './menu.module.css'

interface OpenMenu {
  readonly x: number
  readonly y: number
  readonly label: string
  readonly entries: readonly MenuEntry[]
}

export interface ContextMenuControl {
  /** Opens at a point of the window (clientX, clientY). The focus returns to where it was. */
  readonly open: (at: OpenMenu) => void
  readonly close: () => void
  /** Render this once, anywhere beside what has the menu. */
  readonly element: React.ReactNode
}

/** A menu at a point: right click, the Menu key, Shift+F10. */
export function useContextMenu(): ContextMenuControl {
  const [menu, setMenu] = useState<OpenMenu | null>(null)
  const anchor = useRef<HTMLDivElement>(null)
  const back = useRef<Element | null>(null)
  const close = () => {
    setMenu(null)
    if (back.current instanceof HTMLElement) back.current.focus({ preventScroll: true })
  }
  return {
    open: (at) => {
      back.current = document.activeElement
      setMenu(at)
    },
    close,
    element: (
      <>
        <div ref={anchor} className={s.anchor} style={{ left: menu?.x ?? 0, top: menu?.y ?? 0 }} />
        {menu === null ? null : (
          <Popover
            triggerRef={anchor}
            isOpen
            onOpenChange={(open) => (open ? undefined : close())}
            placement="bottom start"
            offset={2}
            className={s.float ?? ''}
            key={`${menu.x} ${menu.y}`}
          >
            <MenuItems label={menu.label} entries={menu.entries.map((entry) => closing(entry, close))} />
          </Popover>
        )}
      </>
    ),
  }
}

/** A popover without a trigger does not know that a choice was made: closing is part of the choice. */
const closing = (entry: MenuEntry, close: () => void): MenuEntry => {
  const action = (one: MenuEntry & { kind: 'action' }) => ({
    ...one,
    onSelect: () => {
      close()
      one.onSelect()
    },
  })
  switch (entry.kind) {
    case 'action':
      return action(entry)
    case 'group':
      return { ...entry, items: entry.items.map(action) }
    case 'submenu':
      return { ...entry, items: entry.items.map((one) => closing(one, close)) }
    case 'rule':
      return entry
  }
}
