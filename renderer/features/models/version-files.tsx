import type { ModelVersionDetail } from '#shared/contract/models.ts'
import { formatBytes } from '#shared/lib/format.ts'
import { useRead } from '#renderer/client/index.ts'
import { ElsewhereLine, FileRow, FileTree, type FileOf, placeOf } from '#renderer/features/artifacts/index.ts'
import { Section } from '#renderer/ui/layout/section.tsx'
import { StateWord } from '#renderer/ui/marks/pill.tsx'

export type VersionFilesProps = {
  readonly project: string
  readonly detail: ModelVersionDetail
  readonly chosen: FileOf | null
  readonly onChoose: (file: FileOf) => void
}

/** The files that a client downloads for a version, as far as they are the project's. */
export function VersionFiles({ project, detail: { files, location }, ...rest }: VersionFilesProps) {
  if (files === null) {
    return (
      <Section title="Files">
        {/^(?:runs|models|mlflow-artifacts):/.test(location) ? (
          <>
            <StateWord state="warn">Its files are not there</StateWord>
            <p className="s12 t3">The run that had them is not in this project.</p>
          </>
        ) : (
          <ElsewhereLine elsewhere={{ location, state: 'remote' }} />
        )}
      </Section>
    )
  }
  const { run, model, place, path } = files
  return <Found place={{ project, run: run ?? undefined, model: model ?? undefined, place, path }} {...rest} />
}

function Found({
  place,
  chosen,
  onChoose,
}: Pick<VersionFilesProps, 'chosen' | 'onChoose'> & { readonly place: Omit<FileOf, 'size'> }) {
  const { data, error } = useRead('artifacts.size', { ...placeOf(place), path: place.path })
  const note =
    data === undefined || data.folder === null
      ? undefined
      : `${data.truncated ? 'more than ' : ''}${data.files.toLocaleString('en')}, ${formatBytes(data.bytes)}`
  return (
    <Section title="Files" note={note}>
      {error === null ? null : (
        <p className="bad" role="alert">
          {error.message} {error.hint}
        </p>
      )}
      {data === undefined ? null : data.folder === null ? (
        data.elsewhere === undefined ? (
          <StateWord state="warn">Its files are not there</StateWord>
        ) : (
          <ElsewhereLine elsewhere={data.elsewhere} />
        )
      ) : data.folder ? (
        <FileTree {...place} chosen={chosen} onChoose={onChoose} />
      ) : (
        <FileRow
          name={place.path.split('/').at(-1) ?? place.path}
          size={data.bytes}
          chosen={chosen?.path === place.path}
          onPress={() => onChoose({ ...place, size: data.bytes })}
        />
      )}
    </Section>
  )
}
