import { useClient } from '#renderer/client/index.ts'
import { useUndo } from '#renderer/features/projects/index.ts'

export type Edits = {
  readonly client: ReturnType<typeof useClient>['models']
  /** Waits for a change; then says what was done, with Undo, or why it was not. Resolves with whether it was done. */
  readonly act: (change: Promise<unknown>, words: string) => Promise<boolean>
  /** Says that it was done, with Undo. */
  readonly done: (words: string) => void
}

/** Changes of the registry by hand. All of them can be undone. */
export function useEdits(project: string): Edits {
  const client = useClient()
  const { done, failed } = useUndo(project)
  return {
    client: client.models,
    done,
    act: (change, words) =>
      change.then(
        () => {
          done(words)
          return true
        },
        (error: Error) => {
          failed(error)
          return false
        },
      ),
  }
}
