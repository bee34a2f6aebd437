import { appError } from '#shared/rpc/errors.ts'
import type { WriteDb } from './connection.ts'

/**
 * Group commit: all writes that are queued in one turn of the event loop become one transaction, and each promise settles
 * after that transaction is on disk. A commit costs about as much as a hundred small inserts, so this is what lets twenty
 * clients log at once.
 */
export type CommitQueue = {
  /**
   * Runs `write` (synchronous) in a savepoint of the next group. Resolves with its result after the commit; rejects with what
   * it threw, which rolls back this write alone, or with the reason why the whole group could not be committed.
   */
  readonly enqueue: <Result>(write: () => Result) => Promise<Result>
  /**
   * Runs `effect` once the write that is running now is committed, never if it is rolled back; at once when no write is running.
   * For state in memory that must follow the database.
   */
  readonly afterCommit: (effect: () => void) => void
  /** Commits what is queued before returning; the promises settle as usual. */
  readonly flush: () => void
  /**
   * Commits what is queued, then runs `write` as a group of its own, all before returning: for what must be seen through within one turn of the event loop. Throws
   * what `write` threw, or why it could not be committed. Not to be called from within a write.
   */
  readonly now: <Result>(write: () => Result) => Result
  /** Flushes, then refuses further writes. */
  readonly close: () => void
  readonly statistics: () => { readonly groups: number; readonly writes: number; readonly longestMs: number }
}

type Entry = {
  readonly write: () => unknown
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}
type Outcome = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: unknown }

/** How often the file is looked for, milliseconds. */
const PLACE_CHECK = 1_000

/** Makes the queue of a project's writer. One queue a connection. */
export function createCommitQueue(db: WriteDb): CommitQueue {
  let waiting: Entry[] = []
  let scheduled = false
  let closed = false
  let checkedAt = -Infinity
  let effects: (() => void)[] | undefined
  let groups = 0
  let writes = 0
  let longestMs = 0

  const runOne = (entry: Entry): Outcome => {
    const kept = effects?.length ?? 0
    try {
      return { ok: true, value: db.transaction(entry.write) }
    } catch (error) {
      if (effects !== undefined) effects.length = kept
      // SQLite gave up the whole transaction (a full disk): the writes before this one are gone too.
      if (!db.inTransaction()) throw error
      return { ok: false, error }
    }
  }

  const runGroup = (entries: readonly Entry[]): readonly Outcome[] => {
    const now = performance.now()
    if (now - checkedAt > PLACE_CHECK) {
      db.checkInPlace()
      checkedAt = now
    }
    const [only] = entries
    return entries.length === 1 && only !== undefined ? [runAlone(only)] : db.transaction(() => entries.map(runOne))
  }

  /** A write that is its group needs no savepoint: what rolls it back rolls back nothing else. */
  const runAlone = (entry: Entry): Outcome => {
    try {
      return { ok: true, value: db.transaction(entry.write) }
    } catch (error) {
      effects = []
      return { ok: false, error }
    }
  }

  /** Runs work as a group, and then what it asked for after its commit. */
  const runNow = <Result>(write: () => Result): Result => {
    if (closed) throw appError('unavailable', 'The project is closed.')
    flush()
    if (effects !== undefined) throw new Error('A write can not wait for another one.')
    db.checkInPlace()
    effects = []
    let result: Result
    let committed: readonly (() => void)[]
    try {
      result = db.transaction(write)
      committed = effects
    } finally {
      effects = undefined
    }
    groups++
    writes++
    const failures = committed.flatMap(failureOf)
    if (failures.length > 0) throw failures[0]
    return result
  }

  const flush = (): void => {
    scheduled = false
    if (waiting.length === 0 || effects !== undefined) return
    const entries = waiting
    waiting = []
    const start = performance.now()
    effects = []
    let outcomes: readonly Outcome[]
    let committed: readonly (() => void)[] = []
    try {
      outcomes = runGroup(entries)
      committed = effects
    } catch (error) {
      outcomes = entries.map(() => ({ ok: false, error }))
    } finally {
      effects = undefined
    }
    groups++
    writes += entries.length
    longestMs = Math.max(longestMs, performance.now() - start)
    const failures = committed.flatMap(failureOf)
    entries.forEach((entry, index) => settle(entry, outcomes[index]))
    // A mistake in the program, told like any other; but what was committed is acknowledged, and every effect has run.
    if (failures.length > 0) throw failures[0]
  }

  return {
    enqueue: <Result>(write: () => Result) => {
      if (closed) return Promise.reject(appError('unavailable', 'The project is closed.'))
      return new Promise<Result>((resolve, reject) => {
        waiting.push({ write, resolve: resolve as (value: unknown) => void, reject })
        if (scheduled) return
        scheduled = true
        setImmediate(() => db.whenFree(flush))
      })
    },
    afterCommit(effect) {
      if (effects === undefined) effect()
      else effects.push(effect)
    },
    flush,
    now: runNow,
    close() {
      flush()
      closed = true
    },
    statistics: () => ({ groups, writes, longestMs }),
  }
}

/** What the effect threw, in a list; empty when it did not. */
function failureOf(effect: () => void): readonly unknown[] {
  try {
    effect()
    return []
  } catch (error) {
    return [error]
  }
}

function settle(entry: Entry, outcome: Outcome | undefined): void {
  if (outcome?.ok === true) entry.resolve(outcome.value)
  else entry.reject(outcome?.error)
}
