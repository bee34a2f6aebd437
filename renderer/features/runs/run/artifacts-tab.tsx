import { useState } from 'react'
import type { WrittenFile } from '#shared/contract/artifacts.ts'
import type { RunDetail } from '#shared/contract/runs.ts'
import { formatBytes } from '#shared/lib/format.ts'
import { useRead } from '#renderer/client/index.ts'
import { FileRow, FileTree, FileView, type FileOf } from '#renderer/features/artifacts/index.ts'
import { ModelVersions } from '#renderer/features/models/index.ts'
import { SplitPane } from '#renderer/ui/layout/split-pane.tsx'
import { Section } from '#renderer/ui/layout/section.tsx'
import { EmptyState } from '#renderer/ui/states/empty-state.tsx'
import s from './run.module.css'

/** Files kept with the run, its models' files, and those that it wrote in the project's folder. */
export function ArtifactsTab({ detail }: { readonly detail: RunDetail }) {
  const { project, id: run, models } = detail
  const [chosen, setChosen] = useState<FileOf | null>(null)
  const written = useRead('artifacts.written', { project, run })
  const files = written.data ?? []
  const list = (
    <div className={s.files}>
      <Section title="Kept with the run">
        <FileTree project={project} run={run} place="artifact" path="" chosen={chosen} onChoose={setChosen} />
      </Section>
      {models.map((model) => (
        <Section
          key={model.id}
          title={`Model ${model.name}`}
          note={model.bytes === null ? undefined : formatBytes(model.bytes)}
        >
          <ModelVersions project={project} run={run} model={model.id} />
          <FileTree
            project={project}
            run={run}
            place="model"
            model={model.id}
            path=""
            chosen={chosen}
            onChoose={setChosen}
          />
        </Section>
      ))}
      {files.length === 0 ? null : (
        <Section title="Written in the folder" note={`${files.length.toLocaleString('en')} listed, not copied`}>
          {files.map((file) => (
            <Written
              key={file.path}
              file={file}
              project={project}
              chosen={chosen?.place === 'written' && chosen.path === file.path}
              onChoose={() => setChosen({ project, run, place: 'written', path: file.path, size: file.size })}
            />
          ))}
        </Section>
      )}
    </div>
  )
  return (
    <SplitPane label="Files" side="left" initial={300} minimum={200} mainMinimum={280} remember="run-files" pane={list}>
      {chosen === null ? (
        <EmptyState title="Choose a file">Images, text, tables, JSON and markdown are shown here.</EmptyState>
      ) : (
        <FileView key={`${chosen.place}/${chosen.model ?? ''}/${chosen.path}`} file={chosen} />
      )}
    </SplitPane>
  )
}

const NOW = { same: '', changed: 'changed since', gone: 'gone' } as const

function Written({
  file,
  project,
  chosen,
  onChoose,
}: {
  readonly file: WrittenFile
  readonly project: string
  readonly chosen: boolean
  readonly onChoose: () => void
}) {
  return (
    <div>
      <FileRow name={file.path} size={file.size} chosen={chosen} disabled={file.now === 'gone'} onPress={onChoose} />
      {file.overwrittenBy === null ? (
        file.now === 'same' ? null : (
          <p className={s.since}>{NOW[file.now]}</p>
        )
      ) : (
        <p className={s.since}>
          overwritten since by <a href={`#/p/${project}/runs/${file.overwrittenBy.id}`}>{file.overwrittenBy.name}</a>
        </p>
      )}
    </div>
  )
}
