import { useState } from 'react'
import type { Entry, WrittenFile } from '#shared/contract/artifacts.ts'
import type { RunDetail } from '#shared/contract/runs.ts'
import { formatBytes } from '#shared/lib/format.ts'
import { useRead } from '#renderer/client/index.ts'
import { ElsewhereLine, FileView, type FileOf } from '#renderer/features/artifacts/index.ts'
import { Icon } from '#renderer/ui/icons/icon.tsx'
import { SplitPane } from '#renderer/ui/layout/split-pane.tsx'
import { Section } from '#renderer/ui/layout/section.tsx'
import { EmptyState } from '#renderer/ui/states/empty-state.tsx'
import { cx } from '#renderer/ui/cx.ts'
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
        <Folder project={project} run={run} place="artifact" path="" depth={0} chosen={chosen} onChoose={setChosen} />
      </Section>
      {models.map((model) => (
        <Section
          key={model.id}
          title={`Model ${model.name}`}
          note={model.bytes === null ? undefined : formatBytes(model.bytes)}
        >
          <Folder
            project={project}
            run={run}
            place="model"
            model={model.id}
            path=""
            depth={0}
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

type FolderProps = Omit<FileOf, 'size'> & {
  readonly depth: number
  readonly chosen: FileOf | null
  readonly onChoose: (file: FileOf) => void
}

function Folder({ project, run, place, model, path, depth, chosen, onChoose }: FolderProps) {
  const listing = useRead('artifacts.list', { project, run, place, path, ...(model === undefined ? {} : { model }) })
  const entries = listing.data?.entries ?? []
  const elsewhere = depth === 0 ? listing.data?.elsewhere : undefined
  if (listing.error !== null) {
    const { message, hint } = listing.error
    return (
      <p className="s12 bad" role="alert">
        {message} {hint}
      </p>
    )
  }
  if (listing.data !== undefined && entries.length === 0 && depth === 0) {
    return elsewhere === undefined ? <p className="s12 t3">None.</p> : <ElsewhereLine elsewhere={elsewhere} />
  }
  return (
    <>
      <ul className={s.folder}>
        {entries.map((entry) => (
          <FolderEntry
            key={entry.path}
            entry={entry}
            project={project}
            run={run}
            place={place}
            model={model}
            depth={depth}
            chosen={chosen}
            onChoose={onChoose}
          />
        ))}
        {listing.data?.truncated === true ? (
          <li className="s11 t3">Only the first {entries.length.toLocaleString('en')} are listed.</li>
        ) : null}
      </ul>
      {elsewhere === undefined ? null : <ElsewhereLine elsewhere={elsewhere} />}
    </>
  )
}

function FolderEntry({
  entry,
  project,
  run,
  place,
  model,
  depth,
  chosen,
  onChoose,
}: Omit<FolderProps, 'path'> & { readonly entry: Entry }) {
  const [open, setOpen] = useState(false)
  const isChosen = chosen?.place === place && chosen.path === entry.path && chosen.model === model
  return (
    <li>
      <button
        type="button"
        className={cx(s.entry, isChosen && s.chosen)}
        style={{ paddingLeft: 6 + depth * 14 }}
        aria-expanded={entry.folder ? open : undefined}
        aria-current={isChosen || undefined}
        onClick={() =>
          entry.folder ? setOpen(!open) : onChoose({ project, run, place, model, path: entry.path, size: entry.size })
        }
      >
        <Icon name={entry.folder ? (open ? 'down' : 'right') : 'file'} size={entry.folder ? 10 : 12} />
        <span className="cut">{entry.name}</span>
        <span className="t3 s11 num">{entry.folder ? '' : formatBytes(entry.size)}</span>
      </button>
      {open ? (
        <Folder
          project={project}
          run={run}
          place={place}
          model={model}
          path={entry.path}
          depth={depth + 1}
          chosen={chosen}
          onChoose={onChoose}
        />
      ) : null}
    </li>
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
      <button
        type="button"
        className={cx(s.entry, chosen && s.chosen)}
        disabled={file.now === 'gone'}
        onClick={onChoose}
      >
        <Icon name="file" size={12} />
        <span className="cut">{file.path}</span>
        <span className="t3 s11 num">{formatBytes(file.size)}</span>
      </button>
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
