import { type ReactNode, useMemo, useState } from 'react'
import type { RegisteredModelRow } from '#shared/contract/models.ts'
import { useRead } from '#renderer/client/index.ts'
import { navigate } from '#renderer/lib/routes.ts'
import { useNow } from '#renderer/lib/use-now.ts'
import { Button } from '#renderer/ui/buttons/button.tsx'
import { DataGrid } from '#renderer/ui/data-grid/data-grid.tsx'
import { type ColumnSort, type RowView, rowsOf } from '#renderer/ui/data-grid/model.ts'
import { useGridColumns } from '#renderer/ui/data-grid/use-grid-columns.ts'
import { SearchField } from '#renderer/ui/fields/search-field.tsx'
import { NoMatch } from '#renderer/ui/states/empty-state.tsx'
import { ErrorPanel } from '#renderer/ui/states/error-panel.tsx'
import { Loading } from '#renderer/ui/states/loading.tsx'
import { findModels } from './find-models.ts'
import { modelColumns, sortModels } from './model-columns.tsx'
import s from './models.module.css'
import { RegisterHint } from './register-hint.tsx'
import { useModelVerbs } from './verbs/use-model-verbs.tsx'
import { menuOf } from './verbs/verb.ts'

export type ModelsScreenProps = {
  readonly project: string
  /** Words that a model has to have. */
  readonly find: string
  /** Draws the bar over the list. */
  readonly bar: (content: ReactNode) => ReactNode
}

/** The registered models of a project. */
export function ModelsScreen({ project, find, bar }: ModelsScreenProps) {
  const models = useRead('models.list', { project })
  if (models.error !== null) return <ErrorPanel inset title={models.error.message} logId={models.error.logId} />
  if (models.data === undefined) return <Loading label="Models" rows={8} />
  if (models.data.length === 0) return <RegisterHint project={project} />
  return <ModelList project={project} models={models.data} find={find} bar={bar} />
}

const NEWEST_FIRST: readonly ColumnSort[] = [{ column: 'registered', direction: 'desc' }]

function ModelList({
  project,
  models,
  find,
  bar,
}: ModelsScreenProps & { readonly models: readonly RegisteredModelRow[] }) {
  const [sort, setSort] = useState<readonly ColumnSort[]>(NEWEST_FIRST)
  const now = useNow(60_000)
  const { verbsOf, dialog } = useModelVerbs(project)
  const columns = useMemo(() => modelColumns(project, models, now), [project, models, now])
  const { grid } = useGridColumns(columns, 'models')
  const rows = useMemo(
    () =>
      rowsOf(
        sortModels(findModels(models, find), sort).map((data): RowView<RegisteredModelRow> => ({
          id: data.name,
          data,
        })),
      ),
    [models, find, sort],
  )
  const change = (next: string): void => navigate({ screen: 'models', project, find: next }, { replace: true })
  const open = (name: string): void => navigate({ screen: 'model', project, name })
  const count = models.length.toLocaleString('en')
  return (
    <>
      {bar(
        <SearchField
          className={s.find}
          label="Find a model"
          value={find}
          onChange={change}
          trail={find === '' ? count : `${rows.count.toLocaleString('en')} of ${count}`}
        />,
      )}
      <div className={s.list}>
        <DataGrid
          label="Models"
          fit
          rows={rows}
          {...grid}
          sort={sort}
          onSort={(next) => setSort(next.slice(0, 1))}
          asked={`${find}\n${JSON.stringify(sort)}`}
          onOpen={({ id }) => open(id)}
          rowMenu={({ data }) => [
            { kind: 'action', id: 'open', label: 'Open', icon: 'open', keys: 'Enter', onSelect: () => open(data.name) },
            ...menuOf(verbsOf(data).map(({ keys: _keys, ...verb }) => verb)),
          ]}
          empty={
            <NoMatch
              title="No model matches"
              kept={models.length === 1 ? '1 model is here.' : `${count} models are here.`}
              action={<Button onPress={() => change('')}>Show all</Button>}
              fill={false}
            />
          }
        />
      </div>
      {dialog}
    </>
  )
}
