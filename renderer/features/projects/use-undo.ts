import { useMemo } from 'react'
import { AppError } from '#shared/rpc/errors.ts'
import { useClient } from '#renderer/client/index.ts'
import { useToasts } from '#renderer/ui/states/toasts.tsx'

export type Undo = {
  /** Takes the project's last change back, and says which it was. */
  readonly undo: () => void
  /** Says that a change was made, with Undo beside it. */
  readonly done: (words: string) => void
  /** Says why a change was not made. */
  readonly failed: (error: Error) => void
}

/** What is said of changes that can be undone, in the same words wherever they are made. The same object while the project is. */
export function useUndo(project: string | undefined): Undo {
  const client = useClient()
  const toasts = useToasts()
  return useMemo(() => {
    const failed = (error: Error): void => void toasts.show({ text: error.message, state: 'bad' })
    const notUndone = (error: Error): void => {
      // The change has left the log: what still offers to undo it would undo the one before.
      if (error instanceof AppError && (error.code === 'conflict' || error.code === 'corrupt'))
        toasts.closeOffering('Undo')
      failed(error)
    }
    const undo = (): void => {
      if (project === undefined) return
      client.projects.undo({ project }).then(({ label }) => {
        toasts.closeOffering('Undo')
        toasts.show({ text: label === null ? 'Nothing to undo' : `Undone: ${label}`, state: 'done' })
      }, notUndone)
    }
    const done = (words: string): void =>
      void toasts.show({ text: words, state: 'done', action: { label: 'Undo', keys: 'Mod+Z', onPress: undo } })
    return { undo, done, failed }
  }, [client, toasts, project])
}
