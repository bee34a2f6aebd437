import type { Migration } from '../migrate.ts'

/** Runs that came from another tracker: where from, and where their files lie. */
export const imports0040: Migration = {
  number: 40,
  name: 'imports',
  up(db) {
    // A new kind of source for runs. SQLite can't change a CHECK, so the table is made anew; AUTOINCREMENT's memory has to come along, as no number is given twice.
    db.exec(`
      CREATE TABLE run_new (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        experiment TEXT NOT NULL REFERENCES experiment (id),
        name TEXT NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('queued', 'running', 'stopping', 'finished', 'failed', 'killed', 'lost')),
        lifecycle TEXT NOT NULL DEFAULT 'active' CHECK (lifecycle IN ('active', 'archived', 'deleted')),
        deleted_at INTEGER,
        started_at INTEGER,
        ended_at INTEGER,
        user TEXT,
        source TEXT NOT NULL CHECK (source IN ('launch', 'terminal', 'client', 'spool', 'import')),
        parent TEXT,
        script TEXT,
        folder TEXT,
        command TEXT,
        exit_code INTEGER,
        exit_signal TEXT,
        ending TEXT,
        note TEXT NOT NULL DEFAULT '',
        logged_elsewhere TEXT,
        created_at INTEGER NOT NULL
      ) STRICT;
      INSERT INTO run_new SELECT number, id, experiment, name, status, lifecycle, deleted_at, started_at, ended_at, user, source, parent,
        script, folder, command, exit_code, exit_signal, ending, note, logged_elsewhere, created_at FROM run;
      INSERT INTO sqlite_sequence (name, seq) SELECT 'run_new', 0 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'run_new');
      UPDATE sqlite_sequence SET seq = max(seq, coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'run'), 0)) WHERE name = 'run_new';
      DROP TABLE run;
      ALTER TABLE run_new RENAME TO run;
      CREATE INDEX run_experiment ON run (experiment);
      CREATE INDEX run_script ON run (script, number);
      CREATE INDEX run_parent ON run (parent) WHERE parent IS NOT NULL;
      CREATE INDEX run_lifecycle ON run (lifecycle) WHERE lifecycle <> 'active';

      CREATE TABLE import_source (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL,
        -- The absolute path, or a server's address.
        location TEXT NOT NULL UNIQUE,
        artifacts TEXT NOT NULL CHECK (artifacts IN ('copy', 'reference')),
        watched INTEGER NOT NULL DEFAULT 0,
        -- Taken off the list; what came from it still knows it.
        forgotten INTEGER NOT NULL DEFAULT 0,
        added_at INTEGER NOT NULL,
        read_at INTEGER,
        missing_since INTEGER,
        -- Where reading was cut short, as the source's reader puts it; NULL when it was read to its end.
        resume_at TEXT,
        -- The newest report, as JSON.
        report TEXT
      ) STRICT;

      -- What an experiment of the source is here: two stores may give one id to different experiments.
      CREATE TABLE import_experiment (
        source INTEGER NOT NULL REFERENCES import_source (id) ON DELETE CASCADE,
        foreign_id TEXT NOT NULL,
        experiment TEXT NOT NULL,
        PRIMARY KEY (source, foreign_id)
      ) STRICT, WITHOUT ROWID;

      -- A row outlives its run: what was deleted here for good does not come again.
      CREATE TABLE import_run (
        source INTEGER NOT NULL REFERENCES import_source (id) ON DELETE CASCADE,
        run TEXT NOT NULL,
        -- The run came with this source, rather than being here before.
        made INTEGER NOT NULL,
        -- As it was read last; empty until all of it is here.
        fingerprint TEXT NOT NULL,
        -- Values as they came last, as JSON, so that what a person changed here since is left alone.
        came TEXT NOT NULL DEFAULT '{}',
        PRIMARY KEY (source, run)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX import_run_run ON import_run (run);

      CREATE TABLE import_model (
        source INTEGER NOT NULL REFERENCES import_source (id) ON DELETE CASCADE,
        -- A logged model's id, a registered model's name, or that with a version: name/3.
        kind TEXT NOT NULL CHECK (kind IN ('logged', 'registered', 'version')),
        foreign_id TEXT NOT NULL,
        here TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        -- As in import_run.
        came TEXT NOT NULL DEFAULT '{}',
        PRIMARY KEY (source, kind, foreign_id)
      ) STRICT, WITHOUT ROWID;

      -- Files that stay where they are: shown from there, never written or deleted there. A run's or a model's own folder comes first.
      CREATE TABLE artifact_root (
        owner_kind TEXT NOT NULL CHECK (owner_kind IN ('run', 'model')),
        owner TEXT NOT NULL,
        -- An absolute path, or the address of a store that only its own client reads.
        location TEXT NOT NULL,
        PRIMARY KEY (owner_kind, owner)
      ) STRICT, WITHOUT ROWID;
    `)
  },
}
