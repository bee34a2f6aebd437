import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

export type QuietMemoryOptions = {
  /** Milliseconds since anything was asked for. */
  readonly quiet: () => number
  /** Bytes that the process holds; by default what the system says. */
  readonly held?: () => number
  /** Collects garbage. */
  readonly collect?: () => void
}

/** So long is nothing asked for before garbage is collected, milliseconds. */
const QUIET = 5_000
const LOOK_EVERY = 15_000
/** Bytes beyond what was held after the last time for which it is worth it. */
const WORTH = 64 << 20

/**
 * Gives memory back after work. Many requests in a row make V8 take hundreds of MB that it needs no more, and it collects them only while it is
 * given more to do: a backend that went quiet would keep them for hours. `look` is called by itself every 15 seconds.
 */
export function releaseMemoryWhenQuiet(options: QuietMemoryOptions): {
  readonly look: () => void
  readonly close: () => void
} {
  const { quiet } = options
  const held = options.held ?? (() => process.memoryUsage.rss())
  let collect = options.collect
  let least = held()
  const look = (): void => {
    const now = held()
    // What was collected is given back a little later: the least that was seen is what it comes to.
    least = Math.min(least, now)
    if (now - least < WORTH || quiet() < QUIET) return
    collect ??= collector()
    collect()
    least = Infinity
  }
  const timer = setInterval(look, LOOK_EVERY)
  timer.unref()
  return { look, close: () => clearInterval(timer) }
}

/** V8's own function, which a program has to ask for. */
function collector(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}
