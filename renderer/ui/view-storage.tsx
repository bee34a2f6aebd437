import { createContext, use, useState } from 'react'

/** Where view state is remembered: widths, folds, columns, the theme. Values are small and JSON. */
export interface ViewStorage {
  readonly get: (key: string) => unknown
  readonly set: (key: string, value: unknown) => void
}

/** Remembers in the browser's own storage, under `benchtop.`; forgets silently where there is none or it is full. */
export const browserStorage = (storage: Pick<Storage, 'getItem' | 'setItem'> | undefined): ViewStorage => ({
  get: (key) => {
    try {
      const text = storage?.getItem(`benchtop.${key}`)
      return text === null || text === undefined ? undefined : (JSON.parse(text) as unknown)
    } catch {
      return undefined
    }
  },
  set: (key, value) => {
    try {
      storage?.setItem(`benchtop.${key}`, JSON.stringify(value))
    } catch {
      // A width that is not remembered is no fault to show.
    }
  },
})

/** Remembers for as long as the page lives: for tests and for storage that is switched off. */
export const memoryStorage = (): ViewStorage => {
  const kept = new Map<string, unknown>()
  return { get: (key) => kept.get(key), set: (key, value) => void kept.set(key, value) }
}

const Context = createContext<ViewStorage>(
  browserStorage(typeof localStorage === 'undefined' ? undefined : localStorage),
)

/** Puts another memory under the controls, e.g. one of a project. */
export const ViewStorageProvider = Context.Provider

export const useViewStorage = (): ViewStorage => use(Context)

/**
 * State that outlives the page. `accept` decides whether what was stored is still one of its values; anything else
 * gives `initial`. Without a key nothing is kept.
 */
export function useRemembered<Value>(
  key: string | undefined,
  initial: Value,
  accept: (stored: unknown) => Value | undefined,
): readonly [Value, (next: Value) => void] {
  const storage = useViewStorage()
  const [value, setValue] = useState<Value>(() => (key === undefined ? undefined : accept(storage.get(key))) ?? initial)
  return [
    value,
    (next) => {
      setValue(next)
      if (key !== undefined) storage.set(key, next)
    },
  ]
}
