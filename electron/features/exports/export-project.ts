import { mkdir, writeFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ExportReport } from '#shared/contract/exports.ts'
import { type ArtifactOwner, rootsOf } from '#electron/features/artifacts/index.ts'
import { ownerOfAddress } from '#electron/features/models/index.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import { copyFiles } from './copy-files.ts'
import { noteLimits } from './mlflow-limits.ts'
import { addressOfPath, type MlflowPlaces, placesIn } from './mlflow-places.ts'
import { type MlflowWriter, openMlflowWriter } from './mlflow-writer.ts'
import { createNotes, type Notes } from './notes.ts'
import { ownersIn } from './plan.ts'
import { readMe } from './read-me.ts'
import { experimentNumbers, type ExportServices, type Selection } from './selection.ts'
import { makeDraft, syncFile } from './target.ts'
import { writeModel } from './write-models.ts'
import { writePoints } from './write-points.ts'
import { writeRegistered } from './write-registry.ts'
import { writeRun } from './write-runs.ts'

export type ExportProgress = {
  readonly phase: 'runs' | 'artifacts' | 'models'
  readonly done: number
  readonly total: number
  readonly bytes: number
}

export type ExportOrder = {
  readonly services: ExportServices
  readonly project: ProjectContext
  readonly selection: Selection
  /** An absolute path; nothing, or an empty folder. */
  readonly target: string
  readonly artifacts: boolean
  readonly signal: AbortSignal
  readonly onProgress: (progress: ExportProgress) => void
}

/**
 * Writes `mlflow.db` and `mlruns/` beside the target, and gives the folder its name when all of it is on the disk. When it fails or is cancelled, nothing
 * is left. Throws `conflict`, `disk_full`, `unavailable`, and what the signal aborts with.
 */
export async function exportProject(order: ExportOrder): Promise<ExportReport> {
  const draft = await makeDraft(order.target)
  let writer: MlflowWriter | undefined
  try {
    const file = join(draft.folder, 'mlflow.db')
    writer = await openMlflowWriter(file)
    const notes = createNotes()
    const counts = await writeAll(order, writer, notes, draft.folder)
    const points = await writer.finish()
    await writer.close()
    await mkdir(join(draft.folder, 'mlruns'), { recursive: true })
    await writeFile(join(draft.folder, 'README.txt'), readMe(order.target, order.project.name))
    await syncFile(file)
    order.signal.throwIfAborted()
    await draft.finish()
    const { selection, target } = order
    return {
      target,
      experiments: selection.experiments.length,
      runs: selection.runs.length,
      points,
      loggedModels: selection.models.length,
      registeredModels: selection.registered.length,
      ...counts,
      notes: notes.list(),
    }
  } catch (error) {
    await writer?.close()
    await draft.discard()
    throw error
  }
}

