import type { Migration } from '../migrate.ts'

/** Registered models, their versions, aliases and tags. */
export const registry0030: Migration = {
  number: 30,
  name: 'registry',
  up(db) {
    db.exec(`
      CREATE TABLE registered_model (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        description TEXT NOT NULL DEFAULT '',
        -- The number of the newest version there ever was: a deleted version's number is never given again.
        last_version INTEGER NOT NULL DEFAULT 0,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        deleted_at INTEGER
      ) STRICT;
      CREATE UNIQUE INDEX registered_model_name ON registered_model (name) WHERE deleted_at IS NULL;

      CREATE TABLE registered_model_tag (
        model INTEGER NOT NULL REFERENCES registered_model (id) ON DELETE CASCADE,
        key TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (model, key)
      ) STRICT, WITHOUT ROWID;

      -- The artifacts are those of the run or the logged model that the version was made from: nothing is copied.
      CREATE TABLE model_version (
        model INTEGER NOT NULL REFERENCES registered_model (id) ON DELETE CASCADE,
        version INTEGER NOT NULL,
        -- NULL where a client took the description away.
        description TEXT,
        stage TEXT NOT NULL DEFAULT 'none' CHECK (stage IN ('none', 'staging', 'production', 'archived')),
        source TEXT NOT NULL,
        -- Where the files of the source are: what a client downloads.
        storage_location TEXT NOT NULL,
        run TEXT,
        run_link TEXT NOT NULL DEFAULT '',
        logged_model TEXT,
        user TEXT,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        deleted_at INTEGER,
        PRIMARY KEY (model, version)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX model_version_run ON model_version (run) WHERE run IS NOT NULL;
      CREATE INDEX model_version_logged_model ON model_version (logged_model) WHERE logged_model IS NOT NULL;

      CREATE TABLE model_version_tag (
        model INTEGER NOT NULL,
        version INTEGER NOT NULL,
        key TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (model, version, key),
        FOREIGN KEY (model, version) REFERENCES model_version (model, version) ON DELETE CASCADE
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE registered_model_alias (
        model INTEGER NOT NULL,
        alias TEXT NOT NULL,
        version INTEGER NOT NULL,
        PRIMARY KEY (model, alias),
        FOREIGN KEY (model, version) REFERENCES model_version (model, version) ON DELETE CASCADE
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX registered_model_alias_version ON registered_model_alias (model, version);
    `)
  },
}
