import { appError } from '#shared/rpc/errors.ts'
import { isWide, joinWhole } from '#shared/lib/whole-number.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import { findModel, modelsOfExperiments, withDetails } from './queries.ts'
import type { LoggedModelBundle, LoggedModelRecord, ModelMetric, Pair } from './records.ts'

export type NewModel = {
  readonly experiment: string
  /** A made-up name by default. */
  readonly name: string | null
  readonly type: string | null
  readonly sourceRun: string | null
  readonly params: readonly Pair[]
  readonly tags: readonly Pair[]
}

/** A step is a bigint where a double would round it. */
export type ModelLink = { readonly model: string; readonly step: number | bigint }

/**
 * Logged models: what `mlflow.*.log_model` of MLflow 3 makes. Their files lie in `<artifactsFolder>/models/<id>/artifacts`. Each write resolves
 * once it is on disk. Errors are AppErrors: `not_found`, `conflict`.
 */
export type ModelsService = {
  /** Throws `not_found` for an unknown experiment or run, `conflict` for a deleted experiment. */
  readonly create: (project: ProjectContext, model: NewModel) => Promise<LoggedModelRecord>
  readonly find: (project: ProjectContext, id: string) => LoggedModelRecord | undefined
  /** The model with all that hangs on it. A deleted one is `not_found` unless asked for. */
  readonly bundle: (project: ProjectContext, id: string, options?: { readonly deleted?: boolean }) => LoggedModelBundle
  /** Models of experiments that are not deleted, newest first. */
  readonly bundlesOf: (project: ProjectContext, experiments: readonly string[]) => readonly LoggedModelBundle[]
  readonly setStatus: (
    project: ProjectContext,
    id: string,
    status: LoggedModelRecord['status'],
    message?: string | null,
  ) => Promise<void>
  /** Marks the model as deleted; its files stay until its run goes for good. */
  readonly remove: (project: ProjectContext, id: string) => Promise<void>
  /** The same value again is nothing, another one is `conflict`. */
  readonly logParams: (project: ProjectContext, id: string, params: readonly Pair[]) => Promise<void>
  readonly setTags: (project: ProjectContext, id: string, tags: readonly Pair[]) => Promise<void>
  /** Throws `not_found` when the model has no such tag. */
  readonly deleteTag: (project: ProjectContext, id: string, key: string) => Promise<void>
  readonly logMetrics: (
    project: ProjectContext,
    metrics: readonly (ModelMetric & { readonly model: string })[],
  ) => Promise<void>
  /** Says that a run read or made models. */
  readonly linkToRun: (
    project: ProjectContext,
    run: string,
    direction: 'input' | 'output',
    links: readonly ModelLink[],
  ) => Promise<void>
}

/** Makes the service; `makeName` names a model that has no name. */
export function createModelsService(makeName: () => string): ModelsService {
  const write = async (project: ProjectContext, ids: readonly string[], work: () => void): Promise<void> => {
    if (project.readOnly) throw appError('read_only', `${project.name} can only be read.`)
    await project.commits.enqueue(work)
    project.changed({ project: project.id, entity: 'model', ids: [...ids] })
  }
  return {
    async create(project, given) {
      const id = project.ids.model()
      await write(project, [id], () => insert(project, id, given, makeName))
      return existing(project, id)
    },
    find: (project, id) => findModel(project.db, id),
    bundle(project, id, options = {}) {
      const model = existing(project, id, options.deleted === true)
      return withDetails(project.db, [model])[0] ?? { model, params: [], tags: [], metrics: [] }
    },
    bundlesOf: ({ db }, experiments) => withDetails(db, modelsOfExperiments(db, experiments)),
    setStatus: (project, id, status, message = null) =>
      write(project, [id], () => {
        existing(project, id)
        project.db.run('UPDATE logged_model SET status = ?, status_message = ? WHERE id = ?', status, message, id)
        stamp(project, id)
      }),
    remove: (project, id) =>
      write(project, [id], () => {
        existing(project, id)
        project.db.run(`UPDATE logged_model SET lifecycle = 'deleted' WHERE id = ?`, id)
        stamp(project, id)
      }),
    logParams: (project, id, params) =>
      write(project, [id], () => {
        existing(project, id)
        putParams(project, id, params)
      }),
    setTags: (project, id, tags) =>
      write(project, [id], () => {
        existing(project, id)
        putTags(project, id, tags)
        stamp(project, id)
      }),
    deleteTag: (project, id, key) =>
      write(project, [id], () => {
        existing(project, id)
        const { changes } = project.db.run('DELETE FROM logged_model_tag WHERE model = ? AND key = ?', id, key)
        if (changes === 0) throw appError('not_found', `No tag with key '${key}' found for model with ID '${id}'.`)
        stamp(project, id)
      }),
    logMetrics: (project, metrics) =>
      write(
        project,
        metrics.map(({ model }) => model),
        () => putMetrics(project, metrics),
      ),
    linkToRun: (project, run, direction, links) =>
      write(
        project,
        links.map(({ model }) => model),
        () => putLinks(project, run, direction, links),
      ),
  }
}

