import { useState } from 'react'
import type { Entry } from '#shared/contract/artifacts.ts'
import { formatBytes } from '#shared/lib/format.ts'
import { useRead } from '#renderer/client/index.ts'
import { cx } from '#renderer/ui/cx.ts'
import { Icon } from '#renderer/ui/icons/icon.tsx'
import s from './artifacts.module.css'
import { ElsewhereLine } from './elsewhere-line.tsx'
import { type FileOf, placeOf } from './file-of.ts'

export type FileTreeProps = Omit<FileOf, 'size'> & {
  /** 0 for the outermost. */
  readonly depth?: number | undefined
  readonly chosen: FileOf | null
  readonly onChoose: (file: FileOf) => void
}

/** The files below a path: folders open in place, a file is chosen. */
export function FileTree({ project, run, place, model, path, depth = 0, chosen, onChoose }: FileTreeProps) {
  const listing = useRead('artifacts.list', { ...placeOf({ project, run, place, model }), path })
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
}: Omit<FileTreeProps, 'path' | 'depth'> & { readonly entry: Entry; readonly depth: number }) {
  const [open, setOpen] = useState(false)
  const isChosen = chosen?.place === place && chosen.path === entry.path && chosen.model === model
  return (
    <li>
      <FileRow
        name={entry.name}
        size={entry.folder ? undefined : entry.size}
        depth={depth}
        open={entry.folder ? open : undefined}
        chosen={isChosen}
        onPress={() =>
          entry.folder ? setOpen(!open) : onChoose({ project, run, place, model, path: entry.path, size: entry.size })
        }
      />
      {open ? (
        <FileTree
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

export type FileRowProps = {
  readonly name: string
  /** Absent for a folder. */
  readonly size: number | undefined
  readonly depth?: number | undefined
  /** Set for a folder. */
  readonly open?: boolean | undefined
  readonly chosen: boolean
  readonly disabled?: boolean | undefined
  readonly onPress: () => void
}

/** One line of a list of files. */
export function FileRow({ name, size, depth = 0, open, chosen, disabled, onPress }: FileRowProps) {
  const folder = open !== undefined
  return (
    <button
      type="button"
      className={cx(s.entry, chosen && s.chosen)}
      style={{ paddingLeft: 8 + depth * 14 }}
      aria-expanded={open}
      aria-current={chosen || undefined}
      disabled={disabled}
      onClick={onPress}
    >
      <Icon name={folder ? (open ? 'down' : 'right') : 'file'} size={folder ? 10 : 12} />
      <span className="cut">{name}</span>
      <span className="t3 s11 num">{size === undefined ? '' : formatBytes(size)}</span>
    </button>
  )
}
