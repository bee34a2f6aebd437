import { stat } from 'node:fs/promises'
import type { ImportKind } from '#shared/contract/imports.ts'
import type { Log } from '#electron/platform/log.ts'
import { addChange, type Dirt, isDirty, noDirt, type StoreChanges } from './changes.ts'
import { databaseMark, tellChanges, type Telling } from './tell-changes.ts'

/** What came of a round. */
export type Round = { readonly changed: boolean; readonly ok: boolean }

export type WatchOptions = {
  readonly kind: ImportKind
  readonly location: string
  readonly log: Log
  /** Takes in what has changed: all of it, or as far as named. */
  readonly round: (changes: StoreChanges | undefined) => Promise<Round>
  readonly onMissing: (missing: boolean) => Promise<void>
  /** It began to rest after a failure, or to go well again. */
  readonly onRetry: () => void
  readonly pace?: Pace
  readonly tell?: typeof tellChanges | undefined
}

/** Times in milliseconds. */
export type Pace = {
  /** A store rests so long before what changed there is read; but nothing waits longer than `longest`. */
  readonly quiet: number
  readonly longest: number
  /** How often a database's file is looked at, and whether the store is there at all. */
  readonly look: number
  /** Between rounds over a store that nobody tells about, and after failures: from, and at most. */
  readonly poll: readonly [number, number]
  /** Rounds take at most this part of the time, whatever the store costs to read. */
  readonly share: number
}

export const PACE: Pace = { quiet: 400, longest: 3_000, look: 2_000, poll: [5_000, 300_000], share: 0.25 }
export type WatchedSource = {
  /** Resolves when nothing of it runs any more. */
  readonly stop: () => Promise<void>
  /** How it is followed, once that is known. */
  readonly mode: () => 'told' | 'looked' | 'starting'
  /** Failures in a row, and milliseconds until it is tried again; undefined while it goes well. */
  readonly retry: () => { readonly failures: number; readonly inMs: number } | undefined
  /** All of it was read meanwhile by somebody's wish: what stood in the way is over. */
  readonly wentWell: () => void
}

/** Follows one store while it grows. Begins with a whole round, as nobody knows what happened while nobody looked. */
export function watchSource(options: WatchOptions): WatchedSource {
  const { kind, location, log, round, onMissing, onRetry } = options
  const pace = options.pace ?? PACE
  const tell = options.tell ?? tellChanges
  let dirt: Dirt = { ...noDirt(), whole: true }
  let firstAt = 0
  let changedAt = 0
  let restUntil = 0
  let interval = pace.poll[0]
  let failures = 0
  let mark: string | undefined
  let telling: Telling | undefined
  let isMissing: boolean | undefined
  let isOver = false
  let lookAt = 0
  let working: Promise<void> = Promise.resolve()
  let isWorking = false

  const touch = (): void => {
    const now = performance.now()
    if (firstAt === 0) firstAt = now
    changedAt = now
  }
  const markAll = (): void => {
    dirt.whole = true
    touch()
  }
  const listen = async (): Promise<void> => {
    if (kind !== 'mlflow-files' || telling !== undefined) return
    const onPaths = (paths: readonly string[]): void => {
      for (const path of paths) addChange(dirt, location, path)
      if (isDirty(dirt)) touch()
    }
    const made = await tell(location, log, onPaths, () => void letGo().then(markAll))
    if (isOver) await made.stop()
    else telling = made
  }
  const letGo = async (): Promise<void> => {
    const before = telling
    telling = undefined
    await before?.stop().catch(() => {})
  }

  /** Is it there? Was the database written to? */
  const look = async (): Promise<void> => {
    lookAt = performance.now() + pace.look
    if (kind === 'mlflow-server') return
    const gone = (await stat(location).catch(() => undefined)) === undefined
    if (gone !== isMissing) {
      isMissing = gone
      await onMissing(gone)
      if (gone) await letGo()
      else markAll()
    }
    if (gone) return
    await listen()
    if (kind !== 'mlflow-database') return
    const now = await databaseMark(location)
    if (now !== mark && mark !== undefined) markAll()
    mark = now
  }

  const work = async (): Promise<void> => {
    const changes: StoreChanges | undefined = dirt.whole ? undefined : { runs: dirt.runs, models: dirt.models }
    dirt = noDirt()
    firstAt = 0
    const start = performance.now()
    const { changed, ok } = await round(changes)
    const took = performance.now() - start
    if (!ok) return failed()
    interval = changed ? pace.poll[0] : Math.min(interval * 2, pace.poll[1])
    restUntil = performance.now() + Math.max(pace.quiet, took / pace.share)
    goesWell()
  }
  /** Tried again after a pause that grows, and then all of it. */
  const failed = (): void => {
    dirt.whole = true
    firstAt = performance.now()
    restUntil = firstAt + Math.min(pace.poll[0] * 2 ** failures, pace.poll[1])
    failures++
    onRetry()
  }
  const goesWell = (): void => {
    if (failures === 0) return
    failures = 0
    onRetry()
  }

  const step = async (): Promise<void> => {
    const now = performance.now()
    if (now >= lookAt) await look()
    if (isMissing === true || isOver) return
    const isPolled = kind === 'mlflow-server' || (kind === 'mlflow-files' && telling?.tells === false)
    if (isPolled && !isDirty(dirt) && now >= restUntil + interval) dirt.whole = true
    if (!isDirty(dirt) || performance.now() < restUntil) return
    const rests = performance.now() - changedAt >= pace.quiet
    if (rests || performance.now() - firstAt >= pace.longest) await work()
  }

  const timer = setInterval(
    () => {
      if (isWorking || isOver) return
      isWorking = true
      working = step()
        .catch((error: unknown) => {
          failed()
          log.warn('a watched store could not be followed', { location, error })
        })
        .finally(() => (isWorking = false))
    },
    Math.max(10, pace.quiet / 4),
  )
  timer.unref()
  return {
    mode: () =>
      kind === 'mlflow-files' && telling === undefined ? 'starting' : telling?.tells === true ? 'told' : 'looked',
    // What can't be found at all is looked for all the time.
    retry: () =>
      failures === 0 || isMissing === true ? undefined : { failures, inMs: Math.max(0, restUntil - performance.now()) },
    wentWell() {
      restUntil = 0
      interval = pace.poll[0]
      goesWell()
    },
    async stop() {
      isOver = true
      clearInterval(timer)
      await letGo()
      await working
    },
  }
}
