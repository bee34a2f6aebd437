import type { Migration } from '../migrate.ts'

/**
 * Steps and times that a double rounds. Clients send int64: `step=time.time_ns()` is 1.8e18, where doubles lie 256 apart. Chunks keep such points by
 * their nearest doubles, as all others; here they are exact, a row each, written in the same transaction. A database whose points are all below 2^53
 * has no row here.
 */
export const widePoints0080: Migration = {
  number: 80,
  name: 'wide points',
  up(db) {
    db.exec(`
      CREATE TABLE metric_wide (
        series_id INTEGER NOT NULL REFERENCES metric_series (id),
        -- The nearest point as bytes that sort as points do, then what its step and its time are more.
        point BLOB NOT NULL,
        PRIMARY KEY (series_id, point)
      ) STRICT, WITHOUT ROWID;

      -- How many points of a series share their nearest doubles with an earlier one, and the latest of those that are exact here.
      ALTER TABLE metric_series ADD COLUMN wide_twins INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE metric_series ADD COLUMN wide_latest BLOB;
    `)
  },
}
