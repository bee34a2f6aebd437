import type { Migration } from '../migrate.ts'

/** Tells a file of a server from another one of the same size. */
export const servedFiles0100: Migration = {
  number: 100,
  name: 'served files',
  up(db) {
    db.exec(`
      -- The server's own words for when it was changed, as they came with it; NULL where it does not say so, or says the time of the asking.
      ALTER TABLE import_file ADD COLUMN last_modified TEXT;
    `)
  },
}
