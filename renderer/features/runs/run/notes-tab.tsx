import { useState } from 'react'
import type { RunDetail } from '#shared/contract/runs.ts'
import { useWrite } from '#renderer/client/index.ts'
import { Button } from '#renderer/ui/buttons/button.tsx'
import { IconButton } from '#renderer/ui/buttons/icon-button.tsx'
import { TextArea, TextField } from '#renderer/ui/fields/text-field.tsx'
import { Section } from '#renderer/ui/layout/section.tsx'
import { cx } from '#renderer/ui/cx.ts'
import s from './run.module.css'

/** A note in words, and tags. */
export function NotesTab({ detail }: { readonly detail: RunDetail }) {
  const { project, id } = detail
  const [note, setNote] = useState(detail.note)
  const [key, setKey] = useState('')
  const [value, setValue] = useState('')
  const save = useWrite('runs.setNote')
  const tag = useWrite('runs.setTag')
  const untag = useWrite('runs.removeTag')
  const store = (): void => {
    if (note !== detail.note) save.mutate({ project, run: id, note })
  }
  const add = (): void => {
    if (key.trim() === '') return
    tag.mutate({ project, runs: [id], key, value }, { onSuccess: () => (setKey(''), setValue('')) })
  }
  return (
    <div className={s.notes}>
      <Section title="Note">
        <TextArea
          label="Note"
          labelHidden
          value={note}
          onChange={setNote}
          onBlur={store}
          rows={10}
          placeholder="What was this run for?"
        />
        <p className={cx('s11 t3', s.saved)} role="status">
          {save.isPending
            ? 'Saving…'
            : save.error !== null
              ? save.error.message
              : note === detail.note
                ? 'Saved'
                : 'Saved when you leave the field'}
        </p>
      </Section>
      <Section title="Tags" note={String(detail.tags.length)}>
        {detail.tags.map((one) => (
          <div key={one.key} className={s.tagRow}>
            <span className="s12 w5 cut">{one.key}</span>
            <span className="s12 t2 cut" title={one.value}>
              {one.value}
            </span>
            <IconButton
              icon="close"
              label={`Remove ${one.key}`}
              size="small"
              tone="ghost"
              onPress={() => untag.mutate({ project, runs: [id], key: one.key })}
            />
          </div>
        ))}
        <div className={s.addTag}>
          <TextField label="Tag" value={key} onChange={setKey} />
          <TextField
            label="Value"
            value={value}
            onChange={setValue}
            onKeyDown={(event) => event.key === 'Enter' && add()}
          />
          <Button disabled={key.trim() === '' || tag.isPending} onPress={add}>
            Add
          </Button>
        </div>
      </Section>
    </div>
  )
}
