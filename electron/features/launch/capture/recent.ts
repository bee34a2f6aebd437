import type { ProcessIdentity } from '#electron/platform/process/identity.ts'

/** Reads something about a run's surroundings; `what` names it, with all that the answer depends on. */
export type Reading = <Value>(what: string, read: () => Promise<Value>) => Promise<Value>

export const readAnew: Reading = (_what, read) => read()

/** A process that makes a thousand runs (a sweep, folds) runs the same code in the same surroundings: it is looked at this often, milliseconds. */
const FRESH = 2_000

/** Readings by process: what was read, or is being read, of the same process a moment ago is taken again. */
export function createRecent(now: () => number = () => performance.now()): (process: ProcessIdentity) => Reading {
  const kept = new Map<string, { readonly at: number; readonly value: Promise<unknown> }>()
  return ({ pid, started }) =>
    async <Value>(what: string, read: () => Promise<Value>) => {
      const key = `${pid} ${started} ${what}`
      const time = now()
      for (const [old, { at }] of kept) if (time - at >= FRESH) kept.delete(old)
      const before = kept.get(key)
      if (before !== undefined) return (await before.value) as Value
      const value = read()
      kept.set(key, { at: time, value })
      value.catch(() => kept.delete(key))
      return value
    }
}
