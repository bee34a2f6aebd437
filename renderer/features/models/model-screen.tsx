import { useMemo, useState } from 'react'
import type { ModelVersionRow, RegisteredModelDetail } from '#shared/contract/models.ts'
import { useRead } from '#renderer/client/index.ts'
import { type FileOf, FileView } from '#renderer/features/artifacts/index.ts'
import { navigate } from '#renderer/lib/routes.ts'
import { useNow } from '#renderer/lib/use-now.ts'
import { DataGrid } from '#renderer/ui/data-grid/data-grid.tsx'
import { type RowView, rowsOf } from '#renderer/ui/data-grid/model.ts'
import { useGridColumns } from '#renderer/ui/data-grid/use-grid-columns.ts'
import { SplitPane } from '#renderer/ui/layout/split-pane.tsx'
import { EmptyState } from '#renderer/ui/states/empty-state.tsx'
import { ErrorPanel } from '#renderer/ui/states/error-panel.tsx'
import { Loading } from '#renderer/ui/states/loading.tsx'
import { AboutModel } from './about-model.tsx'
import s from './models.module.css'
import { useVersionVerbs, type VersionVerbs } from './verbs/use-version-verbs.tsx'
import { menuOf, useVerbCommands } from './verbs/verb.ts'
import { versionColumns } from './version-columns.tsx'
import { VersionInspector } from './version-inspector.tsx'

export type ModelScreenProps = {
  readonly project: string
  readonly name: string
  /** The newest by default. */
  readonly version: number | undefined
}

/** A registered model: what it is, its versions, and beside them the one that is chosen. */
export function ModelScreen({ project, name, version }: ModelScreenProps) {
  const model = useRead('models.get', { project, name }, { keepPrevious: true })
  if (model.error !== null) {
    const { code, message, hint, logId } = model.error
    return (
      <ErrorPanel
        inset
        title={code === 'not_found' ? `There is no registered model ${name}.` : message}
        logId={code === 'not_found' ? undefined : logId}
        action={{ label: 'Go to models', onPress: () => navigate({ screen: 'models', project }) }}
      >
        {hint}
      </ErrorPanel>
    )
  }
  if (model.data === undefined) return <Loading label="Model" rows={8} />
  return <ModelPage project={project} model={model.data} version={version} />
}

type ModelPageProps = {
  readonly project: string
  readonly model: RegisteredModelDetail
  readonly version: number | undefined
}

function ModelPage({ project, model, version }: ModelPageProps) {
  const [file, setFile] = useState<FileOf | null>(null)
  const verbs = useVersionVerbs(project, model)
  const current = model.list.find((one) => one.version === version) ?? model.list[0]
  useVerbCommands('Version', current === undefined ? [] : verbs.verbsOf(current))
  const show = (next: number): void => {
    if (next === current?.version) return
    setFile(null)
    navigate({ screen: 'model', project, name: model.name, version: next }, { replace: true })
  }
  const main = (
    <div className={s.page}>
      <AboutModel project={project} model={model} />
      {current === undefined ? (
        <EmptyState title="No versions">They were deleted, or none was registered yet.</EmptyState>
      ) : (
        <Versions project={project} model={model} current={current} verbs={verbs} onShow={show} />
      )}
    </div>
  )
  if (current === undefined) return main
  return (
    <>
      <SplitPane
        label="About the version"
        side="right"
        initial={308}
        minimum={280}
        maximum={520}
        mainMinimum={380}
        remember="model-inspector"
        pane={
          <VersionInspector
            key={current.version}
            project={project}
            name={model.name}
            row={current}
            verbs={verbs}
            chosen={file}
            onChoose={setFile}
          />
        }
      >
        {file === null ? (
          main
        ) : (
          <SplitPane
            label="File"
            side="bottom"
            initial={320}
            minimum={140}
            mainMinimum={200}
            remember="model-file"
            pane={<FileView key={`${file.model ?? file.run}/${file.path}`} file={file} onClose={() => setFile(null)} />}
          >
            {main}
          </SplitPane>
        )}
      </SplitPane>
      {verbs.dialog}
    </>
  )
}

type VersionsProps = {
  readonly project: string
  readonly model: RegisteredModelDetail
  readonly current: ModelVersionRow
  readonly verbs: VersionVerbs
  readonly onShow: (version: number) => void
}

function Versions({ project, model, current, verbs, onShow }: VersionsProps) {
  const now = useNow(60_000)
  const columns = useMemo(() => versionColumns(project, model.list, now), [project, model.list, now])
  const { grid } = useGridColumns(columns, 'model-versions')
  const rows = useMemo(
    () => rowsOf(model.list.map((data): RowView<ModelVersionRow> => ({ id: String(data.version), data }))),
    [model.list],
  )
  return (
    <div className={s.list}>
      <DataGrid
        label="Versions"
        fit
        rows={rows}
        {...grid}
        lit={String(current.version)}
        onActive={(row) => {
          if (row !== undefined) onShow(row.data.version)
        }}
        rowMenu={({ data }) => menuOf(verbs.verbsOf(data))}
      />
    </div>
  )
}
