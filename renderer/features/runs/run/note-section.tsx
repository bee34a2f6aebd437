import { useState } from 'react'
import type { RunDetail } from '#shared/contract/runs.ts'
import { useWrite } from '#renderer/client/index.ts'
import { Button } from '#renderer/ui/buttons/button.tsx'
import { cx } from '#renderer/ui/cx.ts'
import { TextArea } from '#renderer/ui/fields/text-field.tsx'
import { Section } from '#renderer/ui/layout/section.tsx'
import { Markdown } from '#renderer/ui/markdown/markdown.tsx'
import s from './run.module.css'

/** What a run was for, in words: read as markdown, written as text. */
export function NoteSection({ detail: { project, id, note } }: { readonly detail: RunDetail }) {
  /** What is being written; null while it is only read. */
  const [draft, setDraft] = useState<string | null>(null)
  const save = useWrite('runs.setNote')
  const text = draft ?? note
  const isWritten = draft !== null || note === ''
  const store = (): void => {
    // The field of a window that was left for another one is still being written in.
    if (draft === null || !document.hasFocus()) return
    if (draft === note) setDraft(null)
    else save.mutate({ project, run: id, note: draft }, { onSuccess: () => setDraft(null) })
  }
  const state = save.isPending
    ? 'Saving…'
    : save.error !== null
      ? save.error.message
      : text === note
        ? 'Saved'
        : 'Saved when you leave the field'
  return (
    <Section
      title="Note"
      action={
        isWritten ? undefined : (
          <Button tone="link" onPress={() => setDraft(note)}>
            Edit
          </Button>
        )
      }
    >
      {isWritten ? (
        <TextArea
          label="Note"
          labelHidden
          value={text}
          onChange={setDraft}
          onBlur={store}
          rows={10}
          autoFocus={note !== ''}
          placeholder="What was this run for? Markdown is read as such."
        />
      ) : (
        <Markdown text={note} className={s.note} />
      )}
      <p className={cx('s11 t3', s.saved)} role="status">
        {isWritten || !save.isIdle ? state : null}
      </p>
    </Section>
  )
}
