import type { FoundSource, ImportNote } from '#shared/contract/imports.ts'
import { leftOutWords } from '#shared/domain/imports/left-out.ts'
import type { fateOf, Fates } from './fates.ts'

type Counts = Pick<FoundSource['runs'], 'inTrash' | 'erased' | 'moved'>

/** Counts runs that do not come because they were here before. */
export type LeftOut = {
  readonly add: (run: string, fate: ReturnType<typeof fateOf> | 'elsewhere') => void
  readonly counts: () => Counts
  /** Said, or an import that brings nothing after its runs were taken back would not say why. */
  readonly notes: () => readonly ImportNote[]
}

/** A count at nothing, of a project whose moved runs went to where `movedTo` says. */
export function createLeftOut({ movedTo }: Pick<Fates, 'movedTo'>): LeftOut {
  let inTrash = 0
  let erased = 0
  const moved = new Map<string, number>()
  const counts = (): Counts => ({
    inTrash,
    erased,
    moved: [...moved].map(([project, runs]) => ({ project, runs })),
  })
  return {
    add(run, fate) {
      if (fate === 'inTrash') inTrash++
      if (fate === 'erased') erased++
      const project = movedTo.get(run) ?? ''
      if (fate === 'moved') moved.set(project, (moved.get(project) ?? 0) + 1)
    },
    counts,
    notes: () =>
      leftOutWords(counts()).map(({ runs, why }) => ({
        kind: 'noticed',
        what: runs === 1 ? 'one run' : `${runs.toLocaleString('en')} runs`,
        why,
      })),
  }
}
