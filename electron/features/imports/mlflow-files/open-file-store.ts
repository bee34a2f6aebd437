import { resolve } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { ImportSource, Notice } from '../source.ts'
import { openInThread } from '../thread/open-in-thread.ts'

/**
 * Opens a folder `mlruns` of any age for reading, in a thread of its own. Nothing is ever written there.
 *
 * @param folder May be a link. Throws an AppError `not_found`, `forbidden` or `unavailable` when it can't be listed; so does each call once the
 * folder as a whole is gone.
 * @param notice Is told of what can't be read or is odd, while it is read.
 */
export function openFileStore(folder: string, notice: Notice): Promise<ImportSource> {
  const location = resolve(folder)
  const start = (): Worker => new Worker(new URL('./worker.ts', import.meta.url), { workerData: location })
  return openInThread({ kind: 'mlflow-files', location, start }, notice)
}
