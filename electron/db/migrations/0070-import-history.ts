import type { Migration } from '../migrate.ts'

/** What each import brought, so that a second one does not take the place of what was to be known of the first. */
export const importHistory0070: Migration = {
  number: 70,
  name: 'import history',
  up(db) {
    db.exec(`
      CREATE TABLE import_record (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        source INTEGER NOT NULL REFERENCES import_source (id) ON DELETE CASCADE,
        -- It came by itself, from a source that is followed; such rounds are added up while they end alike.
        followed INTEGER NOT NULL,
        rounds INTEGER NOT NULL,
        -- A report, as JSON, with fewer notes than the newest keeps in import_source.
        report TEXT NOT NULL
      ) STRICT;
      CREATE INDEX import_record_source ON import_record (source);
      INSERT INTO import_record (source, followed, rounds, report)
        SELECT id, 0, 1, report FROM import_source WHERE report IS NOT NULL AND json_valid(report) ORDER BY read_at, id;
    `)
  },
}
