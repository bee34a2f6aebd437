import { resolve } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { ImportSource, Notice } from '../source.ts'
import { foldersBeside } from './artifacts.ts'
import { openInThread } from '../thread/open-in-thread.ts'

/**
 * Opens a folder `mlruns` of any age for reading, in a thread of its own. Nothing is ever written there.
 *
 * @param folder May be a link. Throws an AppError `not_found`, `forbidden` or `unavailable` when it can't be listed; so does each call once the
 * folder as a whole is gone.
 * @param filesFolder Where files lie that are neither where the records say nor beside the store.
 * @param notice Is told of what can't be read or is odd, while it is read.
 */
export async function openFileStore(folder: string, notice: Notice, filesFolder?: string): Promise<ImportSource> {
  const location = resolve(folder)
  const start = (): Worker =>
    new Worker(new URL('./worker.ts', import.meta.url), { workerData: { location, filesFolder } })
  const source = await openInThread({ kind: 'mlflow-files', location, start }, notice)
  return { ...source, filesFolders: foldersBeside(location, filesFolder) }
}
