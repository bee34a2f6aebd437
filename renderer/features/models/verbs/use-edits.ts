import type { UndoableChange } from '#shared/contract/common.ts'
import { useClient } from '#renderer/client/index.ts'
import { useUndo } from '#renderer/features/projects/index.ts'

export type Edits = {
  readonly client: ReturnType<typeof useClient>['models']
  /** Waits for a change; then says what was done, with Undo, or why it was not. Resolves with whether it was done. */
  readonly act: (change: Promise<UndoableChange>, words: string) => Promise<boolean>
  /** Says that it was done, with Undo of that change. */
  readonly done: (words: string, change: UndoableChange) => void
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
        (made) => {
          done(words, made)
          return true
        },
        (error: Error) => {
          failed(error)
          return false
        },
      ),
  }
}
