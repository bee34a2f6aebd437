import { join } from 'node:path'
import { addressOfPath } from './mlflow-places.ts'

/** The `README.txt` of an export: how to open it, and what to do after moving it. */
export function readMe(target: string, project: string): string {
  const old = JSON.stringify(addressOfPath(target)).replaceAll("'", '\\u0027')
  const moved = MOVED.replace('OLD', () => old)
  return `What was in the project "${project}" of Benchtop, as MLflow keeps it.

Open it with

  mlflow server --backend-store-uri "sqlite:///${join(target, 'mlflow.db')}"

or, in Python without a server, with

  mlflow.set_tracking_uri("sqlite:///${join(target, 'mlflow.db')}")

MLflow 3.0 opens the database as it is. A later one brings it up to date by itself when it opens it
first; from then on no older one opens it. MLflow before 3.0 has no place for logged models and does not
open it.

The database names the files in mlruns by their whole path, as MLflow wants it. After moving or renaming
this folder, say so once, from inside it:

  python3 -c '${moved}'
`
}

/** Replaces the beginning of each address. One line, without single quotes: it stands between those of a shell. */
const MOVED = `import os, sqlite3; old = OLD; new = os.getcwd(); db = sqlite3.connect("mlflow.db"); [db.execute(f"UPDATE {t} SET {c} = ? || substr({c}, ?) WHERE substr({c}, 1, ?) = ?", (new, len(old) + 1, len(old) + 1, old + "/")) for t, c in (("experiments", "artifact_location"), ("runs", "artifact_uri"), ("logged_models", "artifact_location"), ("model_versions", "source"), ("model_versions", "storage_location"))]; db.commit()`
