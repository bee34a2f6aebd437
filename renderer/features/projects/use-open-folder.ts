import type { Project } from '#shared/contract/projects.ts'
import type { AppError } from '#shared/rpc/errors.ts'
import { useHost, useWrite } from '#renderer/client/index.ts'
import { navigate } from '#renderer/lib/routes.ts'

export type OpenFolder = {
  readonly open: (folder: string, onOpened?: (project: Project) => void) => void
  /** Lets the system's picker choose a folder; where there is none, calls `ask`. */
  readonly choose: (ask: () => void) => Promise<void>
  readonly pending: boolean
  readonly error: AppError | null
}

/** Opens a folder as a project and goes to its runs. */
export function useOpenFolder(): OpenFolder {
  const { desktop, capabilities } = useHost()
  const write = useWrite('projects.open')
  const open: OpenFolder['open'] = (folder, onOpened = ({ id }) => navigate({ screen: 'runs', project: id })) =>
    write.mutate({ folder }, { onSuccess: onOpened })
  return {
    open,
    choose: async (ask) => {
      if (desktop === null || !capabilities.pickPath) return ask()
      const { path } = await desktop.pickPath({ kind: 'folder', title: 'Open a project folder' })
      if (path !== null) open(path)
    },
    pending: write.isPending,
    error: write.error,
  }
}
