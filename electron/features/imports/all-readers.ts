import { databaseFault, looksLikeDatabase } from './mlflow-database/open-database.ts'
import { openDatabaseInThread } from './mlflow-database/open-in-thread.ts'
import { looksLikeFileStore, openFileStore } from './mlflow-files/index.ts'
import { looksLikeServer, openServer } from './mlflow-server/index.ts'
import { readServerAddress } from './mlflow-server/address.ts'
import type { Readers } from './readers.ts'

/** Every kind of store that can be taken in. */
export const allReaders: Readers = [
  {
    kind: 'mlflow-files',
    holds: 'folder',
    looksLike: looksLikeFileStore,
    open: (location, notice, { filesFolder }) => openFileStore(location, notice, filesFolder),
  },
  {
    kind: 'mlflow-database',
    holds: 'file',
    looksLike: looksLikeDatabase,
    fault: databaseFault,
    open: (location, notice, { filesFolder }) => openDatabaseInThread(location, notice, filesFolder),
  },
  {
    kind: 'mlflow-server',
    holds: 'address',
    looksLike: looksLikeServer,
    plain: (location) => readServerAddress(location).base,
    open: (location, notice, { token, filesFolder }) => {
      const why = 'a server hands out its files itself, so it is not looked into'
      if (filesFolder !== undefined) notice({ kind: 'noticed', what: filesFolder, why })
      return openServer(location, { token, notice })
    },
  },
]