async function writeAll(
  order: ExportOrder,
  writer: MlflowWriter,
  notes: Notes,
  draft: string,
): Promise<{ readonly files: number; readonly bytes: number }> {
  const { services, project, selection, target, signal, onProgress } = order
  const experiments = experimentNumbers(selection.experiments)
  const idOf = (experiment: string): string => String(experiments.get(experiment) ?? experiment)
  const places = placesIn(target)
  await writeExperiments(order, writer, notes, experiments, (id) => addressOfPath(places.experiment(idOf(id))))
  const rootFor = rootsFor(order, (owner, experiment) =>
    owner.kind === 'run' ? places.run(idOf(experiment), owner.id) : places.model(idOf(experiment), owner.id),
  )

  const models = new Set(selection.models.map(({ id }) => id))
  const runs = new Set(selection.runs.map(({ id }) => id))
  const total = selection.runs.length
  for (const [done, run] of selection.runs.entries()) {
    onProgress({ phase: 'runs', done, total, bytes: 0 })
    const uri = rootFor({ kind: 'run', id: run.id }, run.experiment)
    await writeRun({ runs: services.runs, project, writer, notes, experiments, models }, run.id, uri)
    await writePoints({ metrics: project.metrics, writer, notes, signal }, run)
    await nextTurn()
    signal.throwIfAborted()
  }

  let files = 0
  let bytes = 0
  const owners = order.artifacts ? ownersIn(selection) : []
  const experimentOf = new Map([...selection.runs, ...selection.models].map(({ id, experiment }) => [id, experiment]))
  const drafted = placesIn(draft)
  for (const [done, owner] of owners.entries()) {
    const progress = (): void => onProgress({ phase: 'artifacts', done, total: owners.length, bytes })
    progress()
    const experiment = idOf(experimentOf.get(owner.id) ?? '')
    const to = (under: MlflowPlaces): string =>
      owner.kind === 'run' ? under.run(experiment, owner.id) : under.model(experiment, owner.id)
    const roots = rootsOf(project, owner)
    const before = files
    await copyFiles(roots, to(drafted), `${owner.kind} ${owner.id}`, {
      notes,
      signal,
      onFile: (size) => {
        files++
        bytes += size
        progress()
      },
    })
    const root = rootFor(owner, experimentOf.get(owner.id) ?? '')
    if (files > before && root !== addressOfPath(to(places)))
      notes.add(
        `${owner.kind} ${owner.id}`,
        `Its files lie at ${root}, and MLflow goes on reading them there. What lay here besides was copied to ${to(places)}, and MLflow does not show it.`,
      )
  }

  const placeOf = (address: string): string => {
    const named = ownerOfAddress(address)
    if (named === undefined) return address
    const experiment = experimentOf.get(named.id)
    if (experiment === undefined) {
      notes.add(address, 'A version of a registered model names these files, and they do not go along.')
      return address
    }
    const root = rootFor(named, experiment)
    return named.path === '' ? root : posix.join(root, named.path)
  }
  const all = selection.models.length + selection.registered.length
  for (const [done, model] of selection.models.entries()) {
    onProgress({ phase: 'models', done, total: all, bytes })
    const uri = rootFor({ kind: 'model', id: model.id }, model.experiment)
    await writeModel({ models: services.models, project, writer, notes, experiments, runs }, model.id, uri)
    signal.throwIfAborted()
  }
  for (const [done, model] of selection.registered.entries()) {
    onProgress({ phase: 'models', done: selection.models.length + done, total: all, bytes })
    await writeRegistered(writer, notes, model, placeOf)
    signal.throwIfAborted()
  }
  for (const { name, version } of selection.leftOut)
    notes.add(
      `registered model ${name}, version ${version}`,
      'It was made from a run that does not go along, so neither does the version.',
    )
  return { files, bytes }
}

/** Where MLflow finds the files of runs and models: in the export, or in the store of their own that they lie in. */
function rootsFor(
  { services, project }: ExportOrder,
  inExport: (owner: ArtifactOwner, experiment: string) => string,
): (owner: ArtifactOwner, experiment: string) => string {
  const locations = new Map(services.runs.listExperiments(project).map((one) => [one.id, one.artifactLocation]))
  return (owner, experiment) => {
    const { address, reference } = rootsOf(project, owner)
    if (address !== null) return address
    const location = locations.get(experiment) ?? null
    // A client was told to keep them elsewhere, and did so by itself.
    if (reference === null && location !== null && !location.startsWith('mlflow-artifacts:')) {
      const inside = owner.kind === 'run' ? owner.id : `models/${owner.id}`
      return `${location.replace(/\/+$/, '')}/${inside}/artifacts`
    }
    return addressOfPath(inExport(owner, experiment))
  }
}

async function writeExperiments(
  { services, project, selection }: ExportOrder,
  writer: MlflowWriter,
  notes: Notes,
  numbers: ReadonlyMap<string, bigint>,
  placeOf: (experiment: string) => string,
): Promise<void> {
  for (const { id, name, lifecycle, artifactLocation, createdAt, updatedAt } of selection.experiments) {
    const number = numbers.get(id) ?? null
    const owner = `experiment ${name}`
    if (String(number) !== id)
      notes.add(owner, `Its id ${id} is no whole number, as MLflow’s database wants it: it is ${String(number)} there.`)
    noteLimits(notes, owner, 'experiment name', name)
    const isElsewhere = artifactLocation !== null && !artifactLocation.startsWith('mlflow-artifacts:')
    await writer.rows(
      'experiments',
      ['experiment_id', 'name', 'artifact_location', 'lifecycle_stage', 'creation_time', 'last_update_time'],
      [[number, name, isElsewhere ? artifactLocation : placeOf(id), lifecycle, createdAt, updatedAt]],
    )
    const tags = services.runs.experimentTags(project, id)
    for (const { key, value } of tags) noteLimits(notes, owner, 'experiment tag', key, value)
    await writer.rows(
      'experiment_tags',
      ['key', 'value', 'experiment_id'],
      tags.map(({ key, value }) => [key, value, number]),
    )
  }
}
