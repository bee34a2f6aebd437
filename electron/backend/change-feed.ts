import type { Change } from '#shared/contract/common.ts'

export type ChangeFeed = {
  readonly changed: (change: Omit<Change, 'revision'>) => void
  /** Changes from now on, until the signal aborts: at most ten batches a second, those of one entity merged. */
  readonly watch: (signal: AbortSignal) => AsyncIterable<Change>
}

const EVERY = 100
/** Past this many ids "any of them" is the shorter word. */
const MANY = 200

/** Gathers what services say and hands it to every page. */
export function createChangeFeed(): ChangeFeed {
  const revisions = new Map<string | null, number>()
  const watchers = new Set<(change: Change) => void>()
  return {
    changed: (change) => {
      const revision = (revisions.get(change.project) ?? 0) + 1
      revisions.set(change.project, revision)
      for (const watcher of watchers) watcher({ ...change, revision })
    },
    watch: (signal) => watch(watchers, signal),
  }
}

async function* watch(watchers: Set<(change: Change) => void>, signal: AbortSignal): AsyncIterable<Change> {
  let waiting = new Map<string, Change>()
  let wake: (() => void) | undefined
  const onChange = (change: Change): void => {
    const key = `${change.project ?? ''}/${change.entity}`
    const before = waiting.get(key)
    waiting.set(key, before === undefined ? change : merge(before, change))
    wake?.()
  }
  const onAbort = (): void => wake?.()
  watchers.add(onChange)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    while (!signal.aborted) {
      if (waiting.size === 0) {
        await new Promise<void>((resolve) => (wake = resolve))
        continue
      }
      const batch = waiting
      waiting = new Map()
      yield* batch.values()
      await pause(EVERY, signal)
    }
  } finally {
    watchers.delete(onChange)
    signal.removeEventListener('abort', onAbort)
  }
}

function merge(before: Change, after: Change): Change {
  if (before.ids.length === 0 || after.ids.length === 0) return { ...after, ids: [] }
  const ids = [...new Set([...before.ids, ...after.ids])]
  return { ...after, ids: ids.length > MANY ? [] : ids }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done, { once: true })
    function done(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
  })
}
