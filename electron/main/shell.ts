import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { app, dialog, Menu, session } from 'electron'
import { z } from 'zod'
import { ProjectId } from '#shared/contract/common.ts'
import { AppError } from '#shared/rpc/errors.ts'
import { ensureBackend } from '#electron/backend/ensure-backend.ts'
import { registerAppScheme, serveApp } from './app-scheme.ts'
import { askBackend } from '#electron/transport/ask-backend.ts'
import { keepBackend } from './backend-keeper.ts'
import { farewell } from './farewell.ts'
import { serveHost } from './host-port.ts'
import { denyNavigation, denyPermissions } from './lockdown.ts'
import { menuTemplate } from './menu.ts'
import { findPlace } from './place.ts'
import { createPolicyOrigins } from './policy-origins.ts'
import { openSecretStore } from './secret-store.ts'
import { type AppWindow, createWindows } from './windows.ts'

const Handover = z.object({ folder: z.string().nullable() })

export type ShellOptions = {
  readonly words: readonly string[]
  readonly ensure?: typeof ensureBackend
}

/** Starts the desktop app, or hands over to the one that runs already. */
export async function startShell({ words, ensure = ensureBackend }: ShellOptions): Promise<void> {
  const place = findPlace()
  const { BENCHTOP_READY_FILE: readyFile } = process.env
  // Words between our own processes are not for the ones that a person launches later.
  for (const name of ['BENCHTOP_READY_FILE', 'BENCHTOP_NODE']) delete process.env[name]
  // An AppImage says --no-sandbox where it finds no user namespaces: then there is the browser, never an open window.
  if (app.isPackaged && app.commandLine.hasSwitch('no-sandbox')) {
    spawn(place.node, [place.browserEntry, '--browser'], { detached: true, stdio: 'ignore' }).unref()
    return app.exit(0)
  }
  const folder = folderOf(words, process.cwd())
  registerAppScheme()
  app.enableSandbox()
  // Chromium's own files, and with them the single-instance lock, belong to the user's data folder.
  const profile = join(place.dataFolder, 'window')
  mkdirSync(profile, { recursive: true, mode: 0o700 })
  app.setPath('userData', profile)
  if (!app.requestSingleInstanceLock({ folder } satisfies z.input<typeof Handover>)) return app.quit()

  const known = place.build === 'unknown' ? {} : { build: place.build }
  const backend = keepBackend(
    { dataFolder: place.dataFolder, node: place.node, entry: place.backendEntry, ...known },
    ensure,
  )
  // Asked for before the windows: both take their time, and can take it together.
  backend.address().catch(() => {})
  denyNavigation()
  await app.whenReady()

  const origins = createPolicyOrigins(backend)
  denyPermissions(session.defaultSession)
  serveApp(session.defaultSession, place.page, origins.forDocument)
  const showMenu = (shown: AppWindow): void => {
    const template = menuTemplate(shown.menu, {
      mac: process.platform === 'darwin',
      development: !app.isPackaged,
      run: (command) => shown.events.emit({ type: 'command', command }),
    })
    Menu.setApplicationMenu(Menu.buildFromTemplate(template))
  }
  const windows = createWindows(place, {
    onOpen: (opened) => {
      opened.window.once('ready-to-show', () => sayReady(readyFile))
      opened.window.on('focus', () => showMenu(opened))
      reviveWhenGone(opened)
    },
  })
  serveHost(
    {
      backend,
      windows,
      secrets: openSecretStore(place.dataFolder),
      setMenu: (asking, commands) => {
        asking.menu = commands
        if (asking.window.isFocused() || windows.all().length === 1) showMenu(asking)
      },
    },
    place.build,
  )
  backend.onChange(({ url, token }) => {
    if (origins.mustReload(url)) for (const { window } of windows.all()) window.webContents.reload()
    for (const { events } of windows.all()) events.emit({ type: 'backend', url, token })
  })

  const showFolder = async (path: string): Promise<void> => {
    try {
      const { id } = await askBackend(
        await backend.address(),
        'projects.open',
        { folder: path },
        z.object({ id: ProjectId }),
      )
      windows.show(id)
    } catch (error) {
      windows.show(null)
      const { message, hint } = error instanceof AppError ? error : { message: String(error), hint: undefined }
      await dialog.showMessageBox({
        type: 'warning',
        message: `${path} could not be opened.`,
        detail: [message, hint].filter(Boolean).join('\n'),
      })
    }
  }
  const showSomething = (): void => {
    const [newest] = windows.all().slice(-1)
    if (newest !== undefined) return void windows.show(newest.project)
    const before = windows.lastOpen()
    for (const project of before.length > 0 ? before : [null]) windows.show(project)
  }
  app.on('second-instance', (_event, _arguments, _workingDirectory, data) => {
    const wanted = Handover.safeParse(data).data?.folder ?? null
    if (wanted === null) showSomething()
    else void showFolder(wanted)
  })
  app.on('activate', showSomething)
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  farewell({ backend, onLeave: windows.leave })
  if (folder === null) showSomething()
  else await showFolder(folder)
}

/** The folder of `--project DIR` or `--project=DIR`, absolute. */
export function folderOf(words: readonly string[], workingDirectory: string): string | null {
  const at = words.indexOf('--project')
  const given =
    at >= 0 ? words[at + 1] : words.find((word) => word.startsWith('--project='))?.slice('--project='.length)
  return given === undefined || given === '' ? null : resolve(workingDirectory, given)
}

/** Tells whoever started us that there is a window: an end before that is a failure to them. */
function sayReady(file: string | undefined): void {
  if (file !== undefined && existsSync(dirname(file))) writeFileSync(file, '')
}

/** Loads a crashed page again; asks when it keeps crashing. */
function reviveWhenGone({ window }: AppWindow): void {
  let last = 0
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return
    const again = Date.now() - last < 30_000
    last = Date.now()
    if (!again) return window.webContents.reload()
    void dialog
      .showMessageBox(window, {
        type: 'error',
        message: 'This window stopped working twice.',
        detail: `The system says: ${reason}. Runs are not affected.`,
        buttons: ['Load it again', 'Close it'],
        cancelId: 1,
      })
      .then(({ response }) => (response === 0 ? window.webContents.reload() : window.destroy()))
  })
}
