import { peekTables } from '#electron/db/foreign/peek.ts'
import type { ImportSource, Notice } from '../source.ts'
import { contentsOf } from './contents.ts'
import { eraOf } from './era.ts'
import { experimentsOf } from './experiments.ts'
import { loggedModelsOf } from './logged-models.ts'
import { createListing } from './listing.ts'
import { countModels, countRows } from './queries.ts'
import { isMlflow, openReading, type Reading } from './reading.ts'
import { registeredModelsOf } from './registry.ts'
import { runsOf } from './runs.ts'

/** Whether a file is a database of MLflow, by its tables. It is only looked at: no lock is taken and nothing is written beside it. Never throws. */
export async function looksLikeDatabase(file: string): Promise<boolean> {
  const tables = await peekTables(file)
  return tables !== undefined && isMlflow(tables)
}

/**
 * Opens an `mlflow.db` of any schema from the first of 2019 on. It is never written to: where SQLite couldn't read it in place without doing so, it is
 * read from a copy. Throws AppError: `not_found`, `invalid` (empty, a folder), `corrupt` (not SQLite, encrypted), `unsupported` (another program's, a
 * project of ours), `busy` (locked), `disk_full` (no room for a copy), `forbidden`.
 *
 * @param filesFolder Where files lie that are neither where the records say nor beside the database.
 */
export async function openDatabase(file: string, notice: Notice, filesFolder?: string): Promise<ImportSource> {
  const reading = await openReading(file, notice, filesFolder)
  const runs = createListing('runs', 'run_uuid', 'start_time')
  const models = createListing('logged_models', 'model_id', 'creation_timestamp_ms')
  return {
    kind: 'mlflow-database',
    location: file,
    era: eraOf(reading.revisions),
    async experiments(signal) {
      await tellOmissions(reading, signal)
      return experimentsOf(reading, [runs, models], signal)
    },
    runs: (experiment, signal, only) => runsOf(reading, runs, experiment, signal, only),
    contents: (run, signal) => contentsOf(reading, run, signal),
    loggedModels: (experiment, signal) => loggedModelsOf(reading, models, experiment, signal),
    modelCounts: (signal) => reading.read(countModels, signal),
    registeredModels: (signal) => registeredModelsOf(reading, signal),
    close: reading.close,
  }
}

const OMITTED = [
  ['trace_info', 'traces'],
  ['evaluation_datasets', 'evaluation datasets'],
] as const

async function tellOmissions({ read, notice }: Reading, signal: AbortSignal): Promise<void> {
  for (const [table, what] of OMITTED) {
    const count = await read((db) => countRows(db, table), signal)
    if (count > 0)
      notice({ kind: 'skipped', what, why: `${count} of them stay in the database: they are not taken in.` })
  }
}
