import { expect, it } from 'vitest'
import { memoryStorage } from '#renderer/ui/view-storage.tsx'
import { createTheme } from './theme-store.ts'

it('pins a theme, remembers it, and lets the system have it back', () => {
  const storage = memoryStorage()
  const root = { dataset: {} as DOMStringMap }
  const theme = createTheme(storage, root)
  expect([theme.store.getState().choice, root.dataset['theme']]).toEqual(['system', undefined])
  theme.choose('dark')
  expect([storage.get('theme'), root.dataset['theme']]).toEqual(['dark', 'dark'])
  const again = { dataset: {} as DOMStringMap }
  expect(createTheme(storage, again).store.getState().choice).toBe('dark')
  expect(again.dataset['theme']).toBe('dark')
  theme.choose('system')
  expect('theme' in root.dataset).toBe(false)
})

it('takes nothing else for a theme', () => {
  const storage = memoryStorage()
  storage.set('theme', 'neon')
  expect(createTheme(storage, { dataset: {} }).store.getState().choice).toBe('system')
})
