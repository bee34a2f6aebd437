import type { RegisteredModelDetail } from '#shared/contract/models.ts'
import { Chip } from '#renderer/ui/marks/chip.tsx'
import s from './models.module.css'
import { useEdits } from './verbs/use-edits.ts'

/** What a model is for, in its people's words; nothing where they said nothing. */
export function AboutModel({ project, model }: { readonly project: string; readonly model: RegisteredModelDetail }) {
  const { client, act } = useEdits(project)
  const { name, description, tags } = model
  if (description === '' && tags.length === 0) return null
  return (
    <div className={s.about}>
      {description === '' ? null : <p className={s.words}>{description}</p>}
      <TagChips
        tags={tags}
        onRemove={(key) => void act(client.removeTag({ project, name, key }), `Tag ${key} removed`)}
      />
    </div>
  )
}

/** Tags, each of which can be taken away. */
export function TagChips({
  tags,
  onRemove,
}: {
  readonly tags: RegisteredModelDetail['tags']
  readonly onRemove: (key: string) => void
}) {
  if (tags.length === 0) return null
  return (
    <div className={s.chips}>
      {tags.map(({ key, value }) => (
        <Chip key={key} name={key} value={value === '' ? undefined : value} onRemove={() => onRemove(key)} />
      ))}
    </div>
  )
}
