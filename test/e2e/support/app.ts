import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright'
import { contract, type BenchtopContract } from '#shared/contract/index.ts'
import { clientOf } from '#shared/rpc/client.ts'
import type { Client } from '#shared/rpc/procedure.ts'
import { pageAddress } from '#shared/lib/page-address.ts'
import { type Backend, startBackend } from '#electron/backend/start-backend.ts'
import { installation } from '#electron/platform/installation.ts'
import { buildStale } from '#electron/start/build.ts'
import { newWindow, type WindowOptions } from './browser.ts'
import { watchFaults } from './page-faults.ts'

export type TestApp = {
  /** Where the app answers: the same after a restart. */
  readonly url: string
  readonly client: Client<BenchtopContract>
  /** A folder that is gone with the app: for projects of the test. */
  readonly folder: string
  /** Opens the app at a route (`/p/churn/runs`) in a new window. */
  readonly open: (browser: Browser, route?: string, options?: WindowOptions) => Promise<OpenedPage>
  /** The backend is gone until `start`. */
  readonly stop: () => Promise<void>
  readonly start: () => Promise<void>
  readonly close: () => Promise<void>
}

export type OpenedPage = {
  readonly page: Page
  readonly faults: () => readonly string[]
  readonly close: () => Promise<void>
}

/** The whole app for a test: bundles as shipped, a backend of its own in a folder of its own, on a free port. */
export async function startApp(): Promise<TestApp> {
  await buildStale({ root: installation().root })
  const folder = mkdtempSync(join(tmpdir(), 'benchtop-e2e-'))
  let backend = await startIn(folder, 0)
  const { url, port, token } = backend
  let running = true
  const stop = async (): Promise<void> => {
    running = false
    await backend.close()
  }
  return {
    url,
    folder,
    client: clientOf(contract, {
      call: (method, input, { signal }) =>
        backend.dispatcher.call(method, input, { signal: signal ?? new AbortController().signal, actor: 'test' }),
      stream: (method, input, { signal }) =>
        backend.dispatcher.stream(method, input, { signal: signal ?? new AbortController().signal, actor: 'test' }),
    }),
    open: async (browser, route = '/', options = {}) => {
      const context = await newWindow(browser, options)
      const page = await context.newPage()
      const faults = watchFaults(page)
      await page.goto(`${pageAddress(url, { token })}&${route}`)
      return { page, faults, close: () => context.close() }
    },
    stop,
    start: async () => {
      backend = await startIn(folder, port)
      running = true
    },
    close: async () => {
      if (running) await stop()
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

function startIn(folder: string, port: number): Promise<Backend> {
  const built = installation()
  return startBackend({
    dataFolder: join(folder, 'data'),
    port,
    pageFolder: built.pageFolder,
    resources: built.resources,
    shimEntry: built.shimEntry,
    backendEntry: built.backendEntry,
    command: built.command,
    checkOutputs: true,
    ...(built.build === null ? {} : { build: built.build }),
  })
}
