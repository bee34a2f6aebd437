import { useRead } from '#renderer/client/index.ts'
import { menuOf, useModelVerbs, useVerbCommands } from '#renderer/features/models/index.ts'
import { printRoute } from '#renderer/lib/routes.ts'
import { MoreMenu } from '#renderer/ui/overlays/menu.tsx'
import { TopBar } from './frame/top-bar.tsx'

/** A registered model's name, how many versions it has, and its verbs. */
export function ModelTopBar({ project, name }: { readonly project: string; readonly name: string }) {
  const model = useRead('models.get', { project, name }).data
  const { verbsOf, dialog } = useModelVerbs(project)
  const verbs = model === undefined ? [] : verbsOf(model)
  useVerbCommands('Model', verbs)
  const crumb = { label: 'Models', href: printRoute({ screen: 'models', project }) }
  if (model === undefined) return <TopBar crumb={crumb} title={name} />
  return (
    <>
      <TopBar
        crumb={crumb}
        title={model.name}
        state={
          <span className="s12 t3 num">
            {model.versions === 1 ? '1 version' : `${model.versions.toLocaleString('en')} versions`}
          </span>
        }
        verbs={<MoreMenu label="More for this model" entries={menuOf(verbs)} />}
      />
      {dialog}
    </>
  )
}
