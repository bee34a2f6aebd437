import { useEffect, useState } from 'react'
import { fileKindOf } from '#shared/domain/file-kind.ts'
import { parseTable } from '#shared/domain/parse-table.ts'
import { formatBytes } from '#shared/lib/format.ts'
import { useHost, useRead } from '#renderer/client/index.ts'
import { CodeViewer } from '#renderer/editor/index.tsx'
import { Button } from '#renderer/ui/buttons/button.tsx'
import { CopyButton } from '#renderer/ui/buttons/copy-button.tsx'
import { IconButton } from '#renderer/ui/buttons/icon-button.tsx'
import { TreeView, type TreeNode } from '#renderer/ui/layout/tree-view.tsx'
import { Markdown } from '#renderer/ui/markdown/markdown.tsx'
import { EmptyState } from '#renderer/ui/states/empty-state.tsx'
import { ErrorPanel } from '#renderer/ui/states/error-panel.tsx'
import { Loading } from '#renderer/ui/states/loading.tsx'
import s from './artifacts.module.css'
import { type FileOf, placeOf } from './file-of.ts'

/** Larger files are named and sized, not drawn. */
const SHOWN_BYTES = 8 << 20
const TABLE_ROWS = 1_000

export type FileViewProps = {
  readonly file: FileOf
  /** Offers to close it, where it lies over something else. */
  readonly onClose?: (() => void) | undefined
}

/** A file of a run or a model as what it is. Files are strangers': images are only drawn, markdown is cleaned, HTML lies in a frame that may do nothing. */
export function FileView({ file, onClose }: FileViewProps) {
  const kind = fileKindOf(file.path)
  const small = file.size <= SHOWN_BYTES
  const input = { ...placeOf(file), path: file.path, limit: SHOWN_BYTES }
  const read = useRead('artifacts.read', input, { enabled: small && kind !== 'other' })
  const { data } = read
  return (
    <section className={s.view} aria-label={file.path}>
      <FileBar file={file} bytes={data?.bytes} onClose={onClose} />
      <div className={s.content}>
        {read.error === null ? null : <ErrorPanel inset title={read.error.message} logId={read.error.logId} />}
        {!small || kind === 'other' ? (
          <EmptyState title={formatBytes(file.size)}>
            {small
              ? 'There is no way to show this kind of file here. Its bytes are kept as they are.'
              : 'Too large to show here. It is kept as a plain file.'}
          </EmptyState>
        ) : data === undefined ? (
          read.error === null ? (
            <Loading label={file.path} />
          ) : null
        ) : (
          <Content kind={kind} bytes={data.bytes} mime={data.mime} path={file.path} />
        )}
      </div>
    </section>
  )
}

function FileBar({ file, bytes, onClose }: FileViewProps & { readonly bytes: Uint8Array | undefined }) {
  const host = useHost()
  const { path } = file
  const where = useRead('artifacts.locate', { ...placeOf(file), path })
  const { desktop } = host
  return (
    <div className={s.bar}>
      <span className="mono cut">{path}</span>
      <span className="t3 s11">{formatBytes(file.size)}</span>
      <span className={s.grow} />
      {where.data === undefined ? null : desktop !== null ? (
        <Button size="small" icon="open" onPress={() => void desktop.reveal({ path: where.data.path })}>
          Reveal
        </Button>
      ) : (
        <CopyButton text={where.data.path} label="Copy path" size="small" />
      )}
      {bytes === undefined ? null : (
        <Button size="small" icon="download" onPress={() => download(bytes, path)}>
          Save
        </Button>
      )}
      {onClose === undefined ? null : (
        <IconButton icon="close" label="Close the file" size="small" tone="ghost" onPress={onClose} />
      )}
    </div>
  )
}

function download(bytes: Uint8Array, path: string): void {
  const url = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>]))
  const link = document.createElement('a')
  link.href = url
  link.download = path.split('/').at(-1) ?? 'file'
  link.click()
  URL.revokeObjectURL(url)
}

type ContentProps = {
  readonly kind: ReturnType<typeof fileKindOf>
  readonly bytes: Uint8Array
  readonly mime: string
  readonly path: string
}

function Content({ kind, bytes, mime, path }: ContentProps) {
  if (kind === 'image') return <ImageView bytes={bytes} mime={mime} path={path} />
  const text = new TextDecoder().decode(bytes)
  if (text.slice(0, 8_000).includes('\0'))
    return <EmptyState title="A binary file">Its name says text, its bytes do not.</EmptyState>
  switch (kind) {
    case 'json':
      return <JsonView text={text} path={path} />
    case 'table':
      return <TableView text={text} />
    case 'markdown':
      return (
        <article>
          <Markdown text={text} className={s.markdown} />
        </article>
      )
    case 'html':
      return <iframe title={path} className={s.frame} sandbox="" referrerPolicy="no-referrer" srcDoc={text} />
    default:
      return <CodeViewer text={text} path={path} />
  }
}

/** As an image, an SVG can run nothing and fetch nothing. */
function ImageView({
  bytes,
  mime,
  path,
}: {
  readonly bytes: Uint8Array
  readonly mime: string
  readonly path: string
}) {
  const [url, setUrl] = useState<string | null>(null)
  const [broken, setBroken] = useState(false)
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type: mime }))
    setUrl(made)
    setBroken(false)
    return () => URL.revokeObjectURL(made)
  }, [bytes, mime])
  if (broken) return <EmptyState title="The image is damaged">Its bytes are kept as they are.</EmptyState>
  return (
    <div className={s.image}>{url === null ? null : <img src={url} alt={path} onError={() => setBroken(true)} />}</div>
  )
}

const DEPTH = 12
const CHILDREN = 500

function JsonView({ text, path }: { readonly text: string; readonly path: string }) {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return <CodeViewer text={text} path={path} />
  }
  return <TreeView label={path} nodes={nodesOf(value, '', 0)} open={['']} className={s.tree} />
}

function nodesOf(value: unknown, at: string, depth: number): readonly TreeNode[] {
  if (typeof value !== 'object' || value === null) return [{ id: at || 'value', label: shown(value) }]
  const entries = Object.entries(value)
  const nodes = entries.slice(0, CHILDREN).map(([key, child]): TreeNode => {
    const id = `${at}/${key}`
    if (typeof child !== 'object' || child === null) return { id, label: key, note: shown(child) }
    const size = Object.keys(child).length
    return {
      id,
      label: key,
      note: Array.isArray(child) ? `${size} items` : `${size} keys`,
      children: depth >= DEPTH ? [] : nodesOf(child, id, depth + 1),
    }
  })
  return entries.length > CHILDREN
    ? [...nodes, { id: `${at}/…`, label: `and ${(entries.length - CHILDREN).toLocaleString('en')} more` }]
    : nodes
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > 300 ? `${text.slice(0, 300)}…` : text
}

function TableView({ text }: { readonly text: string }) {
  const table = parseTable(text, TABLE_ROWS)
  return (
    <div className={s.tableBox} tabIndex={0} role="region" aria-label="Table">
      <table className={s.table}>
        <thead>
          <tr>
            {table.header.map((name, index) => (
              <th key={index} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column} className={cell.trim() !== '' && Number.isFinite(Number(cell)) ? s.number : undefined}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {table.truncated ? <p className="s11 t3">The first {TABLE_ROWS.toLocaleString('en')} rows.</p> : null}
    </div>
  )
}
