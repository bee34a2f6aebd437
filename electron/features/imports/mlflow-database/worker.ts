import { parentPort, workerData } from 'node:worker_threads'
import { serveSource } from '../thread/serve-source.ts'
import { openDatabase } from './open-database.ts'

if (parentPort !== null) {
  const { file, filesFolder } = workerData as { readonly file: string; readonly filesFolder?: string }
  serveSource(parentPort, (notice) => openDatabase(file, notice, filesFolder))
}
