import type { imports as contract } from '#shared/contract/imports.ts'
import type { FeatureHandlers } from '#shared/rpc/procedure.ts'
import type { Projects } from '#electron/features/projects/index.ts'
import { createImportHandlers } from './handlers.ts'
import { allReaders } from './all-readers.ts'
import { refuseOwnAddress } from './mlflow-server/index.ts'
import type { Reader, Readers } from './readers.ts'
import { createImportService } from './service.ts'
import { openTokenStore } from './tokens.ts'
import type { Pace, WatchOptions } from './watch/watched-source.ts'
import { createWatching } from './watch/watching.ts'

export type ImportFeature = {
  readonly handlers: FeatureHandlers<typeof contract>
  /** Imports that run or wait. */
  readonly live: () => number
  /** Begins to follow what is watched: called once the projects can be opened. */
  readonly start: () => void
  readonly close: () => Promise<void>
}

/** The imports feature: one for all projects. */
export function createImports(options: {
  readonly projects: Pick<Projects, 'require' | 'open' | 'onClose'>
  readonly dataFolder: string
  /** Whether there is such a project, open or not; all are known by default. */
  readonly isKnown?: (project: string) => boolean
  /** All projects, open or not; none by default. */
  readonly known?: () => readonly string[]
  /** The address at which this program listens, which is no source; none by default. */
  readonly ownUrl?: () => string
  /** All kinds of stores by default. */
  readonly readers?: Readers
  readonly pace?: Pace
  /** How changes of a folder are noticed; by the system's own word by default. */
  readonly tell?: WatchOptions['tell']
}): ImportFeature {
  const { projects, dataFolder } = options
  const readers = (options.readers ?? allReaders).map((reader) => guarded(reader, options.ownUrl))
  const tokens = openTokenStore(dataFolder)
  const service = createImportService(readers, tokens)
  const tidy = (): void => {
    if (options.isKnown !== undefined) tokens.forgetUnknown(options.isKnown)
  }
  const watching = createWatching({
    projects,
    service,
    dataFolder,
    pace: options.pace,
    tell: options.tell,
    tidy,
    known: options.known ?? (() => []),
  })
  projects.onClose(({ id }) => service.leave(id))
  service.onTaken(watching.taken)
  return {
    handlers: createImportHandlers({
      projects,
      readers,
      service,
      tokens,
      onWatched: watching.consider,
      retryOf: watching.retryOf,
    }),
    live: service.live,
    start: watching.start,
    close: async () => {
      await Promise.all([watching.close(), service.close()])
    },
  }
}

function guarded(reader: Reader, ownUrl: (() => string) | undefined): Reader {
  if (ownUrl === undefined || reader.kind !== 'mlflow-server') return reader
  const open: Reader['open'] = async (location, ...given) => {
    await refuseOwnAddress(location, ownUrl())
    return reader.open(location, ...given)
  }
  return { ...reader, open }
}
