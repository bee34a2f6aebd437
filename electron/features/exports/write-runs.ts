import { randomUUID } from 'node:crypto'
import { mlflowStatus } from '#shared/domain/runs/mlflow-status.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import { exactTime, type RunBundle, type RunsService, type Tag } from '#electron/features/runs/index.ts'
import { datasetId } from './dataset-id.ts'
import { noteLimits } from './mlflow-limits.ts'
import type { Notes } from './notes.ts'
import { capturedParams, deletedElsewhere } from './queries.ts'
import type { MlflowWriter } from './mlflow-writer.ts'
import type { MlflowRow } from './writer-messages.ts'

/** What a captured value is called where the script logged another one under the same name. */
const CAPTURED = 'benchtop.captured.'
const RUN = [
  'run_uuid',
  'name',
  'source_type',
  'source_name',
  'entry_point_name',
  'user_id',
  'status',
  'start_time',
  'end_time',
  'deleted_time',
  'source_version',
  'lifecycle_stage',
  'artifact_uri',
  'experiment_id',
] as const

export type RunWriting = {
  readonly runs: RunsService
  readonly project: ProjectContext
  readonly writer: MlflowWriter
  readonly notes: Notes
  readonly experiments: ReadonlyMap<string, bigint>
  /** Logged models that go along. */
  readonly models: ReadonlySet<string>
}

/** Writes a run without its points and files, as `create_run`, `log_batch` and `log_inputs` of MLflow's SQL store would have. */
export async function writeRun(writing: RunWriting, id: string, artifactUri: string): Promise<void> {
  const { runs, project, writer, experiments } = writing
  const bundle = runs.bundle(project, id)
  const { run } = bundle
  const isDeleted = run.lifecycle === 'deleted'
  await writer.rows('runs', RUN, [
    [
      run.id,
      run.name,
      'UNKNOWN',
      '',
      '',
      run.user ?? '',
      mlflowStatus(run),
      rounded(exactTime(run, 'startedAt')),
      rounded(exactTime(run, 'endedAt')),
      isDeleted ? rounded(deletedElsewhere(project.db, run.id, run.deletedAt) ?? run.deletedAt) : null,
      '',
      isDeleted ? 'deleted' : 'active',
      artifactUri,
      experiments.get(run.experiment) ?? null,
    ],
  ])
  const captured = capturedParams(project.db, run.number)
  const logged = new Map(bundle.params.map(({ key, value }) => [key, value]))
  const params = [...bundle.params, ...captured.filter(({ key }) => !logged.has(key))]
  const clashing = captured
    .filter(({ key, value }) => logged.has(key) && logged.get(key) !== value)
    .map(({ key, value }) => ({ key: CAPTURED + key, value }))
  const tags = withSource([...bundle.tags, ...clashing], bundle, runs.getFact(project, id, 'git'))
  const owner = `run ${run.name} (${run.id})`
  for (const { key, value } of params) noteLimits(writing.notes, owner, 'parameter', key, value)
  for (const { key, value } of tags) noteLimits(writing.notes, owner, 'tag', key, value)
  await writer.rows(
    'params',
    ['key', 'value', 'run_uuid'],
    params.map(({ key, value }) => [key, value, run.id]),
  )
  await writer.rows(
    'tags',
    ['key', 'value', 'run_uuid'],
    tags.map(({ key, value }) => [key, value, run.id]),
  )
  await writeDatasets(writing, bundle, owner)
  await writeModelLinks(writing, bundle, owner)
}

/** Adds what MLflow's client would have told of the script and its repository, where that was found out here. */
function withSource(
  tags: readonly Tag[],
  { run }: RunBundle,
  git: {
    readonly commit: string | null
    readonly branch: string | null
    readonly remote: string | null
    readonly added: number
    readonly removed: number
  } | null,
): readonly Tag[] {
  const has = new Set(tags.map(({ key }) => key))
  const source = run.script ?? run.command?.join(' ')
  const found: readonly (readonly [string, string | null | undefined])[] = [
    ['mlflow.source.name', source],
    ['mlflow.source.type', source === undefined || has.has('mlflow.source.name') ? null : 'LOCAL'],
    ['mlflow.source.git.commit', git?.commit],
    ['mlflow.source.git.branch', git?.branch],
    ['mlflow.source.git.repoURL', git?.remote],
    [
      'mlflow.source.git.dirty',
      git === null || git.commit === null ? null : git.added + git.removed > 0 ? 'true' : null,
    ],
  ]
  return [
    ...tags,
    ...found.flatMap(([key, value]) => (value === null || value === undefined || has.has(key) ? [] : [{ key, value }])),
  ]
}

/** The database keeps the first of equal keys, so a dataset that several runs read is one. */
async function writeDatasets(
  { writer, notes, experiments }: RunWriting,
  bundle: RunBundle,
  owner: string,
): Promise<void> {
  const { run, datasets } = bundle
  const rows: MlflowRow[] = []
  const inputs: MlflowRow[] = []
  const tags: MlflowRow[] = []
  for (const dataset of datasets) {
    const { name, digest } = dataset
    noteLimits(notes, owner, 'dataset name', name)
    noteLimits(notes, owner, 'dataset digest', digest)
    const id = datasetId(run.experiment, name, digest)
    const input = randomUUID().replaceAll('-', '')
    const { sourceType, source, schema, profile } = dataset
    rows.push([id, experiments.get(run.experiment) ?? null, name, digest, sourceType, source, schema, profile])
    inputs.push([input, 'DATASET', id, 'RUN', run.id, 0])
    for (const [key, value] of Object.entries(dataset.tags)) tags.push([input, key, value])
  }
  await writer.rows('datasets', DATASET, rows)
  await writer.rows('inputs', INPUT, inputs)
  await writer.rows('input_tags', ['input_uuid', 'name', 'value'], tags)
}

const DATASET = [
  'dataset_uuid',
  'experiment_id',
  'name',
  'digest',
  'dataset_source_type',
  'dataset_source',
  'dataset_schema',
  'dataset_profile',
] as const
const INPUT = ['input_uuid', 'source_type', 'source_id', 'destination_type', 'destination_id', 'step'] as const

/** Which models a run read and made. MLflow knows each link once, with one step: the latest. */
async function writeModelLinks(
  { writer, notes, models }: RunWriting,
  { run, models: links }: RunBundle,
  owner: string,
): Promise<void> {
  const latest = new Map<string, RunBundle['models'][number]>()
  for (const link of links) {
    const key = `${link.direction} ${link.model}`
    const known = latest.get(key)
    if (known !== undefined && known.step !== link.step)
      notes.add(
        `${owner}, model ${link.model}`,
        'It was logged at several steps, and MLflow keeps one: the latest was written.',
      )
    if (!models.has(link.model))
      notes.add(`${owner}, model ${link.model}`, 'The model was deleted, so the link to it is left out.')
    else if (known === undefined || link.step > known.step) latest.set(key, link)
  }
  await writer.rows(
    'inputs',
    INPUT,
    [...latest.values()].map(({ model, direction, step }) => {
      const [source, destination] =
        direction === 'input' ? ['RUN_INPUT', 'MODEL_INPUT'] : ['RUN_OUTPUT', 'MODEL_OUTPUT']
      return [randomUUID().replaceAll('-', ''), source, run.id, destination, model, step]
    }),
  )
}

function rounded(time: number | bigint | null): number | bigint | null {
  return typeof time === 'number' ? Math.round(time) : time
}
