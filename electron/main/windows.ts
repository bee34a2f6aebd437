import { BrowserWindow, nativeTheme, screen, type WebContents } from 'electron'
import type { z } from 'zod'
import type { HostContract } from '#shared/contract/host.ts'
import { pageAddress } from '#shared/lib/page-address.ts'
import { isPageAddress, PAGE } from './app-scheme.ts'
import { createEventHub, type EventHub } from '#electron/platform/event-hub.ts'
import type { MenuCommand } from './menu.ts'
import type { Place } from './place.ts'
import { placeFor, readWindowState, SMALLEST, withPlace, writeWindowState } from './window-state.ts'

export type HostEvent = z.input<HostContract['host']['events']['event']>

/** A window and what belongs to it. `project` follows the page's route; `menu` is what its page gave last. */
export type AppWindow = {
  readonly window: BrowserWindow
  readonly events: EventHub<HostEvent>
  project: string | null
  menu: readonly MenuCommand[]
}

export type Windows = {
  /** Shows a project's window, or a new one. `from` takes the project over when it shows none. */
  readonly show: (project: string | null, from?: AppWindow) => AppWindow
  readonly of: (contents: WebContents) => AppWindow | undefined
  readonly all: () => readonly AppWindow[]
  /** The projects whose windows were open when the app was left. */
  readonly lastOpen: () => readonly string[]
  /** Keeps the open projects; from now on windows close because the app ends. */
  readonly leave: () => void
}

/** The canvas of both themes, so that a window is not white before its page is there: `canvas` of the token table. */
const CANVAS = { light: '#ffffff', dark: '#15161a' }

/** One window a project, each where it was last time. */
export function createWindows(place: Place, hooks: { readonly onOpen: (opened: AppWindow) => void }): Windows {
  const open = new Set<AppWindow>()
  let leaving = false
  const projects = (): readonly string[] => [...open].flatMap(({ project }) => project ?? [])
  const keepOpen = (names: readonly string[]): void =>
    writeWindowState(place.dataFolder, { ...readWindowState(place.dataFolder), open: names })

  const create = (project: string | null): AppWindow => {
    const areas = screen.getAllDisplays().map(({ workArea }) => workArea)
    const { maximized, ...bounds } = placeFor(readWindowState(place.dataFolder), project ?? '', areas)
    const window = new BrowserWindow({
      ...bounds,
      minWidth: SMALLEST.width,
      minHeight: SMALLEST.height,
      show: false,
      title: 'Benchtop',
      icon: place.icon,
      backgroundColor: nativeTheme.shouldUseDarkColors ? CANVAS.dark : CANVAS.light,
      autoHideMenuBar: true,
      webPreferences: {
        preload: place.preload,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webSecurity: true,
        // Chromium would fetch its dictionaries from the net.
        spellcheck: false,
      },
    })
    const opened: AppWindow = { window, project, events: createEventHub(), menu: [] }
    open.add(opened)
    window.once('ready-to-show', () => {
      if (maximized) window.maximize()
      window.show()
    })
    window.webContents.on('did-navigate-in-page', (_event, url, isMainFrame) => {
      if (isMainFrame && isPageAddress(url)) opened.project = projectOf(url)
    })
    window.on('close', () => {
      const state = readWindowState(place.dataFolder)
      const last = { ...window.getNormalBounds(), maximized: window.isMaximized() }
      writeWindowState(place.dataFolder, withPlace(state, opened.project ?? '', last))
      // Closing the last window leaves the app: its project comes back next time.
      if (!leaving) keepOpen(projects().filter((name) => open.size === 1 || name !== opened.project))
    })
    window.on('closed', () => open.delete(opened))
    hooks.onOpen(opened)
    // A failed load shows itself; a promise nobody awaits must not end the app.
    window.loadURL(addressOf(project)).catch(() => {})
    return opened
  }

  return {
    show: (project, from) => {
      const own = [...open].find((one) => one.project === project)
      if (own === undefined && from?.project === null) {
        from.project = project
        from.window.webContents.loadURL(addressOf(project)).catch(() => {})
        return from
      }
      const shown = own ?? create(project)
      if (own !== undefined) {
        if (own.window.isMinimized()) own.window.restore()
        own.window.show()
        own.window.focus()
      }
      return shown
    },
    of: (contents) => [...open].find(({ window }) => window.webContents === contents),
    all: () => [...open],
    lastOpen: () => readWindowState(place.dataFolder).open,
    leave: () => {
      leaving = true
      if (open.size > 0) keepOpen(projects())
    },
  }
}

function addressOf(project: string | null): string {
  return pageAddress(PAGE, project === null ? {} : { project })
}

/** The project of a route `#/p/churn-3f2a/runs`. */
function projectOf(url: string): string | null {
  const name = /^#\/p\/([^/?&]+)/.exec(new URL(url).hash)?.[1]
  return name === undefined ? null : decodeURIComponent(name)
}
