import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installation } from '#electron/platform/installation.ts'
import { type Backend, type BackendOptions, startBackend } from './start-backend.ts'

export type TestBackend = {
  readonly backend: Backend
  /** A folder for what the test makes; the backend's own is `data` in it. */
  readonly root: string
  readonly close: () => Promise<void>
}

/** A whole backend on a free port, in a folder that goes away with it. */
export async function startTestBackend(options: Partial<BackendOptions> = {}): Promise<TestBackend> {
  const root = mkdtempSync(join(realpathSync(tmpdir()), 'benchtop-backend-'))
  const { resources, shimEntry, backendEntry } = installation()
  const backend = await startBackend({
    dataFolder: join(root, 'data'),
    port: 0,
    resources,
    shimEntry,
    backendEntry,
    checkOutputs: true,
    ...options,
  })
  return {
    backend,
    root,
    close: async () => {
      await backend.close()
      rmSync(root, { recursive: true, force: true })
    },
  }
}
