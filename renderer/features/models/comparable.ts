import type { ModelVersionRow } from '#shared/contract/models.ts'

/** Versions that are offered to be compared with. */
const COMPARED = 4

/** A version to compare with, in words, and the two runs, its own first. */
export type Comparable = { readonly version: number; readonly runs: readonly string[]; readonly words: string }

/** What a version is measured against: those that scripts load by an alias or from production, and the one before it; each by its run, where both are there. */
export function comparable(list: readonly ModelVersionRow[], row: ModelVersionRow): readonly Comparable[] {
  const { run } = row
  if (run === null || run.lifecycle === null) return []
  const before = list.find(({ version }) => version < row.version)?.version
  return list
    .flatMap(({ version, aliases, stage, run: other }): readonly Comparable[] => {
      const counts = aliases.length > 0 || stage === 'production' || version === before
      if (version === row.version || !counts || other === null || other.lifecycle === null || other.id === run.id)
        return []
      const names = [...aliases.map((alias) => `@${alias}`), ...(stage === 'production' ? ['production'] : [])]
      return [{ version, runs: [other.id, run.id], words: [`version ${version}`, ...names].join(', ') }]
    })
    .slice(0, COMPARED)
}
