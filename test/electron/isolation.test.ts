import type { Page } from 'playwright'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { contentSecurityPolicy } from '#shared/domain/content-security-policy.ts'
import { ADDRESS, openShellRoom, type ShellRoom } from './shell-on-stand-in.ts'
import type { Machine } from './stand-in/machine.ts'

let room: ShellRoom
beforeAll(async () => void (room = await openShellRoom()))
afterEach(() => room.endAll())
afterAll(() => room.dispose())

/** A page of the same kind of origin in the same Chromium, without a preload script. */
async function openBare(machine: Machine): Promise<Page> {
  const context = await (await machine.context()).browser()?.newContext()
  if (context === undefined) throw new Error('The browser is gone.')
  await context.route('**/*', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>bare</title>' }),
  )
  // Playwright's own means of carrying sockets leave names in the page.
  await context.routeWebSocket('**/*', (socket) => void socket.close())
  const page = await context.newPage()
  await page.goto('https://bundle.invalid/')
  return page
}

const globals = (): string[] => Object.getOwnPropertyNames(globalThis).toSorted()

test('the preload script adds one frozen global to the page, and nothing of Electron or Node', async () => {
  const { page, machine } = await room.open()
  const shown = await page()
  const bare = await openBare(machine)
  const added = await shown.evaluate(globals)
  const usual = new Set(await bare.evaluate(globals))
  expect(added.filter((name) => !usual.has(name))).toEqual(['benchtop'])
  expect(
    await shown.evaluate(() => {
      const { benchtop } = globalThis as unknown as { readonly benchtop: object }
      return {
        keys: Object.keys(benchtop),
        frozen: Object.isFrozen(benchtop),
        require: 'require' in globalThis,
        process: 'process' in globalThis,
      }
    }),
  ).toEqual({ keys: ['pathOf'], frozen: true, require: false, process: false })
})

test('windows are sandboxed, isolated and without Node', async () => {
  const { machine } = await room.open()
  expect(machine.sandboxed).toBe(true)
  expect(machine.windows.map(({ options }) => options.webPreferences)).toEqual([
    {
      preload: expect.stringMatching(/preload\.cjs$/),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false,
    },
  ])
})

test('the page is served with the policy, and the backend is the one address it may reach', async () => {
  const { page, machine } = await room.open()
  const shown = await page()
  expect(shown.url()).toBe('https://bundle.invalid/')
  const answer = await machine.handlers.scheme?.(new Request('app://bundle/'))
  expect(answer?.headers.get('content-security-policy')).toBe(contentSecurityPolicy([ADDRESS.url, 'ws://127.0.0.1:9']))
  const script = await machine.handlers.scheme?.(new Request('app://bundle/page.js'))
  expect([script?.status, script?.headers.get('content-security-policy')]).toEqual([200, contentSecurityPolicy()])
  expect(
    await shown.evaluate(async () => {
      const blocked: string[] = []
      const all = new Promise<void>((resolve) => {
        document.addEventListener('securitypolicyviolation', (event) => {
          blocked.push(`${event.effectiveDirective} ${event.blockedURI}`)
          if (blocked.length === 3) resolve()
        })
      })
      const inline = document.createElement('script')
      inline.textContent = 'globalThis.leaked = true'
      document.head.append(inline)
      await fetch('http://127.0.0.1:10/').catch(() => {})
      await fetch('https://example.org/').catch(() => {})
      await all
      return { blocked, leaked: 'leaked' in globalThis }
    }),
  ).toEqual({
    blocked: ['script-src-elem inline', 'connect-src http://127.0.0.1:10/', 'connect-src https://example.org/'],
    leaked: false,
  })
})

test.each([
  ['POST', 'app://bundle/', 405],
  ['GET', 'app://other/', 404],
  ['GET', 'app://bundle/nowhere.js', 404],
  ['GET', 'app://bundle/..%2f..%2fbuild-id.json', 404],
  ['GET', 'app://bundle/%2e%2e/build-id.json', 404],
  ['GET', 'app://bundle/..%5c..%5cbuild-id.json', 404],
  ['GET', 'app://bundle/%00.js', 404],
])('%s %s is answered with %i', async (method, url, status) => {
  const { machine } = await room.open()
  expect((await machine.handlers.scheme?.(new Request(url, { method })))?.status).toBe(status)
})

test('the scheme is a web origin that may not pass its own policy by', async () => {
  const { machine } = await room.open()
  expect(machine.privileges).toEqual([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ])
})
