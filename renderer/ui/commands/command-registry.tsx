import { createContext, use, useEffect } from 'react'
import { createStore, useStore, type StoreApi } from 'zustand'
import type { Command } from './command.ts'

interface RegistryState {
  /** In the order in which they came: the later of two with the same keys wins, so a screen overrides the app. */
  readonly commands: readonly Command[]
}

export interface CommandRegistry {
  readonly store: StoreApi<RegistryState>
  /** Adds commands and returns what removes them. Throws when an id is taken. */
  readonly register: (commands: readonly Command[]) => () => void
  readonly find: (id: string) => Command | undefined
}

export const createCommandRegistry = (): CommandRegistry => {
  const store = createStore<RegistryState>(() => ({ commands: [] }))
  return {
    store,
    find: (id) => store.getState().commands.find((command) => command.id === id),
    register: (commands) => {
      const now = store.getState().commands
      const ids = [...now, ...commands].map((command) => command.id)
      const twice = ids.find((id, at) => ids.indexOf(id) !== at)
      if (twice !== undefined) throw new Error(`Two commands are named ${twice}`)
      store.setState({ commands: [...now, ...commands] })
      return () => {
        const gone = new Set(commands)
        store.setState((state) => ({ commands: state.commands.filter((command) => !gone.has(command)) }))
      }
    },
  }
}

const Context = createContext<CommandRegistry | null>(null)

export const CommandRegistryProvider = Context.Provider

export const useCommandRegistry = (): CommandRegistry => {
  const registry = use(Context)
  if (registry === null) throw new Error('useCommandRegistry needs a CommandRegistryProvider above it')
  return registry
}

/** Offers commands for as long as the component is there. A new list replaces the one before. */
export function useCommands(commands: readonly Command[]): void {
  const registry = useCommandRegistry()
  useEffect(() => registry.register(commands), [registry, commands])
}

/** All commands of now. */
export const useAllCommands = (): readonly Command[] => useStore(useCommandRegistry().store, (state) => state.commands)
