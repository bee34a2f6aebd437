import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { _electron, type ElectronApplication, type Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ensureBackend, findBackend } from '#electron/backend/ensure-backend.ts'
import { installation } from '#electron/platform/installation.ts'
import { buildStale } from '#electron/start/build.ts'
import { findElectron } from '#electron/start/electron-binary.ts'
import { hasDisplay } from '#electron/platform/open-address.ts'
import { hostOf } from './host-client.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/**
 * Electron's program is not among what the set-up brings, and no build machine must have it: what these say of the real thing, the
 * other files here say on the stand-in. So they are skipped by name, never failed, where it is missing.
 */
const electron = findElectron(root, process.env, process.platform)
const missing =
  electron === undefined
    ? 'needs Electron’s program (npx install-electron)'
    : hasDisplay(process.platform, process.env)
      ? undefined
      : 'needs a display (xvfb-run)'

describe.skipIf(missing !== undefined)(`the real Electron${missing === undefined ? '' : `: ${missing}`}`, () => {
  let app: ElectronApplication
  let page: Page
  let dataFolder: string
  beforeAll(async () => {
    dataFolder = mkdtempSync(join(tmpdir(), 'benchtop-electron-'))
    await buildStale({ root })
    // Without the loader that Playwright brings for Electron's own package, a window may come before anyone watches.
    app = await _electron.launch({
      executablePath: electron ?? '',
      args: [root],
      env: { ...environment(), BENCHTOP_HOME: dataFolder, BENCHTOP_NODE: process.execPath },
    })
    page = app.windows()[0] ?? (await app.waitForEvent('window'))
    await page.waitForLoadState('domcontentloaded')
  })
  afterAll(async () => {
    await app.close()
    const running = await findBackend(dataFolder)
    if (running !== undefined) process.kill(running.pid, 'SIGTERM')
    rmSync(dataFolder, { recursive: true, force: true })
  })

  test('shows the page on its own scheme, without Node or Electron in it', async () => {
    expect(new URL(page.url()).protocol).toBe('app:')
    expect(
      await page.evaluate(() => [
        ...['require', 'process', 'ipcRenderer', 'electron'].filter((name) => name in globalThis),
        typeof (globalThis as { benchtop?: unknown }).benchtop,
      ]),
    ).toEqual(['object'])
  })

  test('serves it with the policy', async () => {
    const policy = await page.evaluate(async () => (await fetch(location.href)).headers.get('content-security-policy'))
    expect(policy).toContain("default-src 'none'")
  })

  test('gives the page the host, and the backend that it started', async () => {
    const { client } = await hostOf(page)
    expect(await client.host.capabilities({})).toMatchObject({ desktop: true, pickPath: true })
    const { url, token } = await client.host.backend({})
    const { node, backendEntry } = installation()
    expect(await ensureBackend({ dataFolder, node, entry: backendEntry })).toMatchObject({ url, token, started: false })
    expect(dirname(node)).not.toBe(dirname(electron ?? ''))
  })

  test('stays where it is', async () => {
    await page.evaluate(() => void (location.href = 'https://example.org/'))
    await page.evaluate(() => void window.open('http://127.0.0.1:9/'))
    expect(new URL(page.url()).protocol).toBe('app:')
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
  })
})

function environment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}
