import type { FoundSource } from '#shared/contract/imports.ts'
import type { ReactNode } from 'react'
import { Checkbox } from '#renderer/ui/fields/checkbox.tsx'
import { MiddleCut } from '#renderer/ui/marks/middle-cut.tsx'
import { count, filesWords, kindWords, modelsWords, runsWords } from './import-words.ts'
import s from './imports.module.css'
import { NotesList } from './notes-list.tsx'

/** Experiments that are named; of more, the number. */
const NAMED = 5

export type FoundSourceProps = {
  readonly source: FoundSource
  /** Null where there is one source alone, so nothing to choose. */
  readonly chosen: boolean | null
  readonly onChosen: (chosen: boolean) => void
}

/** A store that was found: what it holds, and what of that would come. */
export function FoundSourceView({ source, chosen, onChosen }: FoundSourceProps) {
  const models = modelsWords(source)
  const names = source.experiments.filter(({ runs }) => runs > 0)
  const rest = names.length - NAMED
  return (
    <section className={s.found} aria-label={source.location}>
      <div className={s.foundHead}>
        {chosen === null ? null : (
          <Checkbox label={`Import ${source.location}`} labelHidden checked={chosen} onChange={onChosen} />
        )}
        <span className="w5">{kindWords(source.kind)}</span>
        <span className="t3">{source.era}</span>
        <span className="grow mono t2">
          <MiddleCut text={source.location} />
        </span>
      </div>
      <dl className={s.facts}>
        <Fact label="Runs">{runsWords(source)}</Fact>
        <Fact label="Experiments">
          {names.length === 0
            ? count(source.experiments.length, 'experiment')
            : [
                ...names.slice(0, NAMED).map(({ name, deleted }) => (deleted ? `${name} (deleted)` : name)),
                ...(rest > 0 ? [`${rest} more`] : []),
              ].join(', ')}
        </Fact>
        {models === '' ? null : <Fact label="Models">{models}</Fact>}
        <Fact label="Files">{filesWords(source)}</Fact>
      </dl>
      <NotesList notes={source.notes} more={0} />
    </section>
  )
}

function Fact({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </>
  )
}
