import type { Migration } from '../migrate.ts'

/** Whether a registered model or a version came with an import, so that taking the import back takes it along. */
export const importModels0101: Migration = {
  number: 101,
  name: 'import models',
  up(db) {
    db.exec(`
      -- 1: it came with this source; 0: it was here before. NULL for what came before this was kept.
      ALTER TABLE import_model ADD COLUMN made INTEGER;
    `)
  },
}
