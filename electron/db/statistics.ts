/** What one SQL statement has cost since the connection was opened. Times are in milliseconds. */
export type StatementStatistics = {
  readonly sql: string
  readonly calls: number
  readonly totalMs: number
  readonly maxMs: number
}

/** A statement that took longer than the limit; `at` is in milliseconds since 1970. */
export type SlowQuery = { readonly sql: string; readonly ms: number; readonly at: number }

/** Costs per statement and the latest slow ones. */
export type QueryStatistics = {
  /** Every statement, dearest in total first. */
  readonly statements: () => readonly StatementStatistics[]
  /** The latest slow queries, newest last. */
  readonly slow: () => readonly SlowQuery[]
}

/** The recording side of QueryStatistics. */
export type StatisticsRecorder = QueryStatistics & { readonly record: (sql: string, ms: number) => void }

const KEPT_SLOW = 100
const KEPT_STATEMENTS = 1_000

/** Records costs per statement; `onSlow` hears of each one over `slowMs`. */
export function createStatistics(slowMs: number, onSlow?: (query: SlowQuery) => void): StatisticsRecorder {
  const costs = new Map<string, { calls: number; totalMs: number; maxMs: number }>()
  const slow: SlowQuery[] = []
  return {
    record(sql, ms) {
      const cost = costs.get(sql)
      if (cost !== undefined) {
        cost.calls++
        cost.totalMs += ms
        if (ms > cost.maxMs) cost.maxMs = ms
      } else if (costs.size < KEPT_STATEMENTS) costs.set(sql, { calls: 1, totalMs: ms, maxMs: ms })
      if (ms <= slowMs) return
      const query = { sql, ms, at: Date.now() }
      slow.push(query)
      if (slow.length > KEPT_SLOW) slow.shift()
      onSlow?.(query)
    },
    statements: () =>
      [...costs].map(([sql, cost]) => ({ sql, ...cost })).sort((left, right) => right.totalMs - left.totalMs),
    slow: () => [...slow],
  }
}
