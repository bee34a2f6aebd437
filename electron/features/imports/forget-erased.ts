import type { WriteDb } from '#electron/db/connection.ts'
import { movedAway } from '#electron/features/runs/index.ts'

/**
 * Drops what forgotten sources know of runs and registered models that were deleted here for good, so that they come anew with an import, unless a source that is
 * still on the list brought them too. Runs that were moved to another project are there: that stays known. Part of the caller's write.
 */
export function forgetErased(db: WriteDb): void {
  db.run(
    `DELETE FROM import_run WHERE source IN (SELECT id FROM import_source WHERE forgotten = 1)
        AND run NOT IN (SELECT id FROM run) AND run NOT IN (SELECT value FROM json_each(?))`,
    JSON.stringify([...movedAway(db).keys()]),
  )
  db.run(
    `DELETE FROM import_model WHERE kind = 'logged' AND source IN (SELECT id FROM import_source WHERE forgotten = 1)
        AND here NOT IN (SELECT id FROM logged_model)`,
  )
  const gone = `SELECT source, foreign_id FROM import_model WHERE kind = 'registered'
      AND source IN (SELECT id FROM import_source WHERE forgotten = 1)
      AND CAST(here AS INTEGER) NOT IN (SELECT id FROM registered_model WHERE deleted_at IS NULL)`
  db.run(
    `DELETE FROM import_model WHERE kind = 'version' AND EXISTS (
        SELECT 1 FROM (${gone}) AS gone WHERE gone.source = import_model.source
           AND substr(import_model.foreign_id, 1, length(gone.foreign_id) + 1) = gone.foreign_id || '/'
           AND instr(substr(import_model.foreign_id, length(gone.foreign_id) + 2), '/') = 0)`,
  )
  db.run(`DELETE FROM import_model WHERE kind = 'registered' AND (source, foreign_id) IN (${gone})`)
}
