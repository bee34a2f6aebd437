export { type Backend, type ConnectionState, createBackend } from './backend.ts'
export { createPacer, type Pacer } from './invalidation.ts'
export { findHost, type HostClient } from './host.ts'
export {
  createQueryClient,
  ServicesProvider,
  useBackend,
  useClient,
  useFollow,
  useHost,
  useInvalidation,
  useRead,
  useWrite,
} from './queries.tsx'
