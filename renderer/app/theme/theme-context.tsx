import { createContext, use, useMemo } from 'react'
import { useStore } from 'zustand'
import { useCommands } from '#renderer/ui/commands/command-registry.tsx'
import type { Command } from '#renderer/ui/commands/command.ts'
import type { Theme, ThemeChoice } from './theme-store.ts'

const Context = createContext<Theme | null>(null)

export const ThemeProvider = Context.Provider

/** The chosen theme and how to choose another, for the settings page. */
export function useTheme(): { readonly choice: ThemeChoice; readonly choose: (choice: ThemeChoice) => void } {
  const theme = use(Context)
  if (theme === null) throw new Error('useTheme needs a ThemeProvider above it')
  return { choice: useStore(theme.store, (state) => state.choice), choose: theme.choose }
}

const themes = [
  ['light', 'Use the light theme', 'sun'],
  ['dark', 'Use the dark theme', 'moon'],
  ['system', 'Use the theme of the system', 'settings'],
] as const

/** Offers the three themes in the palette. */
export function useThemeCommands(): void {
  const { choice, choose } = useTheme()
  const commands = useMemo(
    (): readonly Command[] =>
      themes.map(([id, label, icon]) => ({
        id: `theme.${id}`,
        label,
        group: 'View',
        icon,
        words: 'colours appearance night day',
        when: () => choice !== id,
        run: () => choose(id),
        undo: () => choose(choice),
      })),
    [choice, choose],
  )
  useCommands(commands)
}
