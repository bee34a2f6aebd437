import { type ReactNode, useMemo, useState } from 'react'
import type { UndoableChange } from '#shared/contract/common.ts'
import { useClient } from '#renderer/client/index.ts'
import { useUndo } from '#renderer/features/projects/index.ts'
import { navigate } from '#renderer/lib/routes.ts'
import { useLatest } from '#renderer/lib/use-latest.ts'
import { lazyDialog } from '#renderer/ui/lazy-dialog.tsx'
import type { RunVerb } from './run-verb.ts'
import type { Asked } from './verb-dialogs.tsx'

const VerbDialog = lazyDialog(() => import('./verb-dialogs.tsx').then((all) => all.VerbDialog))

export type RunVerbs = {
  /** Kept the same object while the project is. */
  readonly verbs: readonly RunVerb[]
  /** Dialogs that verbs ask with; drawn once by the screen. */
  readonly dialogs: ReactNode
}

const MANY_TO_COMPARE = 50

/**
 * Verbs over the runs of one project, with undo where it can be had and a question where it cannot. `onGone` is called when runs
 * have left the list that they stood in.
 */
export function useRunVerbs(project: string, onGone?: () => void): RunVerbs {
  const gone = useLatest(onGone)
  const { done, failed } = useUndo(project)
  const client = useClient()
  const [asked, setAsked] = useState<Asked | null>(null)
  const verbs = useMemo(() => {
    type Change = (input: { readonly project: string; readonly runs: readonly string[] }) => Promise<UndoableChange>
    const act =
      (change: Change, words: string) =>
      (runs: readonly string[]): void =>
        void change({ project, runs })
          .then((made) => {
            gone.current?.()
            done(runs.length === 1 ? `Run ${words}` : `${runs.length.toLocaleString('en')} runs ${words}`, made)
          })
          .catch(failed)
    const changes = {
      archive: act(client.runs.archive, 'archived'),
      unarchive: act(client.runs.unarchive, 'brought back'),
      remove: act(client.runs.remove, 'moved to trash, kept 30 days'),
      restore: act(client.runs.restore, 'restored'),
    }
    return makeVerbs(project, changes, setAsked)
  }, [client, project, done, failed, gone])
  return {
    verbs,
    dialogs:
      asked === null ? null : (
        <VerbDialog
          project={project}
          asked={asked}
          onClose={() => setAsked(null)}
          onDone={done}
          onGone={() => gone.current?.()}
        />
      ),
  }
}

type Changes = Readonly<Record<'archive' | 'unarchive' | 'remove' | 'restore', (runs: readonly string[]) => void>>

/** Every verb in the order in which menus hold them. */
function makeVerbs(project: string, changes: Changes, ask: (asked: Asked) => void): readonly RunVerb[] {
  const single = (runs: readonly string[]): boolean => runs.length === 1
  return [
    {
      id: 'open',
      label: 'Open',
      icon: 'open',
      keys: 'Enter',
      fits: ({ runs }) => single(runs),
      run: ({ runs: [run = ''] }) => navigate({ screen: 'run', project, run }),
    },
    {
      id: 'compare',
      label: 'Compare',
      icon: 'compare',
      keys: 'c',
      words: 'difference diff',
      fits: ({ runs }) => runs.length > 1 && runs.length <= MANY_TO_COMPARE,
      run: ({ runs }) => navigate({ screen: 'compare', project, runs }),
    },
    {
      id: 'rename',
      label: 'Rename…',
      icon: 'edit',
      keys: 'e',
      fits: ({ runs, name }) => single(runs) && name !== undefined,
      run: ({ runs: [run = ''], name = '' }) => ask({ kind: 'rename', run, name }),
    },
    {
      id: 'tag',
      label: 'Tag…',
      icon: 'tag',
      keys: 't',
      fits: () => true,
      run: ({ runs }) => ask({ kind: 'tag', runs }),
    },
    {
      id: 'experiment',
      label: 'Move to experiment…',
      icon: 'folder',
      fits: ({ lifecycle }) => lifecycle !== 'deleted',
      run: ({ runs }) => ask({ kind: 'experiment', runs }),
    },
    {
      id: 'move',
      label: 'Move to another project…',
      icon: 'arrowRight',
      fits: ({ lifecycle }) => lifecycle !== 'deleted',
      run: ({ runs }) => ask({ kind: 'move', runs }),
    },
    {
      id: 'export',
      label: 'Export to MLflow…',
      icon: 'folder',
      words: 'mlflow.db leave write save',
      fits: () => true,
      run: ({ runs }) => ask({ kind: 'export', runs }),
    },
    {
      id: 'archive',
      label: 'Archive',
      icon: 'archive',
      keys: 'a',
      fits: ({ lifecycle }) => lifecycle === 'active',
      run: ({ runs }) => changes.archive(runs),
    },
    {
      id: 'unarchive',
      label: 'Bring back',
      icon: 'archive',
      keys: 'a',
      words: 'unarchive',
      fits: ({ lifecycle }) => lifecycle === 'archived',
      run: ({ runs }) => changes.unarchive(runs),
    },
    {
      id: 'restore',
      label: 'Restore',
      icon: 'undo',
      words: 'trash',
      fits: ({ lifecycle }) => lifecycle === 'deleted',
      run: ({ runs }) => changes.restore(runs),
    },
    {
      id: 'remove',
      label: 'Move to trash',
      icon: 'trash',
      keys: 'Backspace',
      words: 'delete remove',
      dangerous: true,
      fits: ({ lifecycle }) => lifecycle !== 'deleted',
      run: ({ runs }) => changes.remove(runs),
    },
    {
      id: 'forever',
      label: 'Delete for good…',
      icon: 'trash',
      words: 'trash remove free',
      dangerous: true,
      fits: ({ lifecycle }) => lifecycle === 'deleted',
      run: ({ runs }) => ask({ kind: 'deleteForever', runs }),
    },
  ]
}
