import { expect, it } from 'vitest'
import { createToasts } from '#renderer/ui/states/toasts.tsx'
import { menuItems } from './menu-items.ts'

it('shows each command in its group’s menu or where menu bars hold it, with its first keys, grey where it cannot run', () => {
  const context = { route: { screen: 'home' as const }, toasts: createToasts() }
  const run = (): void => {}
  expect(
    menuItems(
      [
        { id: 'a', label: 'Open folder…', group: 'Project', keys: ['Mod+O', 'g o'], run },
        { id: 'project.undo', label: 'Undo the last change', group: 'Project', run },
        { id: 'b', label: 'Compare', group: 'Runs', when: ({ route }) => route.screen === 'runs', run },
      ],
      context,
    ),
  ).toEqual([
    { command: 'a', label: 'Open folder…', menu: 'Project', keys: 'Mod+O', enabled: true },
    { command: 'project.undo', label: 'Undo the last change', menu: 'Edit', keys: null, enabled: true },
    { command: 'b', label: 'Compare', menu: 'Runs', keys: null, enabled: false },
  ])
})
