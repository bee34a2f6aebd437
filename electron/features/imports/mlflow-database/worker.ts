import { parentPort, workerData } from 'node:worker_threads'
import { serveSource } from '../thread/serve-source.ts'
import { openDatabase } from './open-database.ts'

if (parentPort !== null) serveSource(parentPort, (notice) => openDatabase(String(workerData), notice))
