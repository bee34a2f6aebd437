import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { describeWith } from '#test/setup/describe-with.ts'
import { axeFindings, expectAxeClean } from './axe.ts'
import { launchBrowser, narrow, newWindow, showTheme } from './browser.ts'
import { watchFaults } from './page-faults.ts'
import { screenshot } from './screenshot.ts'

const good = `<!doctype html><html lang="en"><head><title>Good</title><style>
  :root { color-scheme: light dark; background: #fff; color: #111 }
  [data-theme=dark] { background: #111; color: #eee }
</style></head><body><main><h1>Runs</h1><p>Text</p></main></body></html>`

const pages: Readonly<Record<string, string>> = {
  '/good': good,
  '/no-name': good.replace('<p>Text</p>', '<button></button><div id="part"><p>Text</p></div>'),
  '/grey-in-dark': good.replace('<p>Text</p>', '<p style="color: #555">Text</p>'),
  '/faulty': good.replace(
    '<p>Text</p>',
    '<script>console.warn("odd")</script><img alt="" src="https://example.invalid/a.png">',
  ),
  '/throws': good.replace('<p>Text</p>', '<script>throw new Error("broken")</script>'),
}

describeWith(['chromium'], 'the helpers of the browser tests', () => {
  let browser: Browser
  let server: Server
  let page: Page
  let root = ''

  beforeAll(async () => {
    browser = await launchBrowser()
    server = createServer((request, response) => {
      const policy = request.url === '/good' ? "default-src 'none'; style-src 'unsafe-inline'" : ''
      response.setHeader('content-security-policy', policy)
      response.setHeader('content-type', 'text/html').end(pages[request.url ?? ''] ?? '')
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })

  afterEach(() => page.context().close())

  afterAll(async () => {
    await browser.close()
    await new Promise((closed) => server.close(closed))
  })

  const open = async (path: string, theme: 'light' | 'dark' = 'light'): Promise<Page> => {
    page = await (await newWindow(browser, { theme, size: narrow })).newPage()
    await page.goto(root + path)
    return page
  }

  it('axe passes a good page under a strict policy, and leaves the theme as it was', async () => {
    await open('/good', 'dark')
    await expectAxeClean(page)
    const theme = await page.evaluate(() => [
      document.documentElement.dataset['theme'],
      matchMedia('(prefers-color-scheme: dark)').matches,
    ])
    expect(theme).toEqual([undefined, true])
  })

  it('axe finds a button without a name, unless only another part is looked at', async () => {
    await open('/no-name')
    expect(await axeFindings(page)).toEqual([expect.stringMatching(/^button-name at button: /)])
    expect(await axeFindings(page, '#part')).toEqual([])
    await expect(expectAxeClean(page)).rejects.toThrow(/dark: button-name at button/)
  })

  it('axe finds what is wrong in one theme alone', async () => {
    await open('/grey-in-dark')
    expect(await axeFindings(page)).toEqual([])
    await expect(expectAxeClean(page)).rejects.toThrow(/dark: color-contrast at p/)
  })

  it('a picture has the size of the window and shows the theme', async () => {
    await open('/good')
    const light = readFileSync(await screenshot(page, 'support-light'))
    await showTheme(page, 'dark')
    const dark = readFileSync(await screenshot(page, 'support-dark'))
    // A PNG's header holds width and height as 32-bit numbers at offset 16.
    expect([light.readUInt32BE(16), light.readUInt32BE(20)]).toEqual([narrow.width, narrow.height])
    expect(light.equals(dark)).toBe(false)
  })

  it('faults of a page are heard', async () => {
    await open('/good')
    const faults = watchFaults(page)
    await page.goto(`${root}/good`)
    expect(faults()).toEqual([])
    await page.goto(`${root}/faulty`)
    await page.goto(`${root}/throws`)
    await expect
      .poll(faults)
      .toEqual(
        expect.arrayContaining([
          'warning: odd',
          'request leaves the machine: https://example.invalid/a.png',
          'uncaught: broken',
        ]),
      )
  })
})
