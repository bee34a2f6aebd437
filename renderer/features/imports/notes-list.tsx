import { useState } from 'react'
import type { ImportNote } from '#shared/contract/imports.ts'
import { Button } from '#renderer/ui/buttons/button.tsx'
import { CopyButton } from '#renderer/ui/buttons/copy-button.tsx'
import { StateIcon } from '#renderer/ui/icons/state-icon.tsx'
import { count, noteWords, sortNotes } from './import-words.ts'
import s from './imports.module.css'

/** Notes that are seen before someone asks for all of them. */
const FIRST = 4

/** What was left out, was changed or stood out; a few first, the rest when asked for. */
export function NotesList({ notes, more }: { readonly notes: readonly ImportNote[]; readonly more: number }) {
  const [all, setAll] = useState(false)
  if (notes.length === 0) return null
  const sorted = sortNotes(notes)
  const shown = all ? sorted : sorted.slice(0, FIRST)
  const hidden = notes.length - shown.length
  return (
    <div className={s.notes}>
      <ul aria-label="Notes">
        {shown.map((note, index) => (
          // Notes have no name of their own, and the list never changes its order.
          <li key={index}>
            <StateIcon state={note.kind === 'skipped' ? 'warn' : 'none'} />
            <span className={s.noteKind}>{noteWords(note.kind)}</span>
            <span className={s.noteText}>
              <span className="mono">{note.what}</span>: {note.why}
            </span>
          </li>
        ))}
      </ul>
      <div className={s.notesFoot} hidden={notes.length <= FIRST && more === 0}>
        {hidden === 0 ? null : (
          <Button tone="link" onPress={() => setAll(true)}>
            {`Show ${count(hidden, 'more note')}`}
          </Button>
        )}
        {more === 0 ? null : <span className="t3">{count(more, 'more note')} not kept</span>}
        <CopyButton
          text={sorted.map(({ kind, what, why }) => `${noteWords(kind)}\t${what}\t${why}`).join('\n')}
          label="Copy the notes"
          size="small"
        />
      </div>
    </div>
  )
}
