import type {
  FoundSource,
  ImportArtifacts,
  ImportPlan,
  ImportProgress,
  ImportReport,
} from '#shared/contract/imports.ts'
import { leftOutWords } from '#shared/domain/imports/left-out.ts'
import { formatBytes } from '#shared/lib/format.ts'
import { placeText, type ProjectPlace } from './project-place.ts'

const whole = (count: number): string => count.toLocaleString('en')
/** `1 run`, `1,200 runs`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${whole(count)} ${count === 1 ? one : many}`
const listed = (parts: readonly (readonly [number, string, string?])[]): string =>
  parts.flatMap(([count, one, many]) => (count === 0 ? [] : [counted(count, one, many)])).join(', ')

/** What an import would bring, a few lines a store, and into which project. */
export function planText(plan: ImportPlan, artifacts: ImportArtifacts, place: ProjectPlace): string {
  const lines = plan.sources.flatMap((source) => sourceLines(source, artifacts))
  const bytes = plan.sources.reduce((sum, source) => sum + source.artifacts.bytes, 0)
  if (artifacts === 'copy' && plan.freeBytes !== null && bytes > 0)
    lines.push(`${formatBytes(bytes)} to copy; ${formatBytes(plan.freeBytes)} free on the project's disk.`)
  lines.push(place.id === null ? `Project: ${placeText(place)}, a new one` : `Project: ${placeText(place)}`)
  if (plan.problem !== null) lines.push(`Left out: ${plan.problem}`)
  return `${lines.join('\n')}\n`
}

function sourceLines(source: FoundSource, artifacts: ImportArtifacts): readonly string[] {
  const { runs, artifacts: files } = source
  const states = listed([
    [runs.new, 'new', 'new'],
    [runs.changed, 'changed', 'changed'],
    [runs.known, 'here already', 'here already'],
    [runs.elsewhere, 'here from elsewhere, compared as they come', 'here from elsewhere, compared as they come'],
    ...leftOutWords(runs).map(({ runs: count, why }): [number, string, string] => [count, why, why]),
  ])
  const { modelsHere } = source
  const models = [
    hereText(listed([[source.loggedModels, 'logged model']]), modelsHere.logged, source.loggedModels),
    hereText(listed([[source.registeredModels, 'registered model']]), modelsHere.registered, source.registeredModels),
    hereText(listed([[source.modelVersions, 'version']]), modelsHere.versions, source.modelVersions),
    modelsHere.deleted === 0 ? '' : `${whole(modelsHere.deleted)} deleted here, left out`,
  ]
    .filter((text) => text !== '')
    .join(', ')
  const total = source.experiments.reduce((sum, { runs: count }) => sum + count, 0)
  const verb = artifacts === 'copy' ? 'to copy' : files.files === 1 ? 'stays there' : 'stay there'
  const filesText = !files.counted
    ? 'files come from the server'
    : files.files === 0
      ? ''
      : `${counted(files.files, 'file')} ${verb}, ${formatBytes(files.bytes)}`
  const elsewhere = listed([
    [files.missing, 'run or model whose files were not found', 'runs and models whose files were not found'],
    [files.remote, 'whose files lie in a store of its own', 'whose files lie in stores of their own'],
  ])
  return [
    `${source.location} (${source.era})`,
    `  ${counted(source.experiments.length, 'experiment')}, ${counted(total, 'run')}${states === '' ? '' : `: ${states}`}`,
    ...[models, filesText, elsewhere].flatMap((text) => (text === '' ? [] : [`  ${text}`])),
    ...source.notes.slice(0, MOST_NOTES).map(({ what, why }) => `  ${what}: ${why}`),
  ]
}

function hereText(text: string, here: number, all: number): string {
  if (here === 0) return text
  return here === all ? `${text} (here already)` : `${text} (${whole(here)} here already)`
}

/** On one line. */
export function progressText({ phase, current, done, total, points, bytes }: ImportProgress): string {
  const of = total === null ? '' : ` of ${whole(total)}`
  const much = [...(points > 0 ? [counted(points, 'point')] : []), ...(bytes > 0 ? [formatBytes(bytes)] : [])]
  return [`${phase} ${whole(done)}${of}`, ...much, current].join(' · ')
}

/** Notes that are shown on a terminal. */
const MOST_NOTES = 20

/**
 * What came, zeroes left out; empty when nothing was new.
 *
 * @param rounds Of how many rounds it is the sum: one run may have grown in many of them.
 */
export function cameText({ came }: Pick<ImportReport, 'came'>, rounds = 1): string {
  const updated: readonly [string, string] =
    rounds > 1 ? ['update of a run', 'updates of runs'] : ['run with something new', 'runs with something new']
  const what = listed([
    [came.experiments, 'experiment'],
    [came.updatedExperiments, 'experiment changed as there', 'experiments changed as there'],
    [came.runs, 'run'],
    [came.updatedRuns, ...updated],
    [came.points, 'point'],
    [came.params, 'parameter'],
    [came.tags, 'tag'],
    [came.datasets, 'dataset'],
    [came.loggedModels, 'logged model'],
    [came.registeredModels, 'registered model'],
    [came.modelVersions, 'version'],
    [came.copiedFiles, 'file'],
    [came.referencedFolders, 'folder shown from there', 'folders shown from there'],
  ])
  return came.copiedBytes > 0 ? `${what} (${formatBytes(came.copiedBytes)})` : what
}

/** What came of one store. */
export function reportText(location: string, report: ImportReport): string {
  const what = cameText(report)
  const known = report.knownRuns > 0 ? `\n  ${counted(report.knownRuns, 'run')} here already, as there` : ''
  const end = {
    done: '',
    cancelled: '\n  cancelled: what has come stays, and importing again goes on from there',
    failed: `\n  failed: ${report.problem ?? ''}\n  what has come stays, and importing again goes on from there`,
  }[report.outcome]
  const shown = report.notes.slice(0, MOST_NOTES).map((note) => `\n  ${note.kind}: ${note.what}: ${note.why}`)
  const rest = report.notes.length - shown.length + report.moreNotes
  const more = rest > 0 ? `\n  and ${counted(rest, 'more note')}; --json tells them` : ''
  return `${location}\n  ${what === '' ? 'nothing new' : what}${known}${end}${shown.join('')}${more}\n`
}
