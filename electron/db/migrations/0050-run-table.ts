import type { Migration } from '../migrate.ts'

/**
 * The run table as columns, so that it need not be read run by run at each start: a copy, whose truth is in the other tables. Triggers note each run whose
 * copy may be behind, whoever writes: another build, another program, a cascade. What is noted is in the file as what was written is, so a kill or a
 * restored backup leaves the two in step.
 */
export const runTable0050: Migration = {
  number: 50,
  name: 'run table',
  up(db) {
    db.exec(`
      -- The one row is there while the copy is whole.
      CREATE TABLE run_snapshot (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        format INTEGER NOT NULL,
        -- Rows of metric_damaged at that time: points that were put aside since are in the copy still.
        damaged INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE run_column (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        key TEXT NOT NULL,
        UNIQUE (kind, key)
      ) STRICT;

      -- 4,096 rows of the table each; none where no run has a value.
      CREATE TABLE run_cells (
        column_id INTEGER NOT NULL REFERENCES run_column (id) ON DELETE CASCADE,
        segment INTEGER NOT NULL,
        -- CRC-32 of the body.
        checksum INTEGER NOT NULL,
        body BLOB NOT NULL,
        PRIMARY KEY (column_id, segment)
      ) STRICT;

      -- Runs whose cells may be behind; those with settling = 1 are being written.
      CREATE TABLE run_stale (
        settling INTEGER NOT NULL,
        number INTEGER NOT NULL,
        PRIMARY KEY (settling, number)
      ) STRICT, WITHOUT ROWID;

      ${WATCHED.map(triggersOf).join('\n')}

      -- A series is new, was deleted, or has other points than its row said; points that are in the log alone are found there.
      CREATE TRIGGER stale_series_insert AFTER INSERT ON metric_series BEGIN
        ${note('NEW.run_id')}
      END;
      CREATE TRIGGER stale_series_update AFTER UPDATE OF run_id, key, origin, deleted, summary ON metric_series BEGIN
        ${note('NEW.run_id')}
        ${note('OLD.run_id', 'OLD.run_id <> NEW.run_id AND ')}
      END;
      CREATE TRIGGER stale_series_delete AFTER DELETE ON metric_series WHEN OLD.deleted = 0 BEGIN
        ${note('OLD.run_id')}
      END;
    `)
  },
}

const WATCHED: readonly (readonly [table: string, column: string])[] = [
  ['run', 'number'],
  ['param', 'run'],
  ['tag', 'run'],
  ['run_fact', 'run'],
]

function triggersOf([table, column]: readonly [table: string, column: string]): string {
  return `
    CREATE TRIGGER stale_${table}_insert AFTER INSERT ON ${table} BEGIN
      ${note(`NEW.${column}`)}
    END;
    CREATE TRIGGER stale_${table}_update AFTER UPDATE ON ${table} BEGIN
      ${note(`NEW.${column}`)}
      ${note(`OLD.${column}`, `OLD.${column} <> NEW.${column} AND `)}
    END;
    CREATE TRIGGER stale_${table}_delete AFTER DELETE ON ${table} BEGIN
      ${note(`OLD.${column}`)}
    END;`
}

/** A conflict clause inside a trigger is overruled by the outer statement's, so the row is looked for first. */
function note(value: string, when = ''): string {
  return `INSERT INTO run_stale SELECT 0, ${value}
         WHERE ${when}NOT EXISTS (SELECT 1 FROM run_stale WHERE settling = 0 AND number = ${value});`
}