function existing(project: ProjectContext, id: string, deleted = false): LoggedModelRecord {
  const model = findModel(project.db, id)
  if (model === undefined || (model.lifecycle === 'deleted' && !deleted)) {
    throw appError('not_found', `Logged model with ID '${id}' not found.`)
  }
  return model
}

function insert(project: ProjectContext, id: string, given: NewModel, makeName: () => string): void {
  const { db } = project
  const lifecycle = db.value<string>('SELECT lifecycle FROM experiment WHERE id = ?', given.experiment)
  if (lifecycle === undefined) throw appError('not_found', `No Experiment with id=${given.experiment} exists.`)
  if (lifecycle === 'deleted') {
    throw appError(
      'conflict',
      `The experiment ${given.experiment} must be in the 'active' state. Current state is deleted.`,
    )
  }
  const now = Math.round(project.clock.now())
  db.run(
    `INSERT INTO logged_model (id, experiment, name, type, status, source_run, artifact_location, created_at, updated_at)
       VALUES (?, ?, ?, ?, 'pending', ?, ?, ?, ?)`,
    id,
    given.experiment,
    given.name ?? makeName(),
    given.type,
    given.sourceRun,
    `mlflow-artifacts:/${given.experiment}/models/${id}/artifacts`,
    now,
    now,
  )
  putParams(project, id, given.params)
  putTags(project, id, given.tags)
}

function stamp(project: ProjectContext, id: string): void {
  project.db.run('UPDATE logged_model SET updated_at = ? WHERE id = ?', Math.round(project.clock.now()), id)
}

function putParams({ db }: ProjectContext, id: string, params: readonly Pair[]): void {
  for (const { key, value } of params) {
    const before = db.value<string>('SELECT value FROM logged_model_param WHERE model = ? AND key = ?', id, key)
    if (before === undefined) {
      db.run('INSERT INTO logged_model_param (model, key, value) VALUES (?, ?, ?)', id, key, value)
    } else if (before !== value) {
      throw appError(
        'conflict',
        `Changing param values is not allowed. Param with key='${key}' was already logged with value='${before}' for model ID='${id}'. Attempted logging new value '${value}'.`,
        { field: key },
      )
    }
  }
}

/** Sets tags of a model that is here. Part of the caller's write. */
export function putTags({ db }: ProjectContext, id: string, tags: readonly Pair[]): void {
  for (const { key, value } of tags) {
    db.run(
      'INSERT INTO logged_model_tag (model, key, value) VALUES (?, ?, ?) ON CONFLICT (model, key) DO UPDATE SET value = excluded.value',
      id,
      key,
      value,
    )
  }
}

/** Exact repetitions are dropped, as with the points of a run: a client that retries must not measure twice. */
export function putMetrics(
  project: ProjectContext,
  metrics: readonly (ModelMetric & { readonly model: string })[],
  options: { readonly deleted?: boolean } = {},
): void {
  for (const { model, key, value, time, step, rest, run, datasetName, datasetDigest } of metrics) {
    existing(project, model, options.deleted)
    project.db.run(
      `INSERT INTO logged_model_metric (model, key, value, time, step, run, dataset_name, dataset_digest)
         SELECT @model, @key, @value, @time, @step, @run, @datasetName, @datasetDigest WHERE NOT EXISTS (
           SELECT 1 FROM logged_model_metric
            WHERE model = @model AND key = @key AND value IS @value AND time = @time AND step = @step AND run = @run
              AND dataset_name IS @datasetName AND dataset_digest IS @datasetDigest)`,
      {
        model,
        key,
        value: Number.isNaN(value) ? null : value,
        time: wholeIn(time, rest?.time ?? 0),
        step: wholeIn(step, rest?.step ?? 0),
        run,
        datasetName,
        datasetDigest,
      },
    )
  }
}

/** As SQLite keeps it: a double beyond 2^53 would be a real. */
function wholeIn(near: number, rest: number): number | bigint {
  return isWide(near) ? joinWhole(near, rest) : Math.round(near)
}

function putLinks(
  { db }: ProjectContext,
  run: string,
  direction: 'input' | 'output',
  links: readonly ModelLink[],
): void {
  const number = db.value<number>('SELECT number FROM run WHERE id = ?', run)
  if (number === undefined) throw appError('not_found', `Run with id=${run} not found.`)
  for (const { model, step } of links) {
    db.run(
      'INSERT INTO run_model (run, model, direction, step) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
      number,
      model,
      direction,
      typeof step === 'bigint' ? step : Math.round(step),
    )
  }
}
