import { useClient } from '#renderer/client/index.ts'
import { useToasts } from '#renderer/ui/states/toasts.tsx'

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
  const toasts = useToasts()
  const fail = (error: Error): void => void toasts.show({ text: error.message, state: 'bad' })
  const undo = (): void =>
    void client.projects
      .undo({ project })
      .then(({ label }) =>
        toasts.show({ text: label === null ? 'Nothing to undo' : `Undone: ${label}`, state: 'done' }),
      )
      .catch(fail)
  const done = (words: string): void =>
    void toasts.show({ text: words, state: 'done', action: { label: 'Undo', keys: 'Mod+Z', onPress: undo } })
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
          fail(error)
          return false
        },
      ),
  }
}
