import type { ReadDb, WriteDb } from '#electron/db/connection.ts'
import type { Command, Query } from '#electron/db/statement.ts'

/** What planning a compaction reads; also from another thread. */
export type Reads = ReturnType<typeof createReads>
/** The store's SQL, prepared once. */
export type Queries = ReturnType<typeof createQueries>

/** A block and the span of its steps or times. */
export type BlockSpan = readonly [id: number, low: number, high: number]
export type ChunkRow = readonly [n: number, steps: Uint8Array, vals: Uint8Array, times: Uint8Array]
export type SeriesRow = readonly [
  id: number,
  run: number,
  key: string,
  origin: string,
  sealedThrough: number,
  summary: Uint8Array | null,
]

const SERIES = 'SELECT id, run_id, key, origin, sealed_through, summary FROM metric_series'

export function createReads(db: Pick<ReadDb, 'prepare'>) {
  const sql = (text: string): Query => db.prepare(text)
  return {
    chunk: sql('SELECT n, steps, vals, times FROM metric_chunk WHERE id = ?'),
    openChunks: sql('SELECT id, n FROM metric_chunk WHERE series_id = ? AND sealed = 0 ORDER BY id'),
    lastBlock: sql('SELECT id FROM metric_block WHERE series_id = ? ORDER BY first DESC LIMIT 1'),
    firstBlock: sql('SELECT id, first FROM metric_block WHERE series_id = ? ORDER BY first LIMIT 1'),
    blockBefore: sql(
      'SELECT id, first FROM metric_block WHERE series_id = ? AND first <= ? ORDER BY first DESC LIMIT 1',
    ),
    firstAfter: sql('SELECT first FROM metric_block WHERE series_id = ? AND first > ? ORDER BY first LIMIT 1'),
    wholeBlock: sql('SELECT directory, level3, level2 FROM metric_block WHERE id = ?'),
  }
}

