import { ModelsScreen } from '#renderer/features/models/index.ts'
import { FilterBar, TopBar } from './frame/top-bar.tsx'

/** The registered models of a project, under their bar. */
export function ModelsPage({ project, find }: { readonly project: string; readonly find: string }) {
  return (
    <>
      <TopBar title="Models" />
      <ModelsScreen project={project} find={find} bar={(content) => <FilterBar label="Find">{content}</FilterBar>} />
    </>
  )
}
