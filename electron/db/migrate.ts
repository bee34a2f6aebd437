import type { Database } from 'better-sqlite3'
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { APPLICATION_ID } from './check-file.ts'

/** One step of the schema. `up` runs inside a transaction; once landed it is never edited. */
export type Migration = {
  readonly number: number
  readonly name: string
  readonly up: (db: Database) => void
}

/**
 * Brings the schema up to the last migration. An existing database is copied into `backupFolder` first. Each migration is
 * one transaction that also sets `user_version`, so a cut-off leaves the database at a whole step.
 */
export function migrate(
  database: Database,
  file: string,
  migrations: readonly Migration[],
  backupFolder = join(dirname(file), 'backups'),
): void {
  checkOrder(migrations)
  const version = schemaVersion(database)
  const pending = migrations.filter((migration) => migration.number > version)
  const first = pending[0]
  if (first === undefined) return
  if (version > 0 && file !== ':memory:') {
    mkdirSync(backupFolder, { recursive: true })
    database.prepare('VACUUM INTO ?').run(join(backupFolder, backupName(version)))
  }
  // A migration may rebuild a table that others refer to; the check at the end of each replaces the constant one.
  database.pragma('foreign_keys = OFF')
  try {
    for (const migration of pending)
      database
        .transaction(() => {
          migration.up(database)
          const broken = database.pragma('foreign_key_check') as readonly unknown[]
          if (broken.length > 0)
            throw new Error(`Migration ${migration.name} leaves ${broken.length} broken references`)
          database.pragma(`application_id = ${APPLICATION_ID}`)
          database.pragma(`user_version = ${migration.number}`)
        })
        .immediate()
  } finally {
    database.pragma('foreign_keys = ON')
  }
}

/** The number of the last migration that the database has seen; 0 for an empty one. */
function schemaVersion(database: Database): number {
  return Number(database.pragma('user_version', { simple: true }))
}

function backupName(version: number): string {
  const now = new Date().toISOString().replaceAll(':', '-')
  return `before-migration-from-${String(version).padStart(4, '0')}-${now}.db`
}

function checkOrder(migrations: readonly Migration[]): void {
  migrations.forEach((migration, index) => {
    const previous = migrations[index - 1]
    if (previous !== undefined && previous.number >= migration.number)
      throw new Error(`Migrations ${previous.name} and ${migration.name} are out of order`)
  })
}
