import type { Migration } from '../migrate.ts'

/**
 * The metric store. A point is first in `metric_log` (packed, one row a commit), later in a chunk of its series; see
 * docs/architecture.md. `run_id` is a run's number; runs are deleted through the store, which takes a series away in small
 * portions, so it is no foreign key.
 */
export const metrics0020: Migration = {
  number: 20,
  name: 'metrics',
  up(db) {
    db.exec(`
      -- AUTOINCREMENT: log rows may still name a deleted series, so no id is ever given twice.
      CREATE TABLE metric_series (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        run_id INTEGER NOT NULL,
        key TEXT NOT NULL,
        origin TEXT NOT NULL CHECK (origin IN ('logged', 'log', 'system')),
        deleted INTEGER NOT NULL DEFAULT 0,
        -- Points in log rows up to this one are in chunks.
        sealed_through INTEGER NOT NULL DEFAULT 0,
        -- Packed doubles; a BLOB because SQLite turns NaN into NULL and -0 into 0.
        summary BLOB
      ) STRICT;
      CREATE UNIQUE INDEX metric_series_name ON metric_series (run_id, key, origin) WHERE deleted = 0;
      CREATE INDEX metric_series_deleted ON metric_series (deleted) WHERE deleted = 1;

      CREATE TABLE metric_log (
        id INTEGER PRIMARY KEY,
        body BLOB NOT NULL
      ) STRICT;

      -- At most 4,096 points, sorted by step, time, value, none twice. Chunks of a series never overlap.
      -- Sealed chunks are listed in a block; the few open ones come after them in order.
      CREATE TABLE metric_chunk (
        id INTEGER PRIMARY KEY,
        series_id INTEGER NOT NULL REFERENCES metric_series (id),
        sealed INTEGER NOT NULL,
        n INTEGER NOT NULL,
        steps BLOB NOT NULL,
        vals BLOB NOT NULL,
        times BLOB NOT NULL
      ) STRICT;
      CREATE INDEX metric_chunk_series ON metric_chunk (series_id, sealed);

      -- Buckets of 16 points of a sealed chunk.
      CREATE TABLE metric_level (
        chunk_id INTEGER PRIMARY KEY REFERENCES metric_chunk (id) ON DELETE CASCADE,
        body BLOB NOT NULL
      ) STRICT;

      -- At most 16 sealed chunks: a line on each with its buckets of 1,024 points (directory), and those of 256 and of 64 points.
      CREATE TABLE metric_block (
        id INTEGER PRIMARY KEY,
        series_id INTEGER NOT NULL REFERENCES metric_series (id),
        -- The first point as bytes that sort as points do.
        first BLOB NOT NULL,
        first_step REAL NOT NULL,
        last_step REAL NOT NULL,
        min_time REAL NOT NULL,
        max_time REAL NOT NULL,
        directory BLOB NOT NULL,
        level3 BLOB NOT NULL,
        level2 BLOB NOT NULL
      ) STRICT;
      CREATE INDEX metric_block_series ON metric_block (series_id, first, first_step, last_step, min_time, max_time);

      -- What could not be read and was put aside, so that nothing is lost for good.
      CREATE TABLE metric_damaged (
        id INTEGER PRIMARY KEY,
        found_at INTEGER NOT NULL,
        source TEXT NOT NULL CHECK (source IN ('log', 'chunk')),
        series_id INTEGER,
        reason TEXT NOT NULL,
        body BLOB NOT NULL
      ) STRICT;
    `)
  },
}
