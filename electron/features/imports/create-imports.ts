import type { imports as contract } from '#shared/contract/imports.ts'
import type { FeatureHandlers } from '#shared/rpc/procedure.ts'
import type { Projects } from '#electron/features/projects/index.ts'
import { createImportHandlers } from './handlers.ts'
import { allReaders } from './all-readers.ts'
import type { Readers } from './readers.ts'
import { createImportService } from './service.ts'

export type ImportFeature = {
  readonly handlers: FeatureHandlers<typeof contract>
  /** Imports that run or wait. */
  readonly live: () => number
  readonly close: () => Promise<void>
}

/** The imports feature: one for all projects. */
export function createImports(options: {
  readonly projects: Pick<Projects, 'require' | 'onClose'>
  /** All kinds of stores by default. */
  readonly readers?: Readers
}): ImportFeature {
  const { projects } = options
  const readers = options.readers ?? allReaders
  const service = createImportService(readers)
  projects.onClose(({ id }) => service.leave(id))
  return {
    handlers: createImportHandlers({ projects, readers, service }),
    live: service.live,
    close: service.close,
  }
}
