import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { contentSecurityPolicy } from '#shared/domain/content-security-policy.ts'
import type { BackendAddress } from '#electron/backend/ensure-backend.ts'
import { gather, hostOf } from './host-client.ts'
import { ADDRESS, openShellRoom, type ShellRoom } from './shell-on-stand-in.ts'
import { eventually } from '#test/setup/eventually.ts'

let room: ShellRoom
const servers: Server[] = []
beforeAll(async () => void (room = await openShellRoom()))
afterEach(async () => {
  await room.endAll()
  for (const server of servers.splice(0)) server.close()
})
afterAll(() => room.dispose())

/** Answers `POST /rpc/<method>` from a table, and keeps what it was asked. */
async function answering(answers: Readonly<Record<string, unknown>>, status = 200) {
  const asked: unknown[] = []
  const server = createServer((request, response) => {
    const body: Buffer[] = []
    request.on('data', (piece: Buffer) => body.push(piece))
    request.on('end', () => {
      asked.push([request.url, request.headers.authorization, Buffer.concat(body).toString()])
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(answers[(request.url ?? '').replace('/rpc/', '')] ?? null))
    })
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { asked, address: { ...ADDRESS, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` } }
}

const quit = async (): Promise<void> => (await import('./stand-in/electron.ts')).app.quit()

test('a start with a folder asks the backend for its project and shows that', async () => {
  const { asked, address } = await answering({ 'projects.open': { id: 'churn-3f2a', name: 'churn' } })
  const { machine } = await room.open({ words: ['--project', '/data/churn'], ensure: () => Promise.resolve(address) })
  await eventually(() => expect(machine.windows[0]?.webContents.getURL()).toBe('app://bundle/#/p/churn-3f2a'))
  expect(asked).toEqual([['/rpc/projects.open', `Bearer ${address.token}`, '{"folder":"/data/churn"}']])
})

test('a refusal to open is shown in the backend’s words', async () => {
  const error = { code: 'schema_too_new', message: 'A newer Benchtop wrote this.', hint: 'Update.', logId: 'x' }
  const { address } = await answering({ 'projects.open': { error } }, 409)
  const { machine } = await room.open({ words: ['--project', '/data/churn'], ensure: () => Promise.resolve(address) })
  await eventually(() => expect(machine.dialogs).toMatchObject([{ detail: 'A newer Benchtop wrote this.\nUpdate.' }]))
})

test.each([
  [0, []],
  [1, [{ title: 'One run goes on', body: 'Nothing was stopped. Start Benchtop again to watch.' }]],
  [3, [{ title: '3 runs go on', body: 'Nothing was stopped. Start Benchtop again to watch.' }]],
])('quitting with %i live runs says so and stops nothing', async (live, notifications) => {
  const { asked, address } = await answering({ 'system.info': { live } })
  const { page, machine } = await room.open({ ensure: () => Promise.resolve(address) })
  await page()
  await quit()
  await eventually(() => expect(machine.exitCode).toBe(0))
  expect(machine.notifications.map(({ title, body }) => ({ title, body }))).toEqual(notifications)
  expect(asked.map((one) => (one as readonly string[])[0])).toEqual(['/rpc/system.info'])
})

test('quitting works with a backend that does not answer, and with none', async () => {
  for (const ensure of [() => Promise.resolve(ADDRESS), () => Promise.reject(new Error('none'))]) {
    const { machine } = await room.open({ ensure })
    await quit()
    await eventually(() => expect([machine.exitCode, machine.windows.length]).toEqual([0, 0]))
    expect(machine.notifications).toEqual([])
    await room.endAll()
  }
})

test('a backend that was started again is told to the page; one that moved makes it load again with a policy for the new place', async () => {
  let now: BackendAddress = ADDRESS
  const { page, machine } = await room.open({ ensure: () => Promise.resolve(now) })
  const shown = await page()
  const { client } = await hostOf(shown)
  const events = gather(client.host.events({}))
  const ask = (): Promise<unknown> => client.host.backend({})
  await shown.evaluate(() => void (document.body.dataset['mark'] = 'before'))
  // The stream has begun when a change reaches it.
  await eventually(async () => {
    now = { ...now, pid: now.pid + 1 }
    await ask()
    expect(events.seen).toContainEqual({ type: 'backend', url: ADDRESS.url, token: ADDRESS.token })
  })
  expect(await shown.locator('body[data-mark]').count()).toBe(1)

  now = { ...ADDRESS, url: 'http://127.0.0.1:8' }
  // The page loads again under this call, which so is never answered.
  void ask().catch(() => {})
  await shown.locator('body[data-ready=yes]:not([data-mark])').waitFor()
  const answer = await machine.handlers.scheme?.(new Request('app://bundle/'))
  expect(answer?.headers.get('content-security-policy')).toBe(
    contentSecurityPolicy(['http://127.0.0.1:8', 'ws://127.0.0.1:8']),
  )
  expect(await (await hostOf(shown)).client.host.backend({})).toEqual({
    url: 'http://127.0.0.1:8',
    token: ADDRESS.token,
  })
})
