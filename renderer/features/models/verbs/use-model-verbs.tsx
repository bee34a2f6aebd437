import { type ReactNode, useState } from 'react'
import type { RegisteredModelRow } from '#shared/contract/models.ts'
import { navigate } from '#renderer/lib/routes.ts'
import type { Asked } from './asked.ts'
import { ModelDialog } from './model-dialog.tsx'
import { useEdits } from './use-edits.ts'
import type { ModelVerb } from './verb.ts'

/** Verbs over a registered model, and the dialogs that they ask with. */
export function useModelVerbs(project: string): {
  readonly verbsOf: (model: Pick<RegisteredModelRow, 'name' | 'description'>) => readonly ModelVerb[]
  readonly dialog: ReactNode
} {
  const { client, act } = useEdits(project)
  const [asked, setAsked] = useState<{ readonly name: string; readonly what: Asked } | null>(null)
  const remove = async (name: string): Promise<void> => {
    const done = await act(client.remove({ project, name }), `${name} deleted; its runs and files stay`)
    if (done) navigate({ screen: 'models', project })
  }
  return {
    verbsOf: ({ name, description }) => [
      {
        id: 'rename',
        label: 'Rename model…',
        icon: 'edit',
        keys: 'e',
        run: () => setAsked({ name, what: { kind: 'rename' } }),
      },
      {
        id: 'describe',
        label: 'Describe model…',
        icon: 'note',
        words: 'description',
        run: () => setAsked({ name, what: { kind: 'describe', description } }),
      },
      { id: 'tag', label: 'Tag model…', icon: 'tag', run: () => setAsked({ name, what: { kind: 'tag' } }) },
      {
        id: 'remove',
        label: 'Delete model',
        icon: 'trash',
        words: 'remove unregister',
        dangerous: true,
        run: () => void remove(name),
      },
    ],
    dialog:
      asked === null ? null : (
        <ModelDialog project={project} name={asked.name} asked={asked.what} onClose={() => setAsked(null)} />
      ),
  }
}