export function createQueries(db: WriteDb) {
  const sql = (text: string): Command => db.prepare(text)
  return {
    ...createReads(db),
    seriesById: sql(`${SERIES} WHERE id = ? AND deleted = 0`),
    seriesOfRun: sql(`${SERIES} WHERE run_id = ? AND deleted = 0 ORDER BY key, origin`),
    seriesOfRuns: sql(
      `${SERIES} WHERE run_id IN (SELECT value FROM json_each(?)) AND deleted = 0 AND origin = 'logged' ORDER BY run_id, key`,
    ),
    keyOfRuns: sql(
      `${SERIES} WHERE key = ? AND run_id IN (SELECT value FROM json_each(?)) AND deleted = 0 AND origin = 'logged' ORDER BY run_id`,
    ),
    allOfRuns: sql(`${SERIES} WHERE run_id IN (SELECT value FROM json_each(?)) AND deleted = 0`),
    // All of it is in the index: a row holds a summary that is longer than all else.
    keysOfRuns: sql(
      'SELECT key, origin, count(*) FROM metric_series WHERE run_id IN (SELECT value FROM json_each(?)) AND deleted = 0 GROUP BY key, origin',
    ),
    seriesAfter: sql(`${SERIES} WHERE id > ? AND deleted = 0 ORDER BY id LIMIT ?`),
    seriesNames: sql('SELECT id, key, origin FROM metric_series WHERE run_id = ? AND deleted = 0'),
    lastSeriesId: sql(`SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'metric_series'`),
    insertSeries: sql('INSERT OR IGNORE INTO metric_series (id, run_id, key, origin) VALUES (?, ?, ?, ?)'),
    updateSeries: sql('UPDATE metric_series SET summary = ?, sealed_through = ? WHERE id = ?'),
    markRunDeleted: sql('UPDATE metric_series SET deleted = 1 WHERE run_id = ? AND deleted = 0'),
    markSeriesDeleted: sql('UPDATE metric_series SET deleted = 1 WHERE id = ? AND deleted = 0'),
    deletedSeries: sql('SELECT id FROM metric_series WHERE deleted = 1 LIMIT 1'),
    removeSeries: sql('DELETE FROM metric_series WHERE id = ?'),
    removeSomeChunks: sql(
      'DELETE FROM metric_chunk WHERE id IN (SELECT id FROM metric_chunk WHERE series_id = ? LIMIT 16)',
    ),

    insertWide: sql('INSERT OR IGNORE INTO metric_wide (series_id, point) VALUES (?, ?)'),
    wideTwin: sql('SELECT 1 FROM metric_wide WHERE series_id = ? AND point >= ? AND point < ? LIMIT 1'),
    lastWide: sql('SELECT max(point) FROM metric_wide WHERE series_id = ?'),
    wideBetween: sql(
      'SELECT point FROM metric_wide WHERE series_id = ? AND point > ? AND point < ? ORDER BY point LIMIT ?',
    ),
    updateWide: sql(
      `UPDATE metric_series SET wide_twins = wide_twins + ?, wide_latest = max(coalesce(wide_latest, x''), ?) WHERE id = ?`,
    ),
    wideTwins: sql('SELECT wide_twins FROM metric_series WHERE id = ?'),
    wideLatest: sql('SELECT wide_latest FROM metric_series WHERE id = ?'),
    removeSomeWide: sql(
      'DELETE FROM metric_wide WHERE series_id = @id AND point IN (SELECT point FROM metric_wide WHERE series_id = @id LIMIT 256)',
    ),

    insertLog: sql('INSERT INTO metric_log (body) VALUES (?)'),
    logIds: sql('SELECT id FROM metric_log ORDER BY id'),
    logBody: sql('SELECT body FROM metric_log WHERE id = ?'),
    removeSomeLog: sql(
      'DELETE FROM metric_log WHERE id IN (SELECT id FROM metric_log WHERE id < ? ORDER BY id LIMIT 2)',
    ),
    removeLog: sql('DELETE FROM metric_log WHERE id = ?'),
    emptyLog: sql(`UPDATE metric_log SET body = x'' WHERE id = ?`),

    insertChunk: sql('INSERT INTO metric_chunk (series_id, sealed, n, steps, vals, times) VALUES (?, ?, ?, ?, ?, ?)'),
    updateChunk: sql('UPDATE metric_chunk SET n = ?, steps = ?, vals = ?, times = ? WHERE id = ?'),
    removeChunk: sql('DELETE FROM metric_chunk WHERE id = ?'),
    sealedChunks: sql('SELECT id, n FROM metric_chunk WHERE series_id = ? AND sealed = 1 ORDER BY id'),
    blocks: sql('SELECT id FROM metric_block WHERE series_id = ?'),
    putLevel: sql('INSERT OR REPLACE INTO metric_level (chunk_id, body) VALUES (?, ?)'),
    level: sql('SELECT body FROM metric_level WHERE chunk_id = ?'),

    blockSteps: sql('SELECT id, first_step, last_step FROM metric_block WHERE series_id = ?'),
    blockTimes: sql('SELECT id, min_time, max_time FROM metric_block WHERE series_id = ?'),
    directory: sql('SELECT directory FROM metric_block WHERE id = ?'),
    directoriesByStep: sql(
      'SELECT id, directory FROM metric_block WHERE series_id = ? AND first_step <= ? AND last_step >= ? ORDER BY first',
    ),
    directoriesByTime: sql(
      'SELECT id, directory FROM metric_block WHERE series_id = ? AND min_time <= ? AND max_time >= ? ORDER BY first',
    ),
    // Both are told by the index alone.
    latestBefore: sql('SELECT max(max_time) FROM metric_block WHERE series_id = ? AND first < ?'),
    earliestAfter: sql('SELECT min(min_time) FROM metric_block WHERE series_id = ? AND first > ?'),
    blockAfter: sql('SELECT id, first FROM metric_block WHERE series_id = ? AND first > ? ORDER BY first LIMIT 1'),
    blockLevel2: sql('SELECT level2 FROM metric_block WHERE id = ?'),
    blockLevel3: sql('SELECT level3 FROM metric_block WHERE id = ?'),
    insertBlock: sql(
      `INSERT INTO metric_block (series_id, first, first_step, last_step, min_time, max_time, directory, level3, level2)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    updateBlock: sql(
      `UPDATE metric_block SET first = ?, first_step = ?, last_step = ?, min_time = ?, max_time = ?, directory = ?, level3 = ?, level2 = ?
        WHERE id = ?`,
    ),
    removeBlock: sql('DELETE FROM metric_block WHERE id = ?'),

    putAside: sql('INSERT INTO metric_damaged (found_at, source, series_id, reason, body) VALUES (?, ?, ?, ?, ?)'),
    countDamaged: sql('SELECT count(*) FROM metric_damaged'),
  }
}
