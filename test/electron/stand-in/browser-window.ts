import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import type { BrowserWindowConstructorOptions, Rectangle, WindowOpenHandlerResponse } from 'electron'
import type { CDPSession, Page } from 'playwright'
import type { Machine } from './machine.ts'
import { type Navigation, toMain, toWindow } from './network.ts'
import { installPreload } from './worlds.ts'

type OpenHandler = (details: { readonly url: string }) => WindowOpenHandlerResponse

/** What the shell uses of Electron's `WebContents`, over a Chromium page. */
export class StandInContents extends EventEmitter {
  readonly #machine: Machine
  readonly #window: StandInWindow
  readonly ready: Promise<Page>
  #page: Page | undefined
  #open: OpenHandler = () => ({ action: 'allow' })
  /** Navigations that the main process began: Electron asks nobody about those. */
  #ownNavigations = 0

  constructor(machine: Machine, window: StandInWindow) {
    super()
    this.#machine = machine
    this.#window = window
    this.ready = this.#begin()
    // A window may be closed before it is there.
    this.ready.catch(() => {})
    machine.app.emit('web-contents-created', {}, this)
  }

  async #begin(): Promise<Page> {
    const context = await this.#machine.context()
    const page = await context.newPage()
    this.#page = page
    const session: CDPSession = await context.newCDPSession(page)
    const { preload } = this.#window.options.webPreferences ?? {}
    if (preload !== undefined) {
      await installPreload(page, session, readFileSync(preload, 'utf8'), {
        paths: this.#machine.filePaths,
        onIpc: ({ channel, message, ports, frameUrl, isMainFrame }) => {
          const senderFrame = { url: toMain(frameUrl), parent: isMainFrame ? null : {} }
          this.#machine.ipcMain.emit(channel, { sender: this, senderFrame, ports }, message)
        },
      })
    } else await session.send('Page.enable')
    session.on('Page.navigatedWithinDocument', ({ url }) => this.emit('did-navigate-in-page', {}, toMain(url), true))
    page.on('popup', (popup) => void popup.close())
    page.on('crash', () => this.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 139 }))
    page.once('domcontentloaded', () => this.#window.emit('ready-to-show'))
    return page
  }

  owns(page: Page): boolean {
    return this.#page === page
  }

  /** Asks the shell's own listeners about a navigation, as Electron would. */
  mayNavigate({ url, isMainFrame }: Navigation): boolean {
    if (isMainFrame && this.#ownNavigations > 0) return true
    let allowed = true
    const event = { url, isMainFrame, preventDefault: () => (allowed = false) }
    this.emit('will-frame-navigate', event)
    if (isMainFrame) this.emit('will-navigate', event)
    return allowed
  }

  askToOpen(url: string): void {
    if (this.#open({ url }).action === 'allow') this.#machine.opened.push(url)
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.#open = handler
  }

  async loadURL(url: string): Promise<void> {
    const page = await this.ready
    await this.#own(() => page.goto(toWindow(url)))
  }

  reload(): void {
    this.ready.then((page) => this.#own(() => page.reload())).catch(() => {})
  }

  async #own(work: () => Promise<unknown>): Promise<void> {
    this.#ownNavigations++
    try {
      await work()
    } finally {
      this.#ownNavigations--
    }
  }

  getURL(): string {
    return this.#page === undefined ? '' : toMain(this.#page.url())
  }
}

/** What the shell uses of Electron's `BrowserWindow`. */
export class StandInWindow extends EventEmitter {
  readonly options: BrowserWindowConstructorOptions
  readonly webContents: StandInContents
  readonly #machine: Machine
  readonly #deeds: string[] = []
  #bounds: Rectangle
  #maximized = false
  #visible = false
  #minimized = false
  #destroyed = false
  /** Resolves once its page is gone. */
  gone: Promise<void> = Promise.resolve()

  constructor(machine: Machine, options: BrowserWindowConstructorOptions) {
    super()
    this.#machine = machine
    this.options = options
    const { x = 0, y = 0, width = 800, height = 600, show = true } = options
    this.#bounds = { x, y, width, height }
    this.#visible = show
    machine.windows.push(this)
    this.webContents = new StandInContents(machine, this)
  }

  /** What was done to it, in order. */
  get deeds(): readonly string[] {
    return this.#deeds
  }

  loadURL(url: string): Promise<void> {
    return this.webContents.loadURL(url)
  }

  show(): void {
    this.#visible = true
    this.#deeds.push('show')
    this.#toFront()
  }

  focus(): void {
    this.#deeds.push('focus')
    this.#toFront()
  }

  #toFront(): void {
    for (const other of this.#machine.windows) if (other !== this && this.#machine.focused === other) other.emit('blur')
    this.#machine.focused = this
    this.emit('focus')
  }

  minimize(): void {
    this.#minimized = true
  }

  restore(): void {
    this.#minimized = false
    this.#deeds.push('restore')
  }

  maximize(): void {
    this.#maximized = true
  }

  setBounds(bounds: Rectangle): void {
    this.#bounds = bounds
  }

  getNormalBounds = (): Rectangle => this.#bounds
  isMaximized = (): boolean => this.#maximized
  isMinimized = (): boolean => this.#minimized
  isVisible = (): boolean => this.#visible
  isDestroyed = (): boolean => this.#destroyed
  isFocused = (): boolean => this.#machine.focused === this

  close(): void {
    this.emit('close', {})
    this.destroy()
  }

  destroy(): void {
    if (this.#destroyed) return
    this.#destroyed = true
    const { windows } = this.#machine
    windows.splice(windows.indexOf(this), 1)
    if (this.#machine.focused === this) this.#machine.focused = undefined
    this.gone = this.webContents.ready.then((page) => page.close()).catch(() => {})
    this.emit('closed')
    if (windows.length === 0) this.#machine.app.emit('window-all-closed')
  }
}
