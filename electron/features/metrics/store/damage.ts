import type { Log } from '#electron/platform/log.ts'
import type { Queries } from './queries.ts'

/** Takes away from use, but keeps, what cannot be read. */
export type Damage = {
  /** Moves bytes to `metric_damaged`; the caller removes them from their place in the same transaction. */
  readonly putAside: (source: 'log' | 'chunk', series: number | null, reason: string, body: Uint8Array) => void
  /** Tells of a chunk that a read had to leave out; once for each chunk. */
  readonly leftOut: (chunk: number, reason: string) => void
  /** Tells of a series whose blocks were made anew, from so many chunks. */
  readonly repaired: (series: number, chunks: number) => void
  /** Put aside or left out since the database was made. */
  readonly count: () => number
}

export function createDamage(queries: Queries, log: Log | undefined): Damage {
  const leftOut = new Set<number>()
  return {
    putAside(source, series, reason, body) {
      queries.putAside.run(Date.now(), source, series, reason, body)
      log?.error('metric data put aside', { source, series, reason, bytes: body.length })
    },
    leftOut(chunk, reason) {
      if (leftOut.has(chunk)) return
      leftOut.add(chunk)
      log?.error('metric chunk left out', { chunk, reason })
    },
    repaired: (series, chunks) => log?.warn('metric blocks made anew from their chunks', { series, chunks }),
    count: () => (queries.countDamaged.value<number>() ?? 0) + leftOut.size,
  }
}
