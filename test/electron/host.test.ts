import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { gather, hostOf } from './host-client.ts'
import { ADDRESS, openShellRoom, type ShellRoom } from './shell-on-stand-in.ts'
import { eventually } from '#test/setup/eventually.ts'

let room: ShellRoom
beforeAll(async () => void (room = await openShellRoom()))
afterEach(() => room.endAll())
afterAll(() => room.dispose())

test('the host says what it can do and where the backend is', async () => {
  const { page, machine } = await room.open()
  const { client, hello } = await hostOf(await page())
  expect(await hello).toBe('b1')
  const able = { desktop: true, pickPath: true, reveal: true, notify: true, secrets: 'keychain' }
  expect(await client.host.capabilities({})).toEqual(able)
  machine.keychain = 'basic_text'
  machine.notifies = false
  expect(await client.host.capabilities({})).toEqual({ ...able, notify: false, secrets: 'file' })
  expect(await client.host.backend({})).toEqual({ url: ADDRESS.url, token: ADDRESS.token })
})

test('a page that asks twice, or loads again, has a port each time', async () => {
  const { page } = await room.open()
  const shown = await page()
  const [first, second] = [await hostOf(shown), await hostOf(shown)]
  expect(await second.client.host.capabilities({})).toMatchObject({ desktop: true })
  first.close()
  await shown.reload()
  expect(await (await hostOf(shown)).client.host.capabilities({})).toMatchObject({ desktop: true })
})

test('a picked path is answered, the next dialog starts beside it, and a cancelled one is null', async () => {
  const { page, machine } = await room.open()
  const { client } = await hostOf(await page())
  machine.picks = { canceled: false, filePaths: ['/home/ann/churn'] }
  expect(await client.host.pickPath({ kind: 'folder', title: 'Open a folder' })).toEqual({ path: '/home/ann/churn' })
  machine.picks = { canceled: true, filePaths: [] }
  expect(await client.host.pickPath({ kind: 'file', title: 'Choose a file' })).toEqual({ path: null })
  await client.host.pickPath({ kind: 'file', title: 'Choose a file', from: '/data' })
  expect(machine.dialogs).toEqual([
    { title: 'Open a folder', message: 'Open a folder', properties: ['openDirectory', 'createDirectory'] },
    { title: 'Choose a file', message: 'Choose a file', properties: ['openFile'], defaultPath: '/home/ann' },
    { title: 'Choose a file', message: 'Choose a file', properties: ['openFile'], defaultPath: '/data' },
  ])
})

test('only what is there is revealed, only https is opened', async () => {
  const { page, machine, dataFolder } = await room.open()
  const { client } = await hostOf(await page())
  writeFileSync(join(dataFolder, 'model.onnx'), '')
  await client.host.reveal({ path: join(dataFolder, 'model.onnx') })
  await expect(client.host.reveal({ path: 'model.onnx' })).rejects.toMatchObject({ code: 'invalid', field: 'path' })
  await expect(client.host.reveal({ path: '/nowhere/at all' })).rejects.toMatchObject({ code: 'not_found' })
  await client.host.openExternal({ url: 'https://mlflow.org/docs' })
  for (const url of ['http://example.org', 'file:///etc/passwd', 'https://a:b@example.org', 'smb://x', '']) {
    await expect(client.host.openExternal({ url })).rejects.toMatchObject({ code: 'forbidden', field: 'url' })
  }
  expect([machine.revealed, machine.openedExternally]).toEqual([
    [join(dataFolder, 'model.onnx')],
    ['https://mlflow.org/docs'],
  ])
})

test('a notification brings its window to the front', async () => {
  const { page, machine } = await room.open()
  const { client } = await hostOf(await page())
  await client.host.notify({ title: 'Finished', body: 'cnn-7: val_acc 0.91' })
  expect(machine.notifications).toMatchObject([{ title: 'Finished', body: 'cnn-7: val_acc 0.91' }])
  const [window] = machine.windows
  window?.minimize()
  machine.notifications[0]?.click()
  expect([machine.windows.length, window?.deeds.slice(-3)]).toEqual([1, ['restore', 'show', 'focus']])
})

