import type { MenuItemConstructorOptions } from 'electron'

/** A command of the page as the menu bar shows it. */
export type MenuCommand = {
  readonly command: string
  readonly label: string
  readonly menu: string
  /** `Mod+K`, `?`, or a sequence `g r`, which a menu bar cannot show. */
  readonly keys: string | null
  readonly enabled: boolean
}

const SEPARATOR: MenuItemConstructorOptions = { type: 'separator' }
/** The order of a menu bar; the page's other menus stand between View and Window. */
const BEFORE = ['File', 'Edit', 'View']
const AFTER = ['Window', 'Help']

/**
 * The menu bar of the page's own commands, with the parts that only the system can do. Shortcuts are shown, not registered: the
 * page's keymap runs them, so that a key never runs a command twice.
 */
export function menuTemplate(
  commands: readonly MenuCommand[],
  options: { readonly mac: boolean; readonly development: boolean; readonly run: (command: string) => void },
): MenuItemConstructorOptions[] {
  const { mac, development, run } = options
  const own = (menu: string): MenuItemConstructorOptions[] =>
    commands.filter((item) => item.menu === menu).map((item) => commandItem(item, mac, run))
  const roles: Readonly<Record<string, readonly MenuItemConstructorOptions[]>> = {
    File: [{ role: 'close' }, ...(mac ? [] : [{ role: 'quit' } as const])],
    Edit: [{ role: 'cut' }, { role: 'copy' }, { role: 'paste' }, { role: 'selectAll' }],
    View: [
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { role: 'togglefullscreen' },
      ...(development ? [{ role: 'toggleDevTools' } as const] : []),
    ],
    Window: [{ role: 'minimize' }, { role: 'zoom' }],
  }
  const others = [...new Set(commands.map(({ menu }) => menu))].filter((menu) => ![...BEFORE, ...AFTER].includes(menu))
  const menus = [...BEFORE, ...others, ...AFTER].map((label): MenuItemConstructorOptions => {
    const groups = [own(label), roles[label] ?? []].filter((group) => group.length > 0)
    return {
      label: plain(label, mac),
      submenu: groups.flatMap((group, index) => (index === 0 ? group : [SEPARATOR, ...group])),
    }
  })
  const filled = menus.filter(({ submenu }) => Array.isArray(submenu) && submenu.length > 0)
  return mac ? [{ role: 'appMenu' }, ...filled] : filled
}

function commandItem(item: MenuCommand, mac: boolean, run: (command: string) => void): MenuItemConstructorOptions {
  const accelerator = item.keys === null ? undefined : acceleratorOf(item.keys)
  return {
    label: plain(item.label, mac),
    enabled: item.enabled,
    click: () => run(item.command),
    ...(accelerator === undefined ? {} : { accelerator, registerAccelerator: false }),
  }
}

/** `&` marks a mnemonic except on a Mac. */
function plain(label: string, mac: boolean): string {
  return mac ? label : label.replaceAll('&', '&&')
}

/** Electron's names for keys that have one, by the page's own, which are the same in small letters but for these. */
const ALIASES: Readonly<Record<string, string>> = {
  mod: 'CommandOrControl',
  ctrl: 'Control',
  esc: 'Escape',
  '+': 'Plus',
}
const NAMES = [
  'Alt',
  'Shift',
  'Escape',
  'Enter',
  'Space',
  'Tab',
  'Backspace',
  'Delete',
  'Plus',
  'Up',
  'Down',
  'Left',
  'Right',
]

function keyOf(part: string): string | undefined {
  const key = part.toLowerCase().replace(/^arrow/, '')
  const named = ALIASES[key] ?? NAMES.find((name) => name.toLowerCase() === key)
  return named ?? (/^([\x21-\x7e]|f\d{1,2})$/.test(key) ? key.toUpperCase() : undefined)
}

/**
 * The page's `Mod+Shift+I` in Electron's words; undefined for what a menu cannot show: sequences, and names that Electron lacks. A
 * lone character is left out as well, for on a Mac it would be taken from whoever types.
 */
export function acceleratorOf(keys: string): string | undefined {
  if (/\s/.test(keys.trim())) return undefined
  const parts = keys === '+' ? ['+'] : keys.split('+').map((part) => part.trim())
  const words = parts.map(keyOf)
  if (words.includes(undefined) || (words.length === 1 && (words[0] ?? '').length === 1)) return undefined
  return words.join('+')
}
