import { createStore, type StoreApi } from 'zustand'
import type { ViewStorage } from '#renderer/ui/view-storage.tsx'

export type ThemeChoice = 'system' | 'light' | 'dark'

export interface ThemeState {
  readonly choice: ThemeChoice
}

const isChoice = (value: unknown): value is ThemeChoice => value === 'system' || value === 'light' || value === 'dark'

export interface Theme {
  readonly store: StoreApi<ThemeState>
  readonly choose: (choice: ThemeChoice) => void
}

/**
 * The theme that a person chose, remembered under `theme`, and kept on `root` as `data-theme`; the system's theme has
 * no attribute, and CSS follows it by itself. `public/theme.js` does the same before the first paint.
 */
export const createTheme = (storage: ViewStorage, root: { readonly dataset: DOMStringMap }): Theme => {
  const stored = storage.get('theme')
  const store = createStore<ThemeState>(() => ({ choice: isChoice(stored) ? stored : 'system' }))
  const apply = ({ choice }: ThemeState) => {
    if (choice === 'system') delete root.dataset['theme']
    else root.dataset['theme'] = choice
  }
  apply(store.getState())
  store.subscribe(apply)
  return {
    store,
    choose: (choice) => {
      store.setState({ choice })
      storage.set('theme', choice)
    },
  }
}
