/**
 * The module `electron` for tests: the shell's own code runs on it unchanged, with a real Chromium page for each window. What
 * it does not have, the shell does not use. `machine` is the tests' side.
 */
import { EventEmitter } from 'node:events'
import { existsSync } from 'node:fs'
import type {
  BrowserWindowConstructorOptions,
  MenuItemConstructorOptions,
  MessageBoxOptions,
  OpenDialogOptions,
} from 'electron'
import { StandInWindow } from './browser-window.ts'
import { Machine } from './machine.ts'

export const machine = new Machine()

/** Both objects' parts in the first, getters as getters. */
function withAll<A extends object, B extends object>(first: A, second: B): A & B {
  return Object.defineProperties(first, Object.getOwnPropertyDescriptors(second)) as A & B
}

let quitting = false
export const app = withAll(machine.app, {
  get isPackaged() {
    return machine.isPackaged
  },
  commandLine: { hasSwitch: (name: string) => machine.switches.has(name) },
  whenReady: () => Promise.resolve(),
  getAppPath: () => machine.appPath,
  setPath: (name: string, path: string) => {
    if (!existsSync(path)) throw new Error(`Failed to set path: ${path} is not there.`)
    machine.paths[name] = path
  },
  enableSandbox: () => void (machine.sandboxed = true),
  requestSingleInstanceLock: (data: unknown) => {
    if (!machine.first) machine.handedOver = data
    return machine.first
  },
  exit: (code = 0) => void (machine.exitCode = code),
  quit: () => {
    if (quitting) return
    quitting = true
    let prevented = false
    machine.app.emit('before-quit', { preventDefault: () => (prevented = true) })
    quitting = false
    if (prevented) return
    for (const window of machine.windows.slice()) window.close()
    machine.app.emit('will-quit', {})
    machine.exitCode ??= 0
    machine.app.emit('quit', {}, 0)
  },
})

export class BrowserWindow extends StandInWindow {
  constructor(options: BrowserWindowConstructorOptions) {
    super(machine, options)
  }
}

export const ipcMain = machine.ipcMain

export const protocol = {
  registerSchemesAsPrivileged: (schemes: readonly unknown[]) => void machine.privileges.push(...schemes),
}

export const session = {
  defaultSession: {
    protocol: {
      handle: (_scheme: string, handler: NonNullable<Machine['handlers']['scheme']>) => {
        machine.handlers.scheme = handler
      },
    },
    setPermissionRequestHandler: (handler: Machine['handlers']['request'] & object) =>
      void (machine.handlers.request = handler),
    setPermissionCheckHandler: (handler: Machine['handlers']['check'] & object) =>
      void (machine.handlers.check = handler),
    setDevicePermissionHandler: (handler: Machine['handlers']['device'] & object) =>
      void (machine.handlers.device = handler),
    setDisplayMediaRequestHandler: (handler: Machine['handlers']['capture'] & object) =>
      void (machine.handlers.capture = handler),
  },
}

export const dialog = {
  showOpenDialog: (_window: unknown, options: OpenDialogOptions) => {
    machine.dialogs.push(options)
    return Promise.resolve(machine.picks)
  },
  showMessageBox: (...given: readonly unknown[]) => {
    machine.dialogs.push(given.at(-1) as MessageBoxOptions)
    return Promise.resolve({ response: 0, checkboxChecked: false })
  },
  showErrorBox: (title: string, content: string) => void machine.dialogs.push({ message: title, detail: content }),
}

export const shell = {
  openExternal: (url: string) => Promise.resolve(void machine.openedExternally.push(url)),
  showItemInFolder: (path: string) => void machine.revealed.push(path),
}

export class Notification extends EventEmitter {
  static isSupported = (): boolean => machine.notifies
  readonly #options: { readonly title: string; readonly body: string }

  constructor(options: { readonly title: string; readonly body: string }) {
    super()
    this.#options = options
  }

  show(): void {
    machine.notifications.push({ ...this.#options, click: () => this.emit('click') })
    queueMicrotask(() => this.emit('show'))
  }
}

export const Menu = {
  buildFromTemplate: (template: readonly MenuItemConstructorOptions[]) => template,
  setApplicationMenu: (template: readonly MenuItemConstructorOptions[]) => void (machine.menu = template),
}

export const nativeTheme = {
  get themeSource() {
    return machine.theme
  },
  set themeSource(theme: 'system' | 'light' | 'dark') {
    machine.theme = theme
  },
  get shouldUseDarkColors() {
    return machine.theme === 'dark'
  },
}

export const screen = { getAllDisplays: () => machine.displays.map((workArea) => ({ workArea })) }

/** A keychain whose key can be changed: what an older key encrypted is still read, and asks to be encrypted again. */
export const safeStorage = {
  isAsyncEncryptionAvailable: () => Promise.resolve(machine.keychain !== 'none'),
  getSelectedStorageBackend: () => machine.keychain,
  encryptStringAsync: (text: string) =>
    Promise.resolve(Buffer.from(`v${machine.keyVersion}:${text}`).map((byte) => byte ^ 0x5a)),
  decryptStringAsync: (encrypted: Buffer) => {
    const match = /^v(\d+):(.*)$/s.exec(Buffer.from(encrypted.map((byte) => byte ^ 0x5a)).toString('utf8'))
    if (match === null) return Promise.reject(new Error('Error while decrypting the ciphertext'))
    return Promise.resolve({ result: match[2] ?? '', shouldReEncrypt: Number(match[1]) !== machine.keyVersion })
  },
}
