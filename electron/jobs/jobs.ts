/** Work that nobody waits for, a few pieces at a time, in the order in which it came. */
export type Jobs = {
  /**
   * Runs `work` when there is room. Resolves with its result; rejects with what it threw, or with the signal's reason when the jobs are closed first: work
   * that has not begun is then never begun.
   */
  readonly run: <Result>(work: (signal: AbortSignal) => Promise<Result>) => Promise<Result>
  /** Pieces that run or wait. */
  readonly pending: () => number
  /** Aborts what runs, drops what waits; resolves when nothing runs any more. */
  readonly close: () => Promise<void>
}

/** Makes a queue of background work with `limit` pieces at a time. */
export function createJobs(limit: number): Jobs {
  const controller = new AbortController()
  const waiting: (() => void)[] = []
  const running = new Set<Promise<unknown>>()

  const next = (): void => {
    while (running.size < limit) {
      const begin = waiting.shift()
      if (begin === undefined) return
      begin()
    }
  }
  return {
    run: (work) =>
      new Promise((resolve, reject) => {
        const begin = (): void => {
          if (controller.signal.aborted) return reject(controller.signal.reason as Error)
          const piece = work(controller.signal).finally(() => {
            running.delete(piece)
            next()
          })
          piece.then(resolve, reject)
          running.add(piece)
        }
        waiting.push(begin)
        next()
      }),
    pending: () => running.size + waiting.length,
    async close() {
      controller.abort()
      for (const begin of waiting.splice(0)) begin()
      await Promise.allSettled(running)
    },
  }
}
