import type { ProjectContext } from '#electron/features/projects/index.ts'
import { findModel } from './queries.ts'
import type { LoggedModelBundle, LoggedModelRecord } from './records.ts'
import { putMetrics, putTags } from './service.ts'

/**
 * Writes a logged model as another tracker has it, or adds to one that is here what it lacks: parameters, tags and metrics. Part of the caller's write; the
 * experiment has to be here. A model that was deleted here stays so. Returns what it did.
 */
export function bringLoggedModel(
  project: ProjectContext,
  { model, params, tags, metrics }: LoggedModelBundle,
): 'new' | 'merged' | 'deleted' {
  const { db } = project
  const here = findModel(db, model.id)
  if (here?.lifecycle === 'deleted' && model.lifecycle === 'active') return 'deleted'
  if (here === undefined) {
    db.run(
      `INSERT INTO logged_model
         (id, experiment, name, type, status, status_message, source_run, lifecycle, artifact_location, created_at, updated_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      model.id,
      model.experiment,
      model.name,
      model.type,
      model.status,
      model.statusMessage,
      model.sourceRun,
      model.lifecycle,
      model.artifactLocation,
      Math.round(model.createdAt),
      Math.round(model.updatedAt),
    )
  } else if (here.status === 'pending') {
    db.run(
      'UPDATE logged_model SET status = ?, status_message = ?, updated_at = ? WHERE id = ?',
      model.status,
      model.statusMessage,
      Math.round(model.updatedAt),
      model.id,
    )
  }
  for (const { key, value } of params)
    db.run(
      'INSERT INTO logged_model_param (model, key, value) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
      model.id,
      key,
      value,
    )
  const known = new Set(
    db
      .prepare('SELECT key FROM logged_model_tag WHERE model = ?')
      .rows<readonly [string]>(model.id)
      .map(([key]) => key),
  )
  putTags(
    project,
    model.id,
    tags.filter(({ key }) => !known.has(key)),
  )
  putMetrics(
    project,
    metrics.map((metric) => ({ ...metric, model: model.id })),
    { deleted: true },
  )
  return here === undefined ? 'new' : 'merged'
}

/** True unless the model was deleted here: then its files are not wanted either. */
export function isLoggedModelKept({ db }: ProjectContext, model: Pick<LoggedModelRecord, 'id' | 'lifecycle'>): boolean {
  const here = findModel(db, model.id)
  return here !== undefined && (here.lifecycle === 'active' || model.lifecycle === 'deleted')
}
