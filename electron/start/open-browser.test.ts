import { hostname, userInfo } from 'node:os'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { BackendAddress, EnsureOptions } from '#electron/backend/ensure-backend.ts'
import { parseFlags } from './flags.ts'
import { type BrowserOptions, openBrowser } from './open-browser.ts'

const TOKEN = 'ab'.repeat(32)
const BACKEND: BackendAddress = { url: 'http://127.0.0.1:9', token: TOKEN, build: 'b1', pid: 1, started: true }
const ADDRESS = `http://127.0.0.1:9/#token=${TOKEN}`
const GOES_ON = 'Opened in the browser. Benchtop goes on by itself: this terminal is free.'

/** Opens with these flags; the backend is found as given. */
async function opened(
  words: readonly string[],
  found: Partial<BackendAddress> = {},
  over: Partial<BrowserOptions> = {},
) {
  const lines: string[] = []
  const ensure = vi.fn((_options: EnsureOptions) => Promise.resolve({ ...BACKEND, ...found }))
  await openBrowser({
    flags: parseFlags(words, '/'),
    dataFolder: '/data',
    node: 'node',
    backendEntry: 'serve.js',
    build: 'b1',
    write: (line) => lines.push(line),
    environment: {},
    open: () => Promise.resolve(true),
    ensure,
    ...over,
  })
  return { lines, asked: ensure.mock.calls[0]?.[0] }
}

test('the address is printed with its key, and opened with one for a single use', async () => {
  const seen: string[] = []
  const open = (address: string): Promise<boolean> => Promise.resolve(seen.push(address) > 0)
  const server = createServer((request, response) => {
    const may = request.url === '/rpc/system.ticket' && request.headers.authorization === `Bearer ${TOKEN}`
    response.writeHead(may ? 200 : 400).end(JSON.stringify({ ticket: 'once' }))
  })
  onTestFinished(() => void server.close())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  expect((await opened([], { url }, { open })).lines).toEqual([`${url}/#token=${TOKEN}`, GOES_ON])
  expect(seen).toEqual([`${url}/#ticket=once`])
})

test('a backend that knows no such keys is opened as it can be', async () => {
  const seen: string[] = []
  const open = (address: string): Promise<boolean> => Promise.resolve(seen.push(address) > 0)
  const { lines, asked } = await opened(['--host', 'localhost', '--port', '0'], {}, { open })
  expect([lines, seen]).toEqual([[ADDRESS, GOES_ON], [ADDRESS]])
  expect(asked).toEqual({
    dataFolder: '/data',
    node: 'node',
    entry: 'serve.js',
    build: 'b1',
    port: 0,
    host: 'localhost',
  })
})

test('a backend that runs already keeps its address, and says so when another was asked for', async () => {
  const running = 'Benchtop was running already.'
  const keeps = 'It keeps its address while it runs: npx benchtop backend stop, then start it again with the new one.'
  expect((await opened(['--browser'], { started: false })).lines).toEqual([ADDRESS, running, GOES_ON])
  expect((await opened(['--port', '9'], { started: false })).lines).toEqual([ADDRESS, running, GOES_ON])
  expect((await opened(['--port', '6000'], { started: false })).lines).toEqual([ADDRESS, running, keeps, GOES_ON])
  expect((await opened(['--host', '0.0.0.0'], { started: false })).lines).toEqual([ADDRESS, running, keeps, GOES_ON])
})

test('one that other machines reach says with what they log, and that nothing is encrypted', async () => {
  const token = 'MLFLOW_TRACKING_TOKEN, which is in /data/tracking-token.'
  const plain = 'Nothing is encrypted on the way: where others share the network, ssh -L or -R is the safe one.'
  const told = async (host: string): Promise<readonly string[]> =>
    (await opened(['--host', host])).lines.filter((line) => line !== ADDRESS && line !== GOES_ON)
  expect(await told('0.0.0.0')).toEqual([`Other machines log to http://${hostname()}:9 with ${token}`, plain])
  expect(await told('box.example')).toEqual([`Other machines log to http://box.example:9 with ${token}`, plain])
  expect(await told('127.0.0.2')).toEqual([])
})

test('a busy backend of another build is said to be one', async () => {
  expect((await opened([], { started: false, build: 'b0' })).lines).toContain(
    'It is of another build, and is replaced once nothing runs any more.',
  )
})

test('where nothing can be opened the address is for the person, with the way there from another machine', async () => {
  const open = (): Promise<boolean> => Promise.resolve(false)
  expect((await opened([], {}, { open })).lines).toEqual([ADDRESS, 'Open this address in a browser.'])
  expect((await opened([], {}, { open, environment: { SSH_CONNECTION: '1 2 3 4' } })).lines).toEqual([
    ADDRESS,
    `On your own machine: ssh -N -L 9:127.0.0.1:9 ${userInfo().username}@${hostname()}`,
    'Then open the address there.',
  ])
})

test('a folder that no backend opens is a refusal, and nothing is printed', async () => {
  await expect(opened(['--project', '/nowhere'], { url: 'http://127.0.0.1:9' })).rejects.toMatchObject({
    code: 'unavailable',
  })
})
