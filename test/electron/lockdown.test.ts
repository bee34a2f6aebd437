import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { HOST_CHANNEL } from '#shared/contract/host-handshake.ts'
import { openShellRoom, type ShellRoom } from './shell-on-stand-in.ts'
import { eventually } from '#test/setup/eventually.ts'

let room: ShellRoom
beforeAll(async () => void (room = await openShellRoom()))
afterEach(() => room.endAll())
afterAll(() => room.dispose())

test('links out of the page go nowhere; routes inside it work', async () => {
  const { page, machine } = await room.open()
  const shown = await page()
  await shown.locator('#outside').click()
  await shown.evaluate(() => void (location.href = 'file:///etc/passwd'))
  await shown.locator('#inside').click()
  await shown.waitForURL('**/#/p/churn-3f2a/runs')
  expect(machine.windows.map(({ webContents }) => webContents.getURL())).toEqual(['app://bundle/#/p/churn-3f2a/runs'])
  expect(machine.openedExternally).toEqual([])
})

test('a page may load itself again', async () => {
  const { page } = await room.open()
  const shown = await page()
  await shown.evaluate(() => void (document.body.dataset['mark'] = 'before'))
  await shown.evaluate(() => location.reload())
  await shown.locator('body[data-ready=yes]:not([data-mark])').waitFor()
})

test('a link to a new window opens the user’s browser, for https only, and never a window of ours', async () => {
  const { page, machine } = await room.open()
  const shown = await page()
  await shown.locator('#new-window').click()
  await eventually(() => expect(machine.openedExternally).toEqual(['https://example.org/docs']))
  for (const url of [
    'http://example.org/',
    'https://user:word@example.org/',
    'app://bundle/',
    'file:///etc/passwd',
    'javascript:alert(1)',
  ]) {
    machine.windows[0]?.webContents.askToOpen(url)
  }
  expect({ external: machine.openedExternally, windows: machine.windows.length, allowed: machine.opened }).toEqual({
    external: ['https://example.org/docs'],
    windows: 1,
    allowed: [],
  })
})

test('frames stay on what they were given', async () => {
  const { page, machine } = await room.open()
  const shown = await page()
  const asked: string[] = []
  machine.windows[0]?.webContents.on(
    'will-frame-navigate',
    (event: { readonly url: string; readonly isMainFrame: boolean }) => {
      if (!event.isMainFrame) asked.push(event.url)
    },
  )
  const verdict = (url: string): boolean | undefined =>
    machine.windows[0]?.webContents.mayNavigate({ url, isMainFrame: false })
  await shown.evaluate(() => {
    const frame = document.createElement('iframe')
    frame.src = './page.js'
    document.body.append(frame)
  })
  await eventually(() => expect(asked).toEqual(['app://bundle/page.js']))
  expect(shown.frames().map((frame) => frame.url())).toEqual(['https://bundle.invalid/', ''])
  expect(['blob:app://bundle/1', 'about:srcdoc', 'https://example.org/', 'app://bundle/'].map(verdict)).toEqual([
    true,
    true,
    false,
    false,
  ])
})

const EVERYTHING = [
  'clipboard-read',
  'clipboard-sanitized-write',
  'display-capture',
  'fileSystem',
  'fullscreen',
  'geolocation',
  'hid',
  'idle-detection',
  'keyboardLock',
  'local-fonts',
  'local-network',
  'local-network-access',
  'loopback-network',
  'media',
  'mediaKeySystem',
  'midi',
  'midiSysex',
  'notifications',
  'openExternal',
  'pointerLock',
  'serial',
  'speaker-selection',
  'storage-access',
  'top-level-storage-access',
  'usb',
  'window-management',
  'unknown',
]

test('of all permissions our page gets the clipboard and loopback, others get none', async () => {
  const { machine } = await room.open()
  const asked = async (url: string): Promise<readonly string[]> => {
    const answers = await Promise.all(EVERYTHING.map((permission) => machine.ask(permission, url)))
    return EVERYTHING.filter((_, index) => answers[index])
  }
  const checked = (url: string): readonly string[] => EVERYTHING.filter((permission) => machine.check(permission, url))
  const allowed = ['clipboard-sanitized-write', 'local-network-access', 'loopback-network']
  expect([await asked('app://bundle/'), checked('app://bundle/')]).toEqual([allowed, allowed])
  for (const url of ['https://bundle/', 'app://bundle.evil/', 'blob:app://bundle/1', 'null', '']) {
    expect([url, await asked(url), checked(url)]).toEqual([url, [], []])
  }
  const device = machine.handlers.device as ((details: object) => boolean) | undefined
  const capture = vi.fn()
  const share = machine.handlers.capture as ((request: object, answer: (streams: unknown) => void) => void) | undefined
  share?.({}, capture)
  expect([device?.({ deviceType: 'usb', origin: 'app://bundle' }), capture.mock.calls]).toEqual([false, [[null]]])
})

test('only the main frame of our own page, in a window of ours, is given the host', async () => {
  const { page, machine } = await room.open()
  await page()
  const sender = machine.windows[0]?.webContents
  const ours = { url: 'app://bundle/#/p/x', parent: null }
  const attempt = (event: object): string[] => {
    const deeds: string[] = []
    const port = Object.fromEntries(
      ['on', 'start', 'postMessage', 'close'].map((deed) => [deed, () => deeds.push(deed)]),
    )
    machine.ipcMain.emit(HOST_CHANNEL, { ports: [port], ...event }, null)
    return deeds
  }
  expect(attempt({ sender, senderFrame: ours })).toContain('postMessage')
  const foreign = [
    { sender, senderFrame: { ...ours, parent: {} } },
    { sender, senderFrame: { ...ours, url: 'https://bundle/' } },
    { sender, senderFrame: { ...ours, url: 'app://bundle.evil/' } },
    { sender, senderFrame: { ...ours, url: 'about:blank' } },
    { sender, senderFrame: null },
    { sender: {}, senderFrame: ours },
  ]
  expect(foreign.map(attempt)).toEqual(foreign.map(() => ['close']))
  expect(attempt({ sender, senderFrame: ours, ports: [] })).toEqual([])
})
