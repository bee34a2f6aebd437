import { useState } from 'react'
import type { RunDetail } from '#shared/contract/runs.ts'
import { useWrite } from '#renderer/client/index.ts'
import { Button } from '#renderer/ui/buttons/button.tsx'
import { IconButton } from '#renderer/ui/buttons/icon-button.tsx'
import { TextField } from '#renderer/ui/fields/text-field.tsx'
import { Section } from '#renderer/ui/layout/section.tsx'
import { NoteSection } from './note-section.tsx'
import s from './run.module.css'

/** A note in words, and tags. */
export function NotesTab({ detail }: { readonly detail: RunDetail }) {
  const { project, id } = detail
  const [key, setKey] = useState('')
  const [value, setValue] = useState('')
  const tag = useWrite('runs.setTag')
  const untag = useWrite('runs.removeTag')
  const add = (): void => {
    if (key.trim() === '') return
    tag.mutate({ project, runs: [id], key, value }, { onSuccess: () => (setKey(''), setValue('')) })
  }
  return (
    <div className={s.notes}>
      <NoteSection detail={detail} />
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
