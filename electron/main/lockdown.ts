import { app, type Session, shell, type WebFrameMain } from 'electron'
import { isPageAddress, PAGE } from './app-scheme.ts'

/**
 * What the page may ask of the system: to put text on the clipboard, and to reach the backend on loopback, which Chromium guards
 * since 142; the page's policy already names the one address there. Everything else is denied, to every frame.
 */
const ALLOWED: ReadonlySet<string> = new Set(['clipboard-sanitized-write', 'local-network-access', 'loopback-network'])

/** Denies permissions, devices and screen capture. */
export function denyPermissions(session: Session): void {
  const allowed = (permission: string, address: string | undefined): boolean =>
    ALLOWED.has(permission) && address !== undefined && isPageAddress(address)
  session.setPermissionRequestHandler((_contents, permission, answer, { requestingUrl }) => {
    answer(allowed(permission, requestingUrl))
  })
  session.setPermissionCheckHandler((_contents, permission, origin) => allowed(permission, origin))
  session.setDevicePermissionHandler(() => false)
  session.setDisplayMediaRequestHandler((_request, answer) => answer(null))
}

/** Keeps every window on the page that it was opened with, now and for windows to come. */
export function denyNavigation(): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => {
      // A page may load itself again; its routes are fragments, which are no navigation.
      if (event.url.split('#')[0] !== PAGE) event.preventDefault()
    })
    contents.on('will-frame-navigate', (event) => {
      if (!event.isMainFrame && !/^(blob:|about:)/.test(event.url)) event.preventDefault()
    })
    contents.on('will-attach-webview', (event) => event.preventDefault())
    contents.setWindowOpenHandler(({ url }) => {
      if (isExternal(url)) void shell.openExternal(url)
      return { action: 'deny' }
    })
  })
}

/** True for addresses that may be handed to the user's browser: https, with no name or password in them. */
export function isExternal(address: string): boolean {
  try {
    const { protocol, username, password } = new URL(address)
    return protocol === 'https:' && username === '' && password === ''
  } catch {
    return false
  }
}

/** True for the main frame of a window while it shows our page. */
export function isOurPage(frame: WebFrameMain | null): boolean {
  return frame !== null && frame.parent === null && isPageAddress(frame.url)
}
