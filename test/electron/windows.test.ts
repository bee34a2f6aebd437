import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest'
import { hostOf } from './host-client.ts'
import { type OpenShell, openShellRoom, type ShellRoom } from './shell-on-stand-in.ts'
import { eventually } from '#test/setup/eventually.ts'

let room: ShellRoom
beforeEach(async () => void (room = await openShellRoom()))
afterEach(async () => {
  await room.endAll()
  await room.dispose()
})
afterAll(() => vi.unstubAllEnvs())

const urls = ({ machine }: OpenShell): readonly string[] =>
  machine.windows.map(({ webContents }) => webContents.getURL())
const kept = ({ dataFolder }: OpenShell): unknown => JSON.parse(readFileSync(join(dataFolder, 'windows.json'), 'utf8'))

test('a project opened from the first page takes its window; the next one has its own; a third time shows it', async () => {
  const shell = await room.open()
  const { client } = await hostOf(await shell.page())
  await client.host.openProject({ project: 'churn-3f2a' })
  await client.host.openProject({ project: 'digits-77' })
  await eventually(() => expect(urls(shell)).toEqual(['app://bundle/#/p/churn-3f2a', 'app://bundle/#/p/digits-77']))
  const [first, second] = shell.machine.windows
  first?.focus()
  await client.host.openProject({ project: 'digits-77' })
  expect([shell.machine.windows.length, second?.isFocused()]).toEqual([2, true])
})

test('a window belongs to the project that its page shows', async () => {
  const shell = await room.open()
  const shown = await shell.page()
  const { client } = await hostOf(shown)
  await shown.locator('#inside').click()
  await eventually(() => expect(urls(shell)).toEqual(['app://bundle/#/p/churn-3f2a/runs']))
  await client.host.openProject({ project: 'churn-3f2a' })
  expect(shell.machine.windows.length).toBe(1)
  await client.host.openProject({ project: 'digits-77' })
  expect(shell.machine.windows.length).toBe(2)
})

test('windows and their places come back at the next start', async () => {
  const first = await room.open()
  const { client } = await hostOf(await first.page())
  await client.host.openProject({ project: 'churn-3f2a' })
  await client.host.openProject({ project: 'digits-77' })
  await first.page()
  first.machine.windows[0]?.setBounds({ x: 300, y: 200, width: 1000, height: 700 })
  first.machine.windows[1]?.maximize()
  const { app } = await import('./stand-in/electron.ts')
  app.quit()
  await eventually(() => expect(first.machine.exitCode).toBe(0))
  expect(kept(first)).toMatchObject({
    open: ['churn-3f2a', 'digits-77'],
    places: [
      ['churn-3f2a', { x: 300, y: 200, width: 1000, height: 700, maximized: false }],
      ['digits-77', { maximized: true }],
    ],
  })
  await room.endAll()

  const second = await room.open()
  await eventually(() => expect(urls(second)).toEqual(['app://bundle/#/p/churn-3f2a', 'app://bundle/#/p/digits-77']))
  const [left, right] = second.machine.windows
  expect(left?.getNormalBounds()).toEqual({ x: 300, y: 200, width: 1000, height: 700 })
  await eventually(() => expect(right?.isMaximized()).toBe(true))
})

test('a closed window stays closed, unless it was the last one', async () => {
  const shell = await room.open()
  const { client } = await hostOf(await shell.page())
  await client.host.openProject({ project: 'churn-3f2a' })
  await client.host.openProject({ project: 'digits-77' })
  shell.machine.windows[0]?.close()
  expect(kept(shell)).toMatchObject({ open: ['digits-77'] })
  shell.machine.windows[0]?.close()
  await eventually(() => expect(shell.machine.exitCode).toBe(0))
  expect(kept(shell)).toMatchObject({ open: ['digits-77'] })
})

