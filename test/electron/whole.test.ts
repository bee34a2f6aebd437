import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { MenuItemConstructorOptions } from 'electron'
import type { Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { ensureBackend, findBackend } from '#electron/backend/ensure-backend.ts'
import { buildStale } from '#electron/start/build.ts'
import { openShellRoom, type OpenShell, type ShellRoom } from './shell-on-stand-in.ts'
import { eventually } from '#test/setup/eventually.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

let room: ShellRoom
let folder: string
beforeAll(async () => {
  await buildStale({ root })
}, 180_000)
beforeEach(async () => {
  room = await openShellRoom()
  folder = mkdtempSync(join(tmpdir(), 'benchtop-project-'))
  vi.stubEnv('BENCHTOP_NODE', process.execPath)
})
afterEach(async () => {
  await room.endAll()
  const running = await findBackend(room.dataFolder)
  if (running !== undefined) process.kill(running.pid, 'SIGTERM')
  await eventually(async () => expect(await findBackend(room.dataFolder)).toBeUndefined())
  await room.dispose()
  rmSync(folder, { recursive: true, force: true })
})
afterAll(() => vi.unstubAllEnvs())

/** The app as it is built: its page, its preload script, its backend. */
function openWhole(words: readonly string[] = []): Promise<OpenShell> {
  // Any free port: the usual one may be this machine's own.
  writeFileSync(join(room.dataFolder, 'address.json'), '{"port":0,"host":"127.0.0.1"}')
  return room.open({ words, ensure: 'real', prepare: (machine) => void (machine.appPath = root) })
}

/** The newest window's page, once it speaks to the backend. */
async function online({ machine }: OpenShell): Promise<Page> {
  const page = await machine.windows.at(-1)?.webContents.ready
  if (page === undefined) throw new Error('There is no window.')
  await page.getByText('accepting MLflow').waitFor()
  return page
}

test('the built page speaks to its backend under the policy, and a picked folder becomes the window’s project', async () => {
  const shell = await openWhole()
  const faults: string[] = []
  const context = await shell.machine.context()
  context.on('console', (message) => void (message.type() === 'error' && faults.push(message.text())))
  context.on('weberror', (error) => faults.push(error.error().message))
  const page = await online(shell)
  shell.machine.picks = { canceled: false, filePaths: [folder] }
  await page.getByRole('button', { name: 'Open folder…' }).click()
  await page.waitForURL(/#\/p\/benchtop-project-/i)
  expect(shell.machine.dialogs).toMatchObject([{ properties: ['openDirectory', 'createDirectory'] }])
  expect(faults).toEqual([])
  const { app } = await import('./stand-in/electron.ts')
  app.quit()
  await eventually(() => expect(shell.machine.exitCode).toBe(0))
  expect(await findBackend(room.dataFolder)).toBeDefined()
})

test('the menu bar has the page’s commands, and one picked there runs in the page', async () => {
  const shell = await openWhole()
  const { machine } = shell
  const page = await online(shell)
  const itemOf = (menu: string, label: string): MenuItemConstructorOptions | undefined => {
    const items = machine.menu.find((one) => one.label === menu)?.submenu
    return Array.isArray(items) ? items.find((one) => one.label === label) : undefined
  }
  await eventually(() =>
    expect([itemOf('File', 'Launch run…'), itemOf('File', 'Open folder…')]).toMatchObject([
      { enabled: false, accelerator: 'CommandOrControl+Enter', registerAccelerator: false },
      { enabled: true, accelerator: 'CommandOrControl+O' },
    ]),
  )
  await eventually(() => {
    const { click } = itemOf('Help', 'Go to help') ?? {}
    click?.(...([] as unknown as Parameters<typeof click>))
    expect(page.url()).toBe('https://bundle.invalid/#/help')
  })
})

test('a start with a folder shows its project', async () => {
  const shell = await openWhole(['--project', folder])
  await eventually(() => expect(shell.machine.windows.length).toBe(1))
  const page = await online(shell)
  expect(page.url()).toMatch(/^https:\/\/bundle\.invalid\/#\/p\/benchtop-project-/i)
  expect(shell.machine.dialogs).toEqual([])
})

test('a backend killed under the window comes back, and the page with it', async () => {
  const shell = await openWhole()
  const page = await online(shell)
  await page.evaluate(() => void (document.body.dataset['mark'] = 'before'))
  const before = await findBackend(room.dataFolder)
  process.kill(before?.pid ?? 0, 'SIGKILL')
  await eventually(async () => expect((await findBackend(room.dataFolder))?.pid).not.toBe(before?.pid))
  shell.machine.picks = { canceled: false, filePaths: [folder] }
  await page.getByRole('button', { name: 'Open folder…' }).click()
  await page.waitForURL(/#\/p\/benchtop-project-/i)
  const after = await findBackend(room.dataFolder)
  expect([after?.url, await page.locator('body[data-mark=before]').count()]).toEqual([before?.url, 1])
})

test('an idle backend of another build is replaced before the page sees it', async () => {
  const older = join(folder, 'older')
  mkdirSync(join(older, 'build/backend'), { recursive: true })
  copyFileSync(join(root, 'build/backend/serve.js'), join(older, 'build/backend/serve.js'))
  for (const shared of ['node_modules', 'resources', 'package.json'])
    symlinkSync(join(root, shared), join(older, shared))
  writeFileSync(join(older, 'build/build-id.json'), '{"build":"older","version":"0.0.1"}')
  const entry = join(older, 'build/backend/serve.js')
  const first = await ensureBackend({ dataFolder: room.dataFolder, node: process.execPath, entry, port: 0 })
  expect(first.build).toBe('older')
  const shell = await openWhole()
  await online(shell)
  const { build } = JSON.parse(readFileSync(join(root, 'build/build-id.json'), 'utf8')) as { build: string }
  expect((await findBackend(room.dataFolder))?.build).toBe(build)
})
