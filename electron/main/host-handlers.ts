import { dirname, isAbsolute } from 'node:path'
import { existsSync } from 'node:fs'
import { dialog, nativeTheme, Notification, shell } from 'electron'
import { ProjectId } from '#shared/contract/common.ts'
import type { HostContract } from '#shared/contract/host.ts'
import { appError } from '#shared/rpc/errors.ts'
import type { Handlers } from '#shared/rpc/procedure.ts'
import type { BackendKeeper } from './backend-keeper.ts'
import { isExternal } from './lockdown.ts'
import type { MenuCommand } from './menu.ts'
import type { SecretStore } from './secret-store.ts'
import type { AppWindow, Windows } from './windows.ts'

export type HostServices = {
  readonly backend: BackendKeeper
  readonly windows: Windows
  readonly secrets: SecretStore
  readonly setMenu: (window: AppWindow, commands: readonly MenuCommand[]) => void
}

/** The `host` contract for one window. */
export function hostHandlers(asking: AppWindow, services: HostServices): Handlers<HostContract> {
  const { backend, windows, secrets, setMenu } = services
  // Electron's dialogs start in Downloads unless they are told where.
  let lastFolder: string | undefined
  return {
    host: {
      capabilities: async () => ({
        desktop: true,
        pickPath: true,
        reveal: true,
        notify: Notification.isSupported(),
        secrets: await secrets.kind(),
      }),
      pickPath: async ({ kind, title, from }) => {
        const start = from ?? lastFolder
        const { canceled, filePaths } = await dialog.showOpenDialog(asking.window, {
          title,
          message: title,
          properties: kind === 'folder' ? ['openDirectory', 'createDirectory'] : ['openFile'],
          ...(start === undefined ? {} : { defaultPath: start }),
        })
        const path = canceled ? undefined : filePaths[0]
        if (path !== undefined) lastFolder = dirname(path)
        return { path: path ?? null }
      },
      reveal: ({ path }) => {
        if (!isAbsolute(path)) throw appError('invalid', 'Only an absolute path can be shown.', { field: 'path' })
        if (!existsSync(path)) throw appError('not_found', `There is nothing at ${path}.`, { field: 'path' })
        shell.showItemInFolder(path)
        return {}
      },
      openExternal: async ({ url }) => {
        if (!isExternal(url)) throw appError('forbidden', 'Only https addresses are opened.', { field: 'url' })
        await shell.openExternal(url)
        return {}
      },
      notify: ({ title, body }) => {
        const notification = new Notification({ title, body })
        notification.on('click', () => windows.show(asking.project, asking))
        notification.show()
        return {}
      },
      openProject: ({ project }) => {
        if (!ProjectId.safeParse(project).success)
          throw appError('invalid', 'That is no project.', { field: 'project' })
        windows.show(project, asking)
        return {}
      },
      backend: async () => {
        const { url, token } = await backend.address()
        return { url, token }
      },
      setTheme: ({ theme }) => {
        nativeTheme.themeSource = theme
        return {}
      },
      events: (_input, { signal }) => asking.events.listen(signal),
      setMenu: ({ items }) => {
        setMenu(asking, items)
        return {}
      },
    },
  }
}
