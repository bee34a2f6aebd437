import type { BrowserContext, Route } from 'playwright'
import { WebSocket } from 'ws'

/** Chromium has no `app:` scheme: in the window's address bar `app://bundle/x` reads `https://bundle.invalid/x`. */
export function toWindow(url: string): string {
  return url.replace(/^app:\/\/([^/?#]*)/, 'https://$1.invalid')
}

/** Back to what the main process would see. */
export function toMain(url: string): string {
  return url.replace(/^(blob:)?https:\/\/([^/?#]*)\.invalid/, '$1app://$2')
}

export type Navigation = { readonly url: string; readonly isMainFrame: boolean }

export type NetworkHooks = {
  readonly serve: (request: Request) => Promise<Response>
  /** Returns false to stop a navigation before anything is asked for. */
  readonly mayNavigate: (route: Route, navigation: Navigation) => boolean
}

/** Gives a window Electron's network: the main process answers its scheme, and loopback sees the page's true origin. */
export async function installNetwork(context: BrowserContext, hooks: NetworkHooks): Promise<void> {
  await context.route('**/*', async (route) => {
    const request = route.request()
    const url = toMain(request.url())
    const { isMainFrame } = frameOf(route)
    if (request.isNavigationRequest() && !hooks.mayNavigate(route, { url, isMainFrame })) return route.abort('aborted')
    if (url.startsWith('app:')) {
      const answer = await hooks.serve(new Request(url, { method: request.method() }))
      const body = Buffer.from(await answer.arrayBuffer())
      return route.fulfill({ status: answer.status, headers: Object.fromEntries(answer.headers), body })
    }
    if (!isLoopback(url)) return route.abort('internetdisconnected')
    const answer = await fetch(url, {
      method: request.method(),
      headers: { ...withoutOrigin(request.headers()), origin: 'app://bundle' },
      ...(request.postDataBuffer() === null ? {} : { body: new Uint8Array(request.postDataBuffer() ?? []) }),
    }).catch(() => undefined)
    if (answer === undefined) return route.abort('connectionrefused')
    const headers = Object.fromEntries(answer.headers)
    const allowed = headers['access-control-allow-origin']
    if (allowed !== undefined) headers['access-control-allow-origin'] = toWindow(allowed)
    return route.fulfill({ status: answer.status, headers, body: Buffer.from(await answer.arrayBuffer()) })
  })
  await context.routeWebSocket(/^wss?:\/\/(127\.0\.0\.1|localhost)/, (page) => {
    const protocols = page.protocols()
    const backend = new WebSocket(page.url(), protocols, { origin: 'app://bundle' })
    const early: (string | Buffer)[] = []
    page.onMessage(
      (message) => void (backend.readyState === WebSocket.OPEN ? backend.send(message) : early.push(message)),
    )
    page.onClose(() => backend.close())
    backend.on('open', () => early.forEach((message) => backend.send(message)))
    backend.on('message', (data: Buffer, isBinary) => page.send(isBinary ? data : data.toString('utf8')))
    backend.on(
      'close',
      (code) => void page.close({ code: code === 1005 || code === 1006 ? 1001 : code }).catch(() => {}),
    )
    backend.on('error', () => void page.close({ code: 1011 }).catch(() => {}))
  })
}

function frameOf(route: Route): { readonly isMainFrame: boolean } {
  try {
    return { isMainFrame: route.request().frame().parentFrame() === null }
  } catch {
    // A navigation whose frame is not there yet is a new window's.
    return { isMainFrame: true }
  }
}

function isLoopback(url: string): boolean {
  return ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname)
}

function withoutOrigin(headers: Readonly<Record<string, string>>): Record<string, string> {
  const unwanted = new Set(['origin', 'referer', 'host', 'connection', 'content-length'])
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !unwanted.has(name)))
}
