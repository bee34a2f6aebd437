import { ensureBackend } from '#electron/backend/ensure-backend.ts'
import { poke } from './poke.ts'
import type { ShimSpec } from './work-folder.ts'

/** A moment's process beside the shim: brings the backend back on its old port, then gives it the shim's news. */
const { dataFolder, node, entry, port, launch } = JSON.parse(process.argv[2] ?? '{}') as ShimSpec['backend'] & {
  readonly launch: string
}
await ensureBackend({ dataFolder, node, entry, port, again: true })
process.exitCode = (await poke(dataFolder, launch)) ? 0 : 1
