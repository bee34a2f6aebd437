import { useState } from 'react'
import { type DiffFile, type DiffLine, parseDiff } from '#shared/domain/parse-diff.ts'
import { Button } from '#renderer/ui/buttons/button.tsx'
import { cx } from '#renderer/ui/cx.ts'
import s from './diff-view.module.css'

/** Lines that are drawn before someone asks for all: a generated file may have a hundred thousand. */
const LINES = 600
const FILES = 40

/** A unified diff, file by file: what went is on red, what came on green, the changed words darker. */
export function DiffView({ diff }: { readonly diff: string }) {
  const [allFiles, setAllFiles] = useState(false)
  const files = parseDiff(diff)
  const shown = allFiles ? files : files.slice(0, FILES)
  return (
    <div className={s.diff} tabIndex={0} role="region" aria-label="Diff">
      {shown.map((file) => (
        <FileDiff key={file.path} file={file} />
      ))}
      {shown.length < files.length ? (
        <Button tone="ghost" onPress={() => setAllFiles(true)}>
          Show {files.length - shown.length} more files
        </Button>
      ) : null}
    </div>
  )
}

const WORDS: Partial<Readonly<Record<DiffFile['what'], string>>> = {
  added: 'new',
  deleted: 'deleted',
  renamed: 'renamed',
  binary: 'binary',
}

function FileDiff({ file }: { readonly file: DiffFile }) {
  const [all, setAll] = useState(false)
  const total = file.hunks.reduce((sum, { lines }) => sum + lines.length, 0)
  let left = all ? Infinity : LINES
  return (
    <details open className={s.file}>
      <summary>
        <span className="mono w5">{file.path}</span>
        {file.renamedFrom === null ? null : <span className="t3">was {file.renamedFrom}</span>}
        {WORDS[file.what] === undefined ? null : <span className="t3">{WORDS[file.what]}</span>}
        <span className={s.counts}>
          <span className="ok">+{file.added}</span> <span className="bad">−{file.removed}</span>
        </span>
      </summary>
      {file.what === 'binary' ? <p className={s.note}>A binary file: its lines cannot be shown.</p> : null}
      {file.hunks.map((hunk) => {
        const lines = hunk.lines.slice(0, Math.max(0, left))
        left -= hunk.lines.length
        return lines.length === 0 ? null : (
          <div key={hunk.header} className={s.hunk}>
            <div className={s.header}>{hunk.header}</div>
            {lines.map((line, index) => (
              <Line key={index} line={line} />
            ))}
          </div>
        )
      })}
      {!all && total > LINES ? (
        <Button tone="ghost" size="small" onPress={() => setAll(true)}>
          Show {(total - LINES).toLocaleString('en')} more lines
        </Button>
      ) : null}
    </details>
  )
}

const SIGN = { same: ' ', added: '+', removed: '−' } as const

function Line({ line }: { readonly line: DiffLine }) {
  return (
    <div className={cx(s.line, s[line.kind])}>
      <span className={s.number} aria-hidden="true">
        {line.before ?? ''}
      </span>
      <span className={s.number} aria-hidden="true">
        {line.after ?? ''}
      </span>
      <span className={s.sign}>{SIGN[line.kind]}</span>
      <span className={s.text}>{withChanges(line)}</span>
    </div>
  )
}

function withChanges({ text, changed }: DiffLine): React.ReactNode {
  if (changed.length === 0) return text
  const parts: React.ReactNode[] = []
  let at = 0
  for (const [from, to] of changed) {
    parts.push(text.slice(at, from), <mark key={from}>{text.slice(from, to)}</mark>)
    at = to
  }
  return [...parts, text.slice(at)]
}
