import { parentPort } from 'node:worker_threads'
import { servePlans } from '#electron/features/metrics/index.ts'

// Plans compactions beside the backend's thread: see createPlanner.
if (parentPort !== null) servePlans(parentPort)
