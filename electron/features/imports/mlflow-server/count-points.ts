import type { SourceRun } from '../source.ts'
import type { Server } from './pages.ts'

/** Requests that are under way at once. */
const AT_ONCE = 4

/**
 * Makes a question to a server: has a run other points than it had? None is ever changed or deleted by itself there, so as many are the same. A page that
 * begins at the last point tells that there are as many, at the cost of that one. Servers before MLflow 2.17, and those on a folder, know no such
 * pages: they can't tell.
 */
export function pointCounter({ connection }: Server) {
  let refused = false
  const isLast = async (run: string, key: string, count: number, signal: AbortSignal): Promise<boolean> => {
    const query = { run_id: run, run_uuid: run, metric_key: key, max_results: 1, page_token: tokenOf(count - 1) }
    const answer = await connection.ask({ path: '/api/2.0/mlflow/metrics/get-history', query, once: true }, signal)
    if (!answer.ok) refused = true
    if (!answer.ok || typeof answer.body !== 'object' || answer.body === null) return false
    const { metrics, next_page_token: next } = answer.body as { metrics?: unknown; next_page_token?: unknown }
    return Array.isArray(metrics) && metrics.length === 1 && (next === undefined || next === null || next === '')
  }
  return async (run: SourceRun, counts: ReadonlyMap<string, number>, signal: AbortSignal): Promise<boolean> => {
    const all = [...counts].filter(([, count]) => count > 0)
    for (let start = 0; start < all.length; start += AT_ONCE) {
      if (refused) return true
      const some = all.slice(start, start + AT_ONCE)
      const same = await Promise.all(some.map(([key, count]) => isLast(run.id, key, count, signal)))
      if (same.includes(false)) return true
    }
    return false
  }
}

/** As MLflow writes it: base64 of `{"offset": 5}`. */
function tokenOf(offset: number): string {
  return Buffer.from(`{"offset": ${offset}}`).toString('base64')
}