test('a second start hands its folder over and ends; without one it only shows the window', async () => {
  const second = await room.open({
    words: ['--project', '/data/churn'],
    prepare: (machine) => void (machine.first = false),
  })
  expect([second.machine.windows.length, second.machine.exitCode, second.machine.handedOver]).toEqual([
    0,
    0,
    { folder: '/data/churn' },
  ])

  const first = await room.open()
  await first.page()
  const [window] = first.machine.windows
  window?.minimize()
  first.machine.app.emit('second-instance', {}, [], '/', { folder: null })
  expect([first.machine.windows.length, window?.deeds.slice(-3)]).toEqual([1, ['restore', 'show', 'focus']])
  first.machine.app.emit('second-instance', {}, [], '/', 'nonsense')
  expect(first.machine.windows.length).toBe(1)
})

test('a folder that cannot be opened is said, beside a window to go on from', async () => {
  const shell = await room.open({ words: ['electron', '.', '--project=/nowhere'] })
  await eventually(() =>
    expect(shell.machine.dialogs).toEqual([
      { type: 'warning', message: '/nowhere could not be opened.', detail: 'The backend does not answer.' },
    ]),
  )
  expect(shell.machine.windows.length).toBe(1)
})

test('a page that crashed is loaded again once, then the person is asked', async () => {
  const shell = await room.open()
  const shown = await shell.page()
  const crash = (): void =>
    void shell.machine.windows[0]?.webContents.emit('render-process-gone', {}, { reason: 'crashed' })
  await shown.evaluate(() => void (document.body.dataset['mark'] = 'before'))
  crash()
  await shown.locator('body[data-ready=yes]:not([data-mark])').waitFor()
  expect(shell.machine.dialogs).toEqual([])
  crash()
  await eventually(() =>
    expect(shell.machine.dialogs).toMatchObject([{ message: 'This window stopped working twice.' }]),
  )
})

test('on a Mac the app stays without windows and shows one when it is asked for', async () => {
  vi.spyOn(process, 'platform', 'get').mockReturnValue('darwin')
  const shell = await room.open()
  await shell.page()
  shell.machine.windows[0]?.close()
  expect([shell.machine.windows.length, shell.machine.exitCode]).toEqual([0, undefined])
  shell.machine.app.emit('activate', {})
  expect(shell.machine.windows.length).toBe(1)
  await shell.page()
  expect(shell.machine.menu[0]?.role).toBe('appMenu')
  vi.restoreAllMocks()
})

test('an installed app that is told to run unsandboxed opens the browser instead of a window', async () => {
  const resources = join(room.appFolder, 'resources')
  mkdirSync(join(resources, 'node/bin'), { recursive: true })
  const said = join(resources, 'said')
  // The carried Node's place, taken by a script that keeps what it was started with.
  writeFileSync(
    join(resources, 'node/bin/node'),
    `#!/bin/sh\nprintf '%s\\n' "$@" > '${said}.part'\nmv '${said}.part' '${said}'\n`,
  )
  chmodSync(join(resources, 'node/bin/node'), 0o755)
  Object.defineProperty(process, 'resourcesPath', { value: resources, configurable: true })
  const { machine } = await room.open({
    prepare: (made) => {
      made.isPackaged = true
      made.switches.add('no-sandbox')
    },
  })
  expect([machine.windows.length, machine.exitCode]).toEqual([0, 0])
  await eventually(() => expect(existsSync(said)).toBe(true))
  expect(readFileSync(said, 'utf8').trim().split('\n')).toEqual([
    join(room.appFolder, 'build/start/installed.js'),
    '--browser',
  ])
})

test('Chromium’s files and the lock that keeps one instance belong to the data folder', async () => {
  const { machine, dataFolder } = await room.open()
  expect(machine.paths).toEqual({ userData: join(dataFolder, 'window') })
})

test('whoever started the app is told when its window shows, and their words go no further', async () => {
  const ready = join(room.dataFolder, 'ready')
  vi.stubEnv('BENCHTOP_READY_FILE', ready)
  vi.stubEnv('BENCHTOP_NODE', process.execPath)
  const shell = await room.open()
  expect([process.env['BENCHTOP_READY_FILE'], process.env['BENCHTOP_NODE']]).toEqual([undefined, undefined])
  await shell.page()
  await eventually(() => expect(existsSync(ready)).toBe(true))
})
