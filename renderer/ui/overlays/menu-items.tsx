import { Header, Menu, MenuItem, MenuSection, Popover, Separator, SubmenuTrigger } from 'react-aria-components/Menu'
import { cx } from '../cx.ts'
import { Icon } from '../icons/icon.tsx'
import type { IconName } from '../icons/icon-paths.ts'
import { Kbd } from '../keys/kbd.tsx'
import s from './menu.module.css'

/** A verb in a menu. The dangerous one comes last, under a rule. */
export interface MenuAction {
  readonly kind: 'action'
  readonly id: string
  readonly label: string
  readonly icon?: IconName | undefined
  readonly note?: string | undefined
  readonly keys?: string | undefined
  readonly tone?: 'bad' | undefined
  readonly disabled?: boolean | undefined
  /** Set for what is on or off: a tick is shown, and `aria-checked` said. */
  readonly checked?: boolean | undefined
  readonly onSelect: () => void
}
export interface MenuRule {
  readonly kind: 'rule'
  readonly id: string
}
export interface MenuGroup {
  readonly kind: 'group'
  readonly id: string
  readonly title: string
  readonly items: readonly MenuAction[]
}
export interface SubMenu {
  readonly kind: 'submenu'
  readonly id: string
  readonly label: string
  readonly icon?: IconName | undefined
  readonly items: readonly MenuEntry[]
}
export type MenuEntry = MenuAction | MenuRule | MenuGroup | SubMenu

/** Whether the words of a list must leave room for the icons of others. */
const hasIcons = (entries: readonly MenuEntry[]): boolean =>
  entries.some(
    (entry) => ('icon' in entry && entry.icon !== undefined) || (entry.kind === 'group' && hasIcons(entry.items)),
  )

function MenuIcon({ name, room }: { name: IconName | undefined; room: boolean }) {
  if (name !== undefined) return <Icon name={name} size={14} />
  return room ? <span className={s.room} /> : null
}

function Action({ action, room }: { action: MenuAction; room: boolean }) {
  return (
    <MenuItem
      id={action.id}
      textValue={action.label}
      isDisabled={action.disabled ?? false}
      className={cx(s.item, action.tone === 'bad' && s.bad)}
      {...(action.checked === undefined ? {} : { 'aria-checked': action.checked })}
    >
      <MenuIcon name={action.icon} room={room} />
      <span className={s.label}>{action.label}</span>
      {action.note === undefined ? null : <span className={s.note}>{action.note}</span>}
      {action.keys === undefined ? null : <Kbd keys={action.keys} />}
      {action.checked === undefined ? null : (
        <span className={s.tick} {...(action.checked ? { 'data-on': '' } : {})}>
          <Icon name="check" size={12} />
        </span>
      )}
    </MenuItem>
  )
}

function Entry({ entry, room }: { entry: MenuEntry; room: boolean }) {
  switch (entry.kind) {
    case 'rule':
      return <Separator className={s.rule ?? ''} />
    case 'group':
      return (
        <MenuSection>
          <Header className={s.head ?? ''}>{entry.title}</Header>
          {entry.items.map((action) => (
            <Action key={action.id} action={action} room={room} />
          ))}
        </MenuSection>
      )
    case 'submenu':
      return (
        <SubmenuTrigger>
          <MenuItem id={entry.id} textValue={entry.label} className={s.item ?? ''}>
            <MenuIcon name={entry.icon} room={room} />
            <span className={s.label}>{entry.label}</span>
            <Icon name="right" size={12} />
          </MenuItem>
          <Popover className={s.float ?? ''} offset={2}>
            <MenuItems label={entry.label} entries={entry.items} />
          </Popover>
        </SubmenuTrigger>
      )
    case 'action':
      return <Action action={entry} room={room} />
  }
}

const findAction = (entries: readonly MenuEntry[], id: string): MenuAction | undefined => {
  for (const entry of entries) {
    if (entry.kind === 'action' && entry.id === id) return entry
    if (entry.kind === 'group' || entry.kind === 'submenu') {
      const found = findAction(entry.items, id)
      if (found !== undefined) return found
    }
  }
  return undefined
}

/** The list inside a menu that is open. Ids must be unique within it. */
export function MenuItems({ label, entries }: { label: string; entries: readonly MenuEntry[] }) {
  const room = hasIcons(entries)
  return (
    <Menu
      aria-label={label}
      className={s.list ?? ''}
      autoFocus="first"
      onAction={(id) => findAction(entries, String(id))?.onSelect()}
    >
      {entries.map((entry) => (
        <Entry key={entry.id} entry={entry} room={room} />
      ))}
    </Menu>
  )
}
