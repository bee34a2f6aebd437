import type { ImportProgress } from '#shared/contract/imports.ts'
import { formatBytes } from '#shared/lib/format.ts'
import { count } from './import-words.ts'

const PHASES: Readonly<Record<ImportProgress['phase'], string>> = {
  looking: 'runs looked at',
  runs: 'runs',
  artifacts: 'files',
  models: 'models',
}

/** `212 of 1,000 runs, 4,200 points, 12 MB`. */
export function progressWords(progress: ImportProgress): string {
  const done = progress.done.toLocaleString('en')
  const of = progress.total === null ? done : `${done} of ${progress.total.toLocaleString('en')}`
  return [
    `${of} ${PHASES[progress.phase]}`,
    progress.points === 0 ? '' : count(progress.points, 'point'),
    progress.bytes === 0 ? '' : formatBytes(progress.bytes),
  ]
    .filter((part) => part !== '')
    .join(', ')
}

/** From 0 to 1; undefined while the total is not known. */
export function progressShare({ done, total }: ImportProgress): number | undefined {
  return total === null || total === 0 ? undefined : done / total
}
