import type { ReactElement } from 'react'
import { MenuTrigger, Popover } from 'react-aria-components/Menu'
import { IconButton } from '../buttons/icon-button.tsx'
import type { ButtonSize } from '../buttons/button.tsx'
import { MenuItems, type MenuEntry } from './menu-items.tsx'
import s from './menu.module.css'

export interface MenuProps {
  /** Heard as the menu's name. */
  readonly label: string
  readonly entries: readonly MenuEntry[]
  /** The button that opens it: one of our Buttons, without a tooltip of its own. */
  readonly children: ReactElement
  readonly placement?: 'bottom start' | 'bottom end' | 'top start' | 'top end' | undefined
}

/** A menu under a button. */
export function Menu({ label, entries, children, placement = 'bottom start' }: MenuProps) {
  return (
    <MenuTrigger>
      {children}
      <Popover className={s.float ?? ''} placement={placement} offset={4}>
        <MenuItems label={label} entries={entries} />
      </Popover>
    </MenuTrigger>
  )
}

/** The `…` at the end of a row of verbs. */
export function MoreMenu({
  label = 'More',
  entries,
  size,
}: {
  label?: string
  entries: readonly MenuEntry[]
  size?: ButtonSize
}) {
  return (
    <Menu label={label} entries={entries} placement="bottom end">
      <IconButton icon="more" label={label} size={size} />
    </Menu>
  )
}
