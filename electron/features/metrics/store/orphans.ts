import type { ReadDb } from '#electron/db/connection.ts'
import { CHUNK, N, readDirectory, STRIDE } from './directory.ts'

/**
 * What does not hang together in the store's tables, in words: chunks that no block lists, lines without their chunk, levels and
 * blocks of nothing, counts that differ. Empty in a whole store, also after any crash. Reads everything: for tests and repairs.
 */
export function orphans(db: ReadDb): readonly string[] {
  const problems: string[] = []
  const chunks = new Map<number, { series: number; sealed: number; n: number }>()
  for (const row of db.all<{ id: number; series: number; sealed: number; n: number }>(
    'SELECT id, series_id AS series, sealed, n FROM metric_chunk',
  ))
    chunks.set(row.id, row)
  const series = new Set(db.all<{ id: number }>('SELECT id FROM metric_series').map((row) => row.id))
  const levels = new Set(db.all<{ id: number }>('SELECT chunk_id AS id FROM metric_level').map((row) => row.id))
  const listed = new Set<number>()
  for (const block of db.all<{ id: number; series: number; directory: Uint8Array }>(
    'SELECT id, series_id AS series, directory FROM metric_block',
  )) {
    if (!series.has(block.series)) problems.push(`block ${block.id} is of no series`)
    const { lines, length } = readDirectory(block.directory)
    for (let at = 0; at < length * STRIDE; at += STRIDE) {
      const id = lines[at + CHUNK] as number
      const chunk = chunks.get(id)
      if (listed.has(id)) problems.push(`chunk ${id} is listed twice`)
      listed.add(id)
      if (chunk?.series !== block.series || chunk.sealed !== 1 || chunk.n !== lines[at + N])
        problems.push(`block ${block.id} lists chunk ${id}, which is not as it says`)
    }
  }
  for (const [id, chunk] of chunks) {
    if (!series.has(chunk.series)) problems.push(`chunk ${id} is of no series`)
    if ((chunk.sealed === 1) !== listed.has(id)) problems.push(`sealed chunk ${id} is in no block`)
    if ((chunk.sealed === 1) !== levels.has(id)) problems.push(`sealed chunk ${id} has no level`)
  }
  for (const { id } of db.all<{ id: number }>('SELECT DISTINCT series_id AS id FROM metric_wide'))
    if (!series.has(id)) problems.push(`exact points of ${id} are of no series`)
  for (const id of levels) if (!chunks.has(id)) problems.push(`level ${id} is of no chunk`)
  return problems
}
