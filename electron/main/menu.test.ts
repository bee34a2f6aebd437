import type { MenuItemConstructorOptions } from 'electron'
import { expect, test } from 'vitest'
import { acceleratorOf, type MenuCommand, menuTemplate } from './menu.ts'

const command = (menu: string, label: string, keys: string | null = null): MenuCommand => ({
  command: label.toLowerCase(),
  label,
  menu,
  keys,
  enabled: true,
})
const outline = (template: readonly MenuItemConstructorOptions[]): unknown =>
  template.map(({ label, role, submenu }) => [
    label ?? role,
    Array.isArray(submenu) ? submenu.map((item) => item.role ?? item.label ?? item.type) : [],
  ])

test('the page’s menus stand between View and Window, its commands before the system’s', () => {
  const commands = [command('Run', 'Launch'), command('File', 'Open a folder'), command('Help', 'Shortcuts')]
  expect(outline(menuTemplate(commands, { mac: false, development: false, run: () => {} }))).toEqual([
    ['File', ['Open a folder', 'separator', 'close', 'quit']],
    ['Edit', ['cut', 'copy', 'paste', 'selectAll']],
    ['View', ['resetZoom', 'zoomIn', 'zoomOut', 'togglefullscreen']],
    ['Run', ['Launch']],
    ['Window', ['minimize', 'zoom']],
    ['Help', ['Shortcuts']],
  ])
})

test('a Mac has its own first menu, where quitting is; developer tools are for clones only', () => {
  expect(outline(menuTemplate([], { mac: true, development: true, run: () => {} }))).toEqual([
    ['appMenu', []],
    ['File', ['close']],
    ['Edit', ['cut', 'copy', 'paste', 'selectAll']],
    ['View', ['resetZoom', 'zoomIn', 'zoomOut', 'togglefullscreen', 'toggleDevTools']],
    ['Window', ['minimize', 'zoom']],
  ])
})

test('an item shows its keys without taking them, runs its command, and keeps its ampersand', () => {
  const ran: string[] = []
  const item = { ...command('Run', 'Compare & plot', 'Mod+Shift+C'), enabled: false }
  const [, , , run] = menuTemplate([item], { mac: false, development: false, run: (id) => ran.push(id) })
  const [first] = Array.isArray(run?.submenu) ? run.submenu : []
  expect(first).toEqual({
    label: 'Compare && plot',
    enabled: false,
    click: expect.any(Function),
    accelerator: 'CommandOrControl+Shift+C',
    registerAccelerator: false,
  })
  first?.click?.(...([] as unknown as Parameters<NonNullable<typeof first.click>>))
  expect(ran).toEqual(['compare & plot'])
})

test.each([
  ['Mod+K', 'CommandOrControl+K'],
  ['Mod+Shift+I', 'CommandOrControl+Shift+I'],
  ['Ctrl+Alt+Up', 'Control+Alt+Up'],
  ['Shift+Enter', 'Shift+Enter'],
  ['Mod++', undefined],
  ['Mod+Plus', 'CommandOrControl+Plus'],
  ['Mod+,', 'CommandOrControl+,'],
  ['F5', 'F5'],
  ['Esc', 'Escape'],
  ['?', undefined],
  ['x', undefined],
  ['g r', undefined],
  ['Mod+ä', undefined],
  ['Mod+Nonsense', undefined],
  ['', undefined],
])('%s is shown as %s', (keys, accelerator) => {
  expect(acceleratorOf(keys)).toBe(accelerator)
})
