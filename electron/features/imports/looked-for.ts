import type { ImportSource } from './source.ts'
import type { Tally } from './tally.ts'

/** Says where files were looked for that were not found, and what to do about it. */
export function noteLookedFor({ filesFolders = [] }: Pick<ImportSource, 'filesFolders'>, tally: Tally): void {
  if (filesFolders.length === 0) return
  tally.note({
    kind: 'noticed',
    what: 'files that were not found',
    why: `they were looked for where the records say and below ${filesFolders.join(', ')}; if they lie elsewhere, name that folder: --artifacts DIR`,
  })
}
