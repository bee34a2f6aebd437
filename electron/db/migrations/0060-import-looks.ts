import type { Migration } from '../migrate.ts'

/** What a second import has to know of the first, beyond fingerprints. */
export const importLooks0060: Migration = {
  number: 60,
  name: 'import looks',
  up(db) {
    db.exec(`
      -- Of a source that can't tell by a fingerprint whether points came late; times in milliseconds since 1970, NULL where it was never looked.
      -- How many points the run had there when all of it was read last.
      ALTER TABLE import_run ADD COLUMN points INTEGER;
      -- When something of the run came after it had come first.
      ALTER TABLE import_run ADD COLUMN changed_at INTEGER;
      -- When its points were last known to be as they are there.
      ALTER TABLE import_run ADD COLUMN looked_at INTEGER;

      -- What came with the experiment last, as JSON; NULL for one that came before this was kept.
      ALTER TABLE import_experiment ADD COLUMN came TEXT;

      -- Where a person said that the files of this source lie; an absolute path.
      ALTER TABLE import_source ADD COLUMN files_folder TEXT;

      -- Files that came from a server, as they were written here: their lists have no times, so this alone tells whether one was changed here since.
      CREATE TABLE import_file (
        owner_kind TEXT NOT NULL CHECK (owner_kind IN ('run', 'model')),
        owner TEXT NOT NULL,
        path TEXT NOT NULL,
        size INTEGER NOT NULL,
        modified_at REAL NOT NULL,
        PRIMARY KEY (owner_kind, owner, path)
      ) STRICT, WITHOUT ROWID;
    `)
  },
}
