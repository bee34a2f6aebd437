import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

export type QuietMemoryOptions = {
  /** Milliseconds since anything was asked for. */
  readonly quiet: () => number
  /** Bytes that the process holds; by default what the system says. */
  readonly held?: () => number
  /** Empties caches, before garbage is collected. */
  readonly shrink?: () => void
  /** Collects garbage. */
  readonly collect?: () => void
  /** Gives free memory back to the system, once what was collected is free. */
  readonly giveBack?: () => void
}

/**
 * So long is nothing asked for before memory is given back, milliseconds: soon after a burst, again while what it left to do is being done,
 * and last when the log of points is in chunks and the threads that did it have ended.
 */
const QUIET = [5_000, 20_000, 30_000, 40_000, 90_000]
const LOOK_EVERY = 5_000
/** What V8 has collected becomes free in a thread of its own, milliseconds. */
const SWEPT = 500
/** Bytes beyond what was held after the last time for which it is worth it. */
const WORTH = 64 << 20

/**
 * Gives memory back after work. Many requests in a row make V8 take hundreds of MB that it needs no more, and it collects them only while it is
 * given more to do: a backend that went quiet would keep them for hours. `look` is called by itself every five seconds.
 */
export function releaseMemoryWhenQuiet(options: QuietMemoryOptions): {
  readonly look: () => void
  readonly close: () => void
} {
  const { quiet, shrink = () => {}, giveBack = () => {} } = options
  const held = options.held ?? (() => process.memoryUsage.rss())
  let collect = options.collect
  let least = held()
  /** Which of these comes next after the last burst. */
  let next = QUIET.length
  let sweeping: NodeJS.Timeout | undefined
  const release = (): void => {
    shrink()
    collect ??= collector()
    collect()
    clearTimeout(sweeping)
    sweeping = setTimeout(giveBack, SWEPT).unref()
    // How little that leaves is seen the next time.
    least = Infinity
  }
  const look = (): void => {
    const now = held()
    const since = quiet()
    // What was collected is given back a little later: the least that was seen is what it comes to.
    least = Math.min(least, now)
    if (now - least >= WORTH) next = 0
    if (since < (QUIET[next] ?? Infinity)) return
    next = QUIET.filter((quietFor) => quietFor <= since).length
    release()
  }
  const timer = setInterval(look, LOOK_EVERY)
  timer.unref()
  return {
    look,
    close() {
      clearInterval(timer)
      clearTimeout(sweeping)
    },
  }
}

/** V8's own function, which a program has to ask for. */
function collector(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}
