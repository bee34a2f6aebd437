import { basename } from 'node:path'
import { APPLICATION_ID } from '#electron/db/check-file.ts'
import { peek } from '#electron/db/foreign/peek.ts'
import type { ImportSource, Notice } from '../source.ts'
import type { Fault } from '../readers.ts'
import { contentsOf } from './contents.ts'
import { eraOf } from './era.ts'
import { experimentsOf } from './experiments.ts'
import { loggedModelsOf } from './logged-models.ts'
import { createListing } from './listing.ts'
import { countModels, countRows } from './queries.ts'
import { isMlflow, openReading, type Reading } from './reading.ts'
import { registeredModelsOf } from './registry.ts'
import { runsOf } from './runs.ts'

/**
 * Whether a file is a database of MLflow, by its tables; a damaged one too, of which there may be something left. It is only looked at: no lock is taken and nothing is
 * written beside it. Never throws.
 */
export async function looksLikeDatabase(file: string): Promise<boolean> {
  const found = await peek(file)
  return found.kind === 'sqlite' && (isMlflow(found.tables) || (found.damage !== null && found.tables.has('runs')))
}

const DATABASE = /\.(db|sqlite3?|db3)$/i

/** Why a file is none that `looksLikeDatabase` takes, where it is one of SQLite or may have been: else undefined. Never throws. */
export async function databaseFault(file: string): Promise<Fault | undefined> {
  const found = await peek(file)
  const earlier = 'Take it in from a copy of an earlier day.'
  if (found.kind === 'closed') return undefined
  if (found.kind === 'empty') return { isDamaged: false, words: `${file} is empty: it has 0 bytes.` }
  if (found.kind === 'other') {
    if (found.tables.has('runs')) {
      const words = `${file} was an SQLite database, but is damaged at its beginning: nothing in it can be found without that. ${earlier}`
      return { isDamaged: true, words }
    }
    const words = `${file} is no database of runs: it is not SQLite's, or encrypted, or damaged at its beginning.`
    return DATABASE.test(file) ? { isDamaged: false, words } : undefined
  }
  const { damage, tables, applicationId, isWithoutLog } = found
  if (damage !== null) {
    const words = `${file} is an SQLite database, but damaged: ${damage}. No table of runs can be found in it. ${earlier}`
    return { isDamaged: true, words }
  }
  const is = `${file} is an SQLite database`
  const words =
    applicationId === APPLICATION_ID
      ? `${file} is a project of Benchtop's own, not a database of MLflow: open its folder as a project.`
      : tables.size === 0 && isWithoutLog
        ? `${is} without tables: what was written to it stood in its log, ${basename(file)}-wal, which is not beside it.`
        : `${is}, but not one of MLflow: it has no experiments and runs.`
  return { isDamaged: false, words }
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
