import type { FoundSource, ImportKind, ImportNote, ImportReport } from '#shared/contract/imports.ts'
import { leftOutWords } from '#shared/domain/imports/left-out.ts'
import { formatBytes } from '#shared/lib/format.ts'
import { serverPlace } from '#shared/lib/server-place.ts'

const KINDS: Readonly<Record<ImportKind, string>> = {
  'mlflow-files': 'MLflow folder',
  'mlflow-database': 'MLflow database',
  'mlflow-server': 'MLflow server',
}

/** What a source is, in words. */
export const kindWords = (kind: ImportKind): string => KINDS[kind]

/** `1 run`, `12 runs`, `4,200 points`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`
}

/** What an import of these would bring: `24 runs, 3 of them changed since`. */
export function comingRuns(sources: readonly FoundSource[]): number {
  return sources.reduce((sum, { runs }) => sum + runs.new + runs.changed, 0)
}

/** The runs of a source by what becomes of them, zeroes left out: `12 new, 3 changed, 40 here already`. */
export function runsWords({ runs }: Pick<FoundSource, 'runs'>): string {
  const isNothing = runs.new + runs.changed + runs.elsewhere === 0 && runs.known > 0
  const parts = [
    isNothing ? 'nothing new' : '',
    runs.new === 0 ? '' : `${runs.new.toLocaleString('en')} new`,
    runs.changed === 0 ? '' : `${runs.changed.toLocaleString('en')} changed since`,
    runs.known === 0 ? '' : `${runs.known.toLocaleString('en')} here already`,
    runs.elsewhere === 0 ? '' : `${runs.elsewhere.toLocaleString('en')} here from elsewhere, compared as they come`,
    ...leftOutWords(runs).map(({ runs: left, why }) => `${left.toLocaleString('en')} ${why}`),
  ].filter((part) => part !== '')
  return parts.length === 0 ? 'no runs' : parts.join(', ')
}

/** Models of a source, and which of them are here; nothing when it has none. */
export function modelsWords(
  source: Pick<FoundSource, 'loggedModels' | 'registeredModels' | 'modelVersions' | 'modelsHere'>,
): string {
  const { logged, registered, versions, deleted } = source.modelsHere
  const isHere = registered === source.registeredModels && versions === source.modelVersions
  return [
    source.registeredModels === 0
      ? ''
      : isHere
        ? `${count(source.registeredModels, 'registered model')} with ${count(versions, 'version')} here already`
        : `${count(source.registeredModels, 'registered model')}${hereWords(registered)} with ${count(source.modelVersions, 'version')}${hereWords(versions)}`,
    source.loggedModels === 0
      ? ''
      : logged === source.loggedModels
        ? `${count(logged, 'logged model')} here already`
        : `${count(source.loggedModels, 'logged model')}${hereWords(logged)}`,
    deleted === 0 ? '' : `${count(deleted, 'model')} deleted here, left out`,
  ]
    .filter((part) => part !== '')
    .join(', ')
}

const hereWords = (here: number): string => (here === 0 ? '' : ` (${here.toLocaleString('en')} here already)`)

/** Files of a source: what is there, what is not. */
export function filesWords({ artifacts }: Pick<FoundSource, 'artifacts'>): string {
  const parts = [
    !artifacts.counted
      ? 'counted as they come'
      : artifacts.files === 0
        ? ''
        : `${count(artifacts.files, 'file')}, ${formatBytes(artifacts.bytes)}`,
    artifacts.remote === 0
      ? ''
      : `those of ${count(artifacts.remote, 'run or model', 'runs and models')} elsewhere: their address is kept`,
    artifacts.missing === 0 ? '' : `those of ${count(artifacts.missing, 'run or model', 'runs and models')} not found`,
  ].filter((part) => part !== '')
  return parts.length === 0 ? 'none' : parts.join('; ')
}

/**
 * What came, largest things first; empty when nothing was new.
 *
 * @param rounds Of how many rounds it is the sum: one run may have grown in many of them.
 */
export function cameWords({ came }: Pick<ImportReport, 'came'>, rounds = 1): string {
  const updated =
    rounds > 1
      ? count(came.updatedRuns, 'update of a run', 'updates of runs')
      : `something new in ${count(came.updatedRuns, 'run')}`
  return [
    came.runs === 0 ? '' : count(came.runs, 'run'),
    came.updatedRuns === 0 ? '' : updated,
    came.points === 0 ? '' : count(came.points, 'point'),
    came.registeredModels === 0 && came.modelVersions === 0 ? '' : count(came.modelVersions, 'model version'),
    came.loggedModels === 0 ? '' : count(came.loggedModels, 'logged model'),
    came.copiedFiles === 0 ? '' : `${count(came.copiedFiles, 'file')} (${formatBytes(came.copiedBytes)})`,
    came.referencedFolders === 0
      ? ''
      : `the files of ${count(came.referencedFolders, 'run or model', 'runs and models')} left in place`,
  ]
    .filter((part) => part !== '')
    .join(', ')
}

const NOTES: Readonly<Record<ImportNote['kind'], string>> = {
  skipped: 'Left out',
  changed: 'Changed',
  noticed: 'Noticed',
}
export const noteWords = (kind: ImportNote['kind']): string => NOTES[kind]

/** Notes with those first that cost something. */
export function sortNotes(notes: readonly ImportNote[]): readonly ImportNote[] {
  const rank = { skipped: 0, changed: 1, noticed: 2 }
  return notes.toSorted((a, b) => rank[a.kind] - rank[b.kind])
}

/** True for an address of a tracking server rather than a path. */
export const isAddress = (location: string): boolean => /^https?:\/\//i.test(serverPlace(location.trim()))

/** A message as a sentence that another one may follow. */
export const sentence = (text: string): string => (/[.!?…]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`)

/** What was taken back of an import, as a notice says it. */
export function takenBackWords(taken: {
  readonly runs: number
  readonly registeredModels: number
  readonly modelVersions: number
  readonly kept: readonly ImportNote[]
}): string {
  const { runs, registeredModels, modelVersions, kept } = taken
  const parts = [
    runs === 0 ? '' : `${count(runs, 'run')} moved to trash, kept 30 days`,
    registeredModels === 0 ? '' : `${count(registeredModels, 'registered model')} deleted`,
    modelVersions === 0 ? '' : `${count(modelVersions, 'model version')} deleted`,
    kept.length === 0
      ? ''
      : `${count(kept.length, 'thing stays', 'things stay')}, changed here since or needed by what was`,
  ].filter((part) => part !== '')
  return parts.length === 0 ? 'Nothing to take back: no run or model is from here alone' : parts.join('; ')
}
