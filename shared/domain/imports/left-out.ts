import type { FoundSource } from '../../contract/imports.ts'

/** Why something does not come that was here before, and how it may come. */
export const LEFT_OUT = {
  inTrash: 'deleted here, left out until restored from the trash',
  erased: 'deleted here for good, left out until the sources it came from are forgotten',
  model: 'deleted here, left out until the sources it came from are forgotten',
} as const

/** Runs that do not come because they were here before, by why; those that there are. */
export function leftOutWords({
  inTrash,
  erased,
  moved,
}: Pick<FoundSource['runs'], 'inTrash' | 'erased' | 'moved'>): readonly {
  readonly runs: number
  readonly why: string
}[] {
  const erasedWhy = erased === 1 ? LEFT_OUT.erased : LEFT_OUT.erased.replace('it came', 'they came')
  return [
    { runs: inTrash, why: LEFT_OUT.inTrash },
    { runs: erased, why: erasedWhy },
    ...moved.map(({ project, runs }) => ({ runs, why: `moved to project ${project}, left out here` })),
  ].filter(({ runs }) => runs > 0)
}
