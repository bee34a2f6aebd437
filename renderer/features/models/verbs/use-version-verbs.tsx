import { type ReactNode, useState } from 'react'
import type { ModelStage, ModelVersionRow, RegisteredModelDetail } from '#shared/contract/models.ts'
import { navigate } from '#renderer/lib/routes.ts'
import { comparable } from '../comparable.ts'
import { inStage, isActive, STAGES, stageWords } from '../stage-words.ts'
import { type Asked, nameOf } from './asked.ts'
import { ModelDialog } from './model-dialog.tsx'
import { useEdits } from './use-edits.ts'
import type { ModelVerb } from './verb.ts'

export type VersionVerbs = {
  readonly verbsOf: (version: ModelVersionRow) => readonly ModelVerb[]
  readonly moveTo: (version: ModelVersionRow, stage: ModelStage) => void
  readonly ask: (asked: Asked) => void
  readonly dialog: ReactNode
}

/** Verbs over the versions of a registered model, and the dialogs that they ask with. */
export function useVersionVerbs(project: string, model: RegisteredModelDetail): VersionVerbs {
  const { name } = model
  const { client, act } = useEdits(project)
  const [asked, setAsked] = useState<Asked | null>(null)
  const moveTo = ({ version, stage: before }: ModelVersionRow, stage: ModelStage): void => {
    if (stage === before) return
    const others = isActive(stage)
      ? model.list.filter((one) => one.stage === stage && one.version !== version).map((one) => one.version)
      : []
    if (others.length > 0) setAsked({ kind: 'stage', version, stage, others })
    else void act(client.setStage({ project, name, version, stage }), `Version ${version} is ${inStage(stage)}`)
  }
  const taken = new Map(model.aliases.map(({ alias, version }) => [alias, version]))
  return {
    moveTo,
    ask: setAsked,
    verbsOf: (row) => {
      const { version, description, run, stage } = row
      return [
        ...(run === null || run.lifecycle === null
          ? []
          : [
              {
                id: 'run',
                label: 'Open its run',
                icon: 'runs',
                run: () => navigate({ screen: 'run', project, run: run.id }),
              } as const,
            ]),
        ...comparable(model.list, row).map(({ version: other, runs, words }): ModelVerb => ({
          id: `compare-${other}`,
          label: `Compare with ${words}`,
          icon: 'compare',
          words: 'difference runs',
          run: () => navigate({ screen: 'compare', project, runs }),
        })),
        {
          id: 'alias',
          label: 'Give an alias…',
          icon: 'flag',
          keys: 'a',
          words: 'champion challenger',
          run: () => setAsked({ kind: 'alias', version, taken }),
        },
        ...STAGES.filter((one) => one !== stage).map((one): ModelVerb => ({
          id: `stage-${one}`,
          label:
            one === 'none' ? 'Take out of its stage' : one === 'archived' ? 'Archive' : `Move to ${stageWords[one]}`,
          icon: one === 'archived' ? 'archive' : 'arrowRight',
          words: 'stage transition',
          run: () => moveTo(row, one),
        })),
        {
          id: 'describe-version',
          label: 'Describe version…',
          icon: 'note',
          words: 'description',
          run: () => setAsked({ kind: 'describe', version, description }),
        },
        {
          id: 'tag-version',
          label: 'Tag version…',
          icon: 'tag',
          keys: 't',
          run: () => setAsked({ kind: 'tag', version }),
        },
        {
          id: 'remove-version',
          label: 'Delete version',
          icon: 'trash',
          keys: 'Backspace',
          words: 'remove',
          dangerous: true,
          run: () =>
            void act(
              client.removeVersion({ project, name, version }),
              `${nameOf(name, version)} deleted; its run and files stay`,
            ),
        },
      ]
    },
    dialog:
      asked === null ? null : (
        <ModelDialog project={project} name={name} asked={asked} onClose={() => setAsked(null)} />
      ),
  }
}
