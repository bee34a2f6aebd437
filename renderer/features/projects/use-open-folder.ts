import type { Project } from '#shared/contract/projects.ts'
import type { AppError } from '#shared/rpc/errors.ts'
import { useWrite } from '#renderer/client/index.ts'
import { navigate } from '#renderer/lib/routes.ts'

export type OpenFolder = {
  readonly open: (folder: string, onOpened?: (project: Project) => void) => void
  readonly pending: boolean
  readonly error: AppError | null
}

/** Opens a folder as a project and goes to its runs. */
export function useOpenFolder(): OpenFolder {
  const write = useWrite('projects.open')
  return {
    open: (folder, onOpened = ({ id }) => navigate({ screen: 'runs', project: id })) =>
      write.mutate({ folder }, { onSuccess: onOpened }),
    pending: write.isPending,
    error: write.error,
  }
}
