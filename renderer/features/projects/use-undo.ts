import { useMemo } from 'react'
import type { UndoableChange } from '#shared/contract/common.ts'
import { AppError } from '#shared/rpc/errors.ts'
import { useClient } from '#renderer/client/index.ts'
import { useToasts } from '#renderer/ui/states/toasts.tsx'

export type Undo = {
  /** Takes the project's last change back, and says which it was. */
  readonly undo: () => void
  /** Says that a change was made, with Undo beside it: of that change, whatever was changed since. Without Undo where nothing had to be changed. */
  readonly done: (words: string, made: UndoableChange) => void
  /** Says why a change was not made. */
  readonly failed: (error: Error) => void
}

/** What is said of changes that can be undone, in the same words wherever they are made. The same object while the project is. */
export function useUndo(project: string | undefined): Undo {
  const client = useClient()
  const toasts = useToasts()
  return useMemo(() => {
    const failed = (error: Error): void => void toasts.show({ text: error.message, state: 'bad' })
    const take = (change: number | undefined): void => {
      if (project === undefined) return
      client.projects.undo({ project, ...(change === undefined ? {} : { change }) }).then(
        ({ change: undone, label, kept }) => {
          if (undone !== null) toasts.closeAbout(nameOf(project, undone))
          const rest =
            kept === 0
              ? ''
              : kept === 1
                ? '; one thing that changed since stays'
                : `; ${kept.toLocaleString('en')} that changed since stay`
          toasts.show({ text: label === null ? 'Nothing to undo' : `Undone: ${label}${rest}`, state: 'done' })
        },
        (error: Error) => {
          // The newest change has left the log: the notice that would undo it has nothing left to offer.
          const isGone = error instanceof AppError && (error.code === 'conflict' || error.code === 'corrupt')
          if (isGone && change === undefined) toasts.closeNewest(nameOf(project, ''))
          failed(error)
        },
      )
    }
    const done = (words: string, { change }: UndoableChange): void =>
      void toasts.show({
        text: words,
        state: 'done',
        ...(change === null || project === undefined
          ? {}
          : { about: nameOf(project, change), action: { label: 'Undo', keys: 'Mod+Z', onPress: () => take(change) } }),
      })
    return { undo: () => take(undefined), done, failed }
  }, [client, toasts, project])
}

/** A change as notices name what they are about. */
function nameOf(project: string, change: number | ''): string {
  return `change ${project} ${change}`
}
