import type { z } from 'zod'
import type { ImportProgress, ImportReport, imports as contract } from '#shared/contract/imports.ts'

export type JobEvent = z.input<(typeof contract)['follow']['event']>

/** An import that waits, runs, or has ended a while ago. */
export type Job = {
  readonly id: string
  readonly project: string
  readonly signal: AbortSignal
  /** The sources that it is at, or will be: numbers of their rows, as far as they are known. */
  readonly sources: Set<number>
  readonly cancel: () => void
  readonly progress: (location: string, progress: ImportProgress) => void
  readonly report: (location: string, source: number, report: ImportReport) => void
  /** Nothing comes after it. With an error it ended before there was a source to report on. */
  readonly end: (error?: unknown) => void
  readonly ended: () => boolean
  /** Resolves at its end. */
  readonly over: Promise<void>
  /** From any time on, by any number of listeners: the reports so far, the newest progress, and what comes. */
  readonly follow: (signal: AbortSignal) => AsyncIterable<JobEvent>
}

/** The shortest time between two events of progress, milliseconds. */
const EVERY = 100

/** Makes a job that has not begun. */
export function createJob(id: string, project: string): Job {
  const controller = new AbortController()
  const reports: JobEvent[] = []
  const listeners = new Set<() => void>()
  let latest: JobEvent | undefined
  const over = Promise.withResolvers<void>()
  let isOver = false
  let failure: unknown

  const wake = (): void => {
    for (const listener of listeners) listener()
  }
  async function* follow(signal: AbortSignal): AsyncIterable<JobEvent> {
    let told = 0
    let seen: JobEvent | undefined
    let toldAt = -Infinity
    for (;;) {
      if (signal.aborted) return
      const report = reports[told]
      if (report !== undefined) {
        told++
        yield report
        continue
      }
      if (isOver) break
      const wait = latest === seen ? null : toldAt + EVERY - performance.now()
      if (wait !== null && wait <= 0) {
        seen = latest
        toldAt = performance.now()
        if (seen !== undefined) yield seen
        continue
      }
      await next(listeners, signal, wait)
    }
    if (failure !== undefined) throw failure as Error
  }

  return {
    id,
    project,
    signal: controller.signal,
    sources: new Set(),
    cancel: () => controller.abort(),
    progress(location, progress) {
      latest = { type: 'progress', location, progress }
      wake()
    },
    report(location, source, report) {
      reports.push({ type: 'report', location, source, report })
      latest = undefined
      wake()
    },
    end(error) {
      isOver = true
      failure = error
      over.resolve()
      wake()
    },
    ended: () => isOver,
    over: over.promise,
    follow,
  }
}

/** Resolves with the next news, or when the time is over. */
function next(listeners: Set<() => void>, signal: AbortSignal, wait: number | null): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      listeners.delete(onNews)
      signal.removeEventListener('abort', done)
      resolve()
    }
    // While a wait is on, more progress changes nothing; a report or the end comes at the latest with it.
    const onNews = wait === null ? done : () => {}
    const timer = wait === null ? undefined : setTimeout(done, wait)
    listeners.add(onNews)
    signal.addEventListener('abort', done, { once: true })
  })
}
