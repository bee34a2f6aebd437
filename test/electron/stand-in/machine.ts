import { EventEmitter } from 'node:events'
import type {
  MenuItemConstructorOptions,
  MessageBoxOptions,
  OpenDialogOptions,
  OpenDialogReturnValue,
  Rectangle,
  Session,
} from 'electron'
import type { Browser, BrowserContext } from 'playwright'
import type { StandInWindow } from './browser-window.ts'
import { installNetwork, toMain } from './network.ts'

type Handlers = {
  scheme?: (request: Request) => Promise<Response> | Response
  request?: Parameters<Session['setPermissionRequestHandler']>[0]
  check?: Parameters<Session['setPermissionCheckHandler']>[0]
  device?: Parameters<Session['setDevicePermissionHandler']>[0]
  capture?: Parameters<Session['setDisplayMediaRequestHandler']>[0]
}

/** Everything outside the app: the screen, the person, the keychain. Tests look at it and act through it. */
export class Machine {
  readonly app = new EventEmitter()
  readonly ipcMain = new EventEmitter()
  readonly windows: StandInWindow[] = []
  readonly handlers: Handlers = {}
  /** Paths of files by name, for `webUtils.getPathForFile`. */
  readonly filePaths: Record<string, string> = {}
  /** Addresses for which a window was allowed. */
  readonly opened: string[] = []
  readonly openedExternally: string[] = []
  readonly revealed: string[] = []
  readonly notifications: { readonly title: string; readonly body: string; readonly click: () => void }[] = []
  readonly dialogs: (OpenDialogOptions | MessageBoxOptions)[] = []
  readonly privileges: unknown[] = []
  readonly paths: Record<string, string> = {}
  appPath = process.cwd()
  isPackaged = false
  displays: Rectangle[] = [{ x: 0, y: 0, width: 1920, height: 1040 }]
  /** What the person picks next. */
  picks: OpenDialogReturnValue = { canceled: true, filePaths: [] }
  menu: readonly MenuItemConstructorOptions[] = []
  focused: StandInWindow | undefined
  /** Chromium's switches on the command line. */
  readonly switches = new Set<string>()
  /** False: another instance holds the lock. */
  first = true
  handedOver: unknown
  sandboxed = false
  notifies = true
  keychain: 'gnome_libsecret' | 'basic_text' | 'none' = 'gnome_libsecret'
  keyVersion = 1
  theme: 'system' | 'light' | 'dark' = 'system'
  exitCode: number | undefined
  #context: Promise<BrowserContext> | undefined
  browser: (() => Promise<Browser>) | undefined

  /** One browser profile for all windows, as Electron's default session. */
  context(): Promise<BrowserContext> {
    this.#context ??= this.#openContext()
    return this.#context
  }

  async #openContext(): Promise<BrowserContext> {
    if (this.browser === undefined) throw new Error('The stand-in has no browser.')
    const context = await (await this.browser()).newContext({ viewport: { width: 1440, height: 900 } })
    await installNetwork(context, {
      serve: async (request) => (await this.handlers.scheme?.(request)) ?? new Response(null, { status: 404 }),
      mayNavigate: (route, navigation) => {
        const page = pageOf(route)
        const window = page && this.windows.find(({ webContents }) => webContents.owns(page))
        if (window !== undefined) return window.webContents.mayNavigate(navigation)
        // A window that a page opened: Electron asks before it makes one.
        this.windows[0]?.webContents.askToOpen(toMain(route.request().url()))
        return false
      },
    })
    return context
  }

  /** Asks for a permission as Chromium would. */
  ask(permission: string, requestingUrl: string): Promise<boolean> {
    type Ask = (contents: unknown, permission: string, answer: (granted: boolean) => void, details: object) => void
    return new Promise((resolve) => {
      const handler = this.handlers.request as Ask | null | undefined
      if (!handler) resolve(true)
      else handler(this.windows[0]?.webContents, permission, resolve, { requestingUrl, isMainFrame: true })
    })
  }

  check(permission: string, origin: string): boolean {
    type Check = (contents: unknown, permission: string, origin: string, details: object) => boolean
    const handler = this.handlers.check as Check | null | undefined
    return handler ? handler(null, permission, origin, { requestingUrl: origin, isMainFrame: true }) : true
  }

  /** Ends all: no window, no profile. */
  async dispose(): Promise<void> {
    const windows = this.windows.slice()
    for (const window of windows) window.destroy()
    await Promise.all(windows.map(({ gone }) => gone))
    if (this.#context !== undefined) await (await this.#context).close()
  }
}

function pageOf(route: Parameters<Parameters<BrowserContext['route']>[1]>[0]) {
  try {
    return route.request().frame().page()
  } catch {
    return undefined
  }
}