test('the theme is the system’s for menus and new windows', async () => {
  const { page, machine } = await room.open()
  const { client } = await hostOf(await page())
  await client.host.setTheme({ theme: 'dark' })
  expect(machine.theme).toBe('dark')
  await client.host.openProject({ project: 'churn-3f2a' })
  await client.host.openProject({ project: 'digits-77' })
  expect(machine.windows.map(({ options }) => options.backgroundColor)).toEqual(['#ffffff', '#15161a'])
})

test('the menu bar is the focused window’s; a picked command reaches that page', async () => {
  const { page, machine } = await room.open()
  const { client } = await hostOf(await page())
  const events = gather(client.host.events({}))
  const item = { command: 'run.launch', label: 'Launch a run…', menu: 'Run', keys: 'Mod+Enter', enabled: true }
  await client.host.setMenu({ items: [item] })
  expect(machine.menu.map(({ label }) => label)).toEqual(['File', 'Edit', 'View', 'Run', 'Window'])
  const pick = (): void => {
    const run = machine.menu.find(({ label }) => label === 'Run')?.submenu
    const [first] = Array.isArray(run) ? run : []
    first?.click?.(...([] as unknown as Parameters<NonNullable<typeof first.click>>))
  }
  // The stream has begun once it answers: until then a pick has nobody to go to.
  await eventually(() => {
    pick()
    expect(events.seen).toContainEqual({ type: 'command', command: 'run.launch' })
  })
  await client.host.openProject({ project: 'churn-3f2a' })
  await client.host.openProject({ project: 'digits-77' })
  await eventually(() => expect(machine.menu.map(({ label }) => label)).toEqual(['File', 'Edit', 'View', 'Window']))
  machine.windows[0]?.focus()
  expect(machine.menu.map(({ label }) => label)).toContain('Run')
})

test('a refusal of the backend reaches the page in its own words', async () => {
  const refuse = async (): Promise<never> => {
    // Of the shell's own modules, which are fresh for each shell.
    const { appError } = await import('#shared/rpc/errors.ts')
    throw appError('unavailable', 'Port 5080 is taken by another program.', { hint: 'Choose another port.' })
  }
  const { page } = await room.open({ ensure: refuse })
  const { client } = await hostOf(await page())
  await expect(client.host.backend({})).rejects.toMatchObject({
    code: 'unavailable',
    message: 'Port 5080 is taken by another program.',
    hint: 'Choose another port.',
  })
})

test('what a page sends is parsed', async () => {
  const { page } = await room.open()
  const { client } = await hostOf(await page())
  await expect(client.host.setTheme({ theme: 'pink' as 'dark' })).rejects.toMatchObject({
    code: 'invalid',
    field: 'theme',
  })
  await expect(client.host.openProject({ project: '../x' })).rejects.toMatchObject({
    code: 'invalid',
    field: 'project',
  })
})

test('the path of a chosen file crosses the worlds; a file made by a script has none', async () => {
  const { page, machine, dataFolder } = await room.open({
    prepare: (made) => void (made.filePaths['train.csv'] = '/data/train.csv'),
  })
  const shown = await page()
  const file = join(dataFolder, 'train.csv')
  writeFileSync(file, 'x\n1\n')
  await shown.locator('#file').setInputFiles(file)
  const paths = await shown.evaluate(() => {
    const { benchtop } = globalThis as unknown as { readonly benchtop: { readonly pathOf: (file: File) => string } }
    const input = document.querySelector<HTMLInputElement>('#file')
    return [...(input?.files ?? []), new File(['x'], 'made.csv')].map((one) => benchtop.pathOf(one))
  })
  expect([paths, Object.keys(machine.filePaths)]).toEqual([['/data/train.csv', ''], ['train.csv']])
})
