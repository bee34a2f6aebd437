import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { contract, type BenchtopContract } from '#shared/contract/index.ts'
import type { RunDetail } from '#shared/contract/runs.ts'
import { clientOf } from '#shared/rpc/client.ts'
import type { Client } from '#shared/rpc/procedure.ts'
import { type Backend, startBackend } from '#electron/backend/start-backend.ts'
import { installation } from '#electron/platform/installation.ts'
import { eventually } from '#test/setup/eventually.ts'

export type ScriptApp = {
  readonly backend: Backend
  readonly client: Client<BenchtopContract>
  readonly project: string
  readonly trackingUri: string
  /** The sample's scripts, in a folder of their own. */
  readonly folder: string
  /** Launches a command and resolves with its run once that has ended. */
  readonly launch: (command: readonly string[], folder?: string) => Promise<RunDetail>
  readonly detail: (run: string) => Promise<RunDetail>
  readonly close: () => Promise<void>
}

const ENDED: ReadonlySet<string> = new Set(['finished', 'failed', 'killed', 'lost'])
const PATIENCE = 150_000

/** A backend with the sample as its project. */
export async function startScriptApp(): Promise<ScriptApp> {
  const root = mkdtempSync(join(tmpdir(), 'benchtop-scripts-'))
  const here = installation()
  const folder = join(root, 'sample')
  cpSync(join(here.resources, 'sample'), folder, { recursive: true, filter: (path) => !path.includes('__pycache__') })
  const backend = await startBackend({
    dataFolder: join(root, 'data'),
    port: 0,
    resources: here.resources,
    shimEntry: here.shimEntry,
    backendEntry: here.backendEntry,
    checkOutputs: true,
  })
  const signal = new AbortController().signal
  const client = clientOf(contract, {
    call: (method, input) => backend.dispatcher.call(method, input, { signal, actor: 'test' }),
    stream: (method, input) => backend.dispatcher.stream(method, input, { signal, actor: 'test' }),
  })
  const { id: project, trackingUri } = await client.projects.open({ folder })
  const detail = (run: string): Promise<RunDetail> => client.runs.get({ project, run })
  return {
    backend,
    client,
    project,
    trackingUri,
    folder,
    detail,
    launch: async (command, inFolder = '.') => {
      const { run } = await client.launch.start({ project, spec: { command: [...command], folder: inFolder } })
      return eventually(
        async () => {
          const now = await detail(run)
          if (!ENDED.has(now.status)) throw new Error(`${now.name} is ${now.status}`)
          return now
        },
        { patience: PATIENCE },
      )
    },
    close: async () => {
      await backend.close()
      rmSync(root, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** The text of a run's log, for a failure's message. */
export async function logOf(app: ScriptApp, run: string): Promise<string> {
  const { lines } = await app.client.launch.log({ project: app.project, run, limit: 200 })
  return lines.map(({ text }) => text).join('\n')
}
