import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright'
import { build } from 'vite'
import { vi } from 'vitest'
import type { BackendAddress, EnsureOptions } from '#electron/backend/ensure-backend.ts'
import { nodeBundle } from '#electron/vite.config.ts'
import { bundleOf } from '#electron/start/bundles.ts'
import { launchBrowser } from '../e2e/support/browser.ts'
import type { Machine } from './stand-in/machine.ts'
import type { StandInWindow } from './stand-in/browser-window.ts'
import { eventually } from '#test/setup/eventually.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

export const ADDRESS: BackendAddress = {
  url: 'http://127.0.0.1:9',
  token: 'a'.repeat(64),
  build: 'b1',
  pid: 1,
  started: false,
}

export type OpenOptions = {
  readonly words?: readonly string[]
  /** `real` finds and starts the backend as the app does. */
  readonly ensure?: 'real' | ((options: EnsureOptions) => Promise<BackendAddress>)
  readonly prepare?: (machine: Machine) => void
}

export type OpenShell = {
  readonly machine: Machine
  readonly dataFolder: string
  /** The page of the newest window, once it has loaded. */
  readonly page: () => Promise<Page>
  readonly pageOf: (window: StandInWindow) => Promise<Page>
}

/** Where the tests' shells live: an app folder with the built preload script and a page, and one Chromium. */
export type ShellRoom = {
  readonly dataFolder: string
  readonly appFolder: string
  readonly open: (options?: OpenOptions) => Promise<OpenShell>
  /** Ends the shells that were opened; their data folder stays for the next one. */
  readonly endAll: () => Promise<void>
  readonly dispose: () => Promise<void>
}

export async function openShellRoom(): Promise<ShellRoom> {
  const home = mkdtempSync(join(tmpdir(), 'benchtop-shell-'))
  const appFolder = join(home, 'app')
  const dataFolder = join(home, 'data')
  mkdirSync(dataFolder)
  cpSync(fileURLToPath(new URL('./page', import.meta.url)), join(appFolder, 'build/page'), { recursive: true })
  writeFileSync(join(appFolder, 'build/build-id.json'), '{"build":"b1","version":"0.0.0"}')
  await buildPreload(appFolder)
  const open: OpenShell[] = []
  let browser: Promise<Browser> | undefined

  return {
    appFolder,
    dataFolder,
    open: async ({ words = [], ensure = () => Promise.resolve(ADDRESS), prepare } = {}) => {
      // Each shell is a process of its own: fresh modules, a fresh stand-in.
      vi.resetModules()
      vi.stubEnv('BENCHTOP_HOME', dataFolder)
      const { machine } = await import('./stand-in/electron.ts')
      machine.appPath = appFolder
      machine.browser = () => (browser ??= launchBrowser())
      prepare?.(machine)
      const { startShell } = await import('#electron/main/shell.ts')
      await startShell({ words, ...(ensure === 'real' ? {} : { ensure }) })
      const pageOf = async (window: StandInWindow): Promise<Page> => {
        const page = await window.webContents.ready
        await page.locator('body[data-ready=yes]').waitFor()
        await eventually(() => {
          if (!window.isVisible()) throw new Error('The window is not shown yet.')
        })
        return page
      }
      const page = (): Promise<Page> => {
        const newest = machine.windows.at(-1)
        if (newest === undefined) throw new Error('There is no window.')
        return pageOf(newest)
      }
      const shell: OpenShell = { machine, dataFolder, page, pageOf }
      open.push(shell)
      return shell
    },
    endAll: async () => {
      for (const { machine } of open.splice(0)) await machine.dispose()
    },
    dispose: async () => {
      if (browser !== undefined) await (await browser).close()
      rmSync(home, { recursive: true, force: true })
      vi.unstubAllEnvs()
    },
  }
}

/** The very preload script that ships. */
async function buildPreload(appFolder: string): Promise<void> {
  const bundle = bundleOf('electron/preload/preload.ts')
  const result = await build(nodeBundle(root, bundle, { inputs: new Map(), starts: new Set() }))
  const chunk = 'output' in result ? result.output[0] : undefined
  if (chunk?.type !== 'chunk') throw new Error('The preload script was not built.')
  mkdirSync(join(appFolder, 'build/preload'), { recursive: true })
  writeFileSync(join(appFolder, bundle.output), chunk.code)
}
