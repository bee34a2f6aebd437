import type { Database } from 'better-sqlite3'

/** Experiments, runs and everything known about a run but its metric points. */
export const project0010 = {
  number: 10,
  name: 'project',
  up(db: Database): void {
    db.exec(`
      CREATE TABLE project_meta (
        key TEXT PRIMARY KEY,
        value TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE experiment (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        lifecycle TEXT NOT NULL DEFAULT 'active' CHECK (lifecycle IN ('active', 'deleted')),
        artifact_location TEXT,
        created_at INTEGER,
        updated_at INTEGER
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE experiment_tag (
        experiment TEXT NOT NULL REFERENCES experiment (id) ON DELETE CASCADE,
        key TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (experiment, key)
      ) STRICT, WITHOUT ROWID;

      -- AUTOINCREMENT: a run's number is its colour for life, so no number is ever given twice.
      CREATE TABLE run (
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
        source TEXT NOT NULL CHECK (source IN ('launch', 'terminal', 'client', 'spool')),
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
      CREATE INDEX run_experiment ON run (experiment);
      CREATE INDEX run_script ON run (script, number);
      CREATE INDEX run_parent ON run (parent) WHERE parent IS NOT NULL;
      CREATE INDEX run_lifecycle ON run (lifecycle) WHERE lifecycle <> 'active';

      -- Two namespaces: what the script logged, and what was found out around it. They never collide.
      CREATE TABLE param (
        run INTEGER NOT NULL REFERENCES run (number) ON DELETE CASCADE,
        origin TEXT NOT NULL CHECK (origin IN ('logged', 'captured')),
        key TEXT NOT NULL,
        value TEXT NOT NULL,
        source TEXT,
        PRIMARY KEY (run, origin, key)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE tag (
        run INTEGER NOT NULL REFERENCES run (number) ON DELETE CASCADE,
        key TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (run, key)
      ) STRICT, WITHOUT ROWID;

      -- Captured facts as JSON, one row a kind: git, host, python, environment, seeds, config-files, data-files, progress.
      -- The kind 'diff' is the plain text of what was not committed.
      CREATE TABLE run_fact (
        run INTEGER NOT NULL REFERENCES run (number) ON DELETE CASCADE,
        kind TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (run, kind)
      ) STRICT;

      CREATE TABLE written_file (
        run INTEGER NOT NULL REFERENCES run (number) ON DELETE CASCADE,
        path TEXT NOT NULL,
        size INTEGER NOT NULL,
        modified_at INTEGER NOT NULL,
        kept INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (run, path)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX written_file_path ON written_file (path, run);

      CREATE TABLE dataset (
        id INTEGER PRIMARY KEY,
        experiment TEXT NOT NULL REFERENCES experiment (id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        digest TEXT NOT NULL,
        source_type TEXT NOT NULL,
        source TEXT NOT NULL,
        schema TEXT,
        profile TEXT,
        UNIQUE (experiment, name, digest)
      ) STRICT;
      CREATE TABLE run_dataset (
        run INTEGER NOT NULL REFERENCES run (number) ON DELETE CASCADE,
        dataset INTEGER NOT NULL REFERENCES dataset (id) ON DELETE CASCADE,
        tags TEXT NOT NULL DEFAULT '{}',
        PRIMARY KEY (run, dataset)
      ) STRICT, WITHOUT ROWID;

      -- MLflow 3 logged models: m-<32 hex>.
      CREATE TABLE logged_model (
        id TEXT PRIMARY KEY,
        experiment TEXT NOT NULL REFERENCES experiment (id),
        name TEXT NOT NULL,
        type TEXT,
        status TEXT NOT NULL CHECK (status IN ('pending', 'ready', 'failed')),
        status_message TEXT,
        source_run TEXT,
        lifecycle TEXT NOT NULL DEFAULT 'active' CHECK (lifecycle IN ('active', 'deleted')),
        artifact_location TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX logged_model_run ON logged_model (source_run);
      CREATE INDEX logged_model_experiment ON logged_model (experiment, created_at);
      CREATE TABLE logged_model_param (
        model TEXT NOT NULL REFERENCES logged_model (id) ON DELETE CASCADE,
        key TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (model, key)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE logged_model_tag (
        model TEXT NOT NULL REFERENCES logged_model (id) ON DELETE CASCADE,
        key TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (model, key)
      ) STRICT, WITHOUT ROWID;
      -- value is NULL for NaN; infinities are themselves.
      CREATE TABLE logged_model_metric (
        model TEXT NOT NULL REFERENCES logged_model (id) ON DELETE CASCADE,
        key TEXT NOT NULL,
        value REAL,
        time INTEGER NOT NULL,
        step INTEGER NOT NULL,
        run TEXT NOT NULL,
        dataset_name TEXT,
        dataset_digest TEXT
      ) STRICT;
      CREATE INDEX logged_model_metric_model ON logged_model_metric (model, key);
      CREATE TABLE run_model (
        run INTEGER NOT NULL REFERENCES run (number) ON DELETE CASCADE,
        model TEXT NOT NULL,
        direction TEXT NOT NULL CHECK (direction IN ('input', 'output')),
        step INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (run, model, direction, step)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE launch (
        id TEXT PRIMARY KEY,
        run TEXT NOT NULL,
        attempt INTEGER NOT NULL,
        spec TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('queued', 'starting', 'running', 'stopping', 'ended')),
        terminal INTEGER NOT NULL DEFAULT 0,
        work_folder TEXT NOT NULL,
        device TEXT,
        queued_at INTEGER NOT NULL,
        position REAL NOT NULL,
        code_state TEXT,
        started_at INTEGER,
        ended_at INTEGER,
        pid INTEGER,
        pid_started TEXT,
        shim_pid INTEGER,
        shim_started TEXT,
        -- How far the log was read for metrics, and the parser's state there.
        log_offset INTEGER NOT NULL DEFAULT 0,
        log_state TEXT,
        -- The client's first runs/create has taken the launched run.
        claimed INTEGER NOT NULL DEFAULT 0
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX launch_run ON launch (run, attempt);
      CREATE INDEX launch_state ON launch (state) WHERE state <> 'ended';

      CREATE TABLE log_rule (
        script TEXT PRIMARY KEY,
        value TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      -- How far each spool file of benchtop.py was read: in the transaction of the records themselves, so each counts once.
      CREATE TABLE spool (
        file TEXT PRIMARY KEY,
        run TEXT,
        sequence INTEGER NOT NULL,
        finished INTEGER NOT NULL DEFAULT 0
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE undo_log (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at INTEGER NOT NULL,
        label TEXT NOT NULL,
        -- A list of rows to put back: see electron/features/projects/undo.ts.
        inverse TEXT NOT NULL
      ) STRICT;
    `)
  },
} as const
