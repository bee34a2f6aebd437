import { useId } from 'react'
import type { RegisteredModelDetail } from '#shared/contract/models.ts'
import { Button } from '#renderer/ui/buttons/button.tsx'
import { Markdown } from '#renderer/ui/markdown/markdown.tsx'
import { Chip } from '#renderer/ui/marks/chip.tsx'
import s from './models.module.css'
import { useEdits } from './verbs/use-edits.ts'
import { useModelVerbs } from './verbs/use-model-verbs.tsx'

/** What a model is for, in its people's words, and its tags; where they said nothing, the way to say it. */
export function AboutModel({ project, model }: { readonly project: string; readonly model: RegisteredModelDetail }) {
  const heading = useId()
  const { client, act } = useEdits(project)
  const { verbsOf, dialog } = useModelVerbs(project)
  const { name, description, tags } = model
  const describe = (): void =>
    verbsOf(model)
      .find(({ id }) => id === 'describe')
      ?.run()
  return (
    <section className={s.about} aria-labelledby={heading}>
      <h2 id={heading} className="only-heard">
        About the model
      </h2>
      <div className={s.described}>
        {description === '' ? (
          <p className="t3 s12">No description.</p>
        ) : (
          <Markdown text={description} className={s.words} />
        )}
        <Button tone="link" onPress={describe}>
          {description === '' ? 'Describe model…' : 'Edit…'}
        </Button>
      </div>
      <TagChips
        tags={tags}
        onRemove={(key) => void act(client.removeTag({ project, name, key }), `Tag ${key} removed`)}
      />
      {dialog}
    </section>
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
