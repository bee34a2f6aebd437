import { readFileSync } from 'node:fs'

/**
 * Starts to count how long this thread was ready but had no core, in milliseconds; call the result for the count. On a machine that others
 * use as well, that time is in every other figure. Linux tells; elsewhere it is 0.
 */
export function cpuWait(): () => number {
  const start = waited()
  return () => waited() - start
}

function waited(): number {
  try {
    const [, nanoseconds] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')
    return Number(nanoseconds) / 1e6
  } catch {
    return 0
  }
}
