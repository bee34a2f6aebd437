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
  readonly backend: Backend
  readonly client: Client<BenchtopContract>
  /** A folder that is gone with the app: for projects of the test. */
  readonly folder: string
  /** Opens the app at a route (`/p/churn/runs`) in a new window. */
  readonly open: (browser: Browser, route?: string, options?: WindowOptions) => Promise<OpenedPage>
  readonly close: () => Promise<void>
}

export type OpenedPage = {
  readonly page: Page
  readonly faults: () => readonly string[]
  readonly close: () => Promise<void>
}

/** The whole app for a test: bundles as shipped, a backend of its own in a folder of its own, on a free port. */
export async function startApp(): Promise<TestApp> {
  const here = installation()
  await buildStale({ root: here.root })
  const folder = mkdtempSync(join(tmpdir(), 'benchtop-e2e-'))
  const built = installation()
  const backend = await startBackend({
    dataFolder: join(folder, 'data'),
    port: 0,
    pageFolder: built.pageFolder,
    resources: built.resources,
    shimEntry: built.shimEntry,
    backendEntry: built.backendEntry,
    command: built.command,
    checkOutputs: true,
    ...(built.build === null ? {} : { build: built.build }),
  })
  const client = clientOf(contract, {
    call: (method, input, { signal }) =>
      backend.dispatcher.call(method, input, { signal: signal ?? new AbortController().signal, actor: 'test' }),
    stream: (method, input, { signal }) =>
      backend.dispatcher.stream(method, input, { signal: signal ?? new AbortController().signal, actor: 'test' }),
  })
  return {
    backend,
    client,
    folder,
    open: async (browser, route = '/', options = {}) => {
      const context = await newWindow(browser, options)
      const page = await context.newPage()
      const faults = watchFaults(page)
      await page.goto(`${pageAddress(backend.url, { token: backend.token })}&${route}`)
      return { page, faults, close: () => context.close() }
    },
    close: async () => {
      await backend.close()
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
