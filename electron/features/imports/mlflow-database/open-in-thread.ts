import { Worker } from 'node:worker_threads'
import type { ImportSource, Notice } from '../source.ts'
import { foldersBeside } from './reading.ts'
import { openInThread } from '../thread/open-in-thread.ts'

/** `openDatabase` in a thread of its own: a statement over millions of points must not hold up who logs meanwhile. */
export async function openDatabaseInThread(file: string, notice: Notice, filesFolder?: string): Promise<ImportSource> {
  const start = (): Worker => new Worker(new URL('./worker.ts', import.meta.url), { workerData: { file, filesFolder } })
  const source = await openInThread({ kind: 'mlflow-database', location: file, start }, notice)
  return { ...source, filesFolders: foldersBeside(file, filesFolder) }
}
