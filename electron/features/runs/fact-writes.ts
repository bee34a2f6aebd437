import { appError } from '#shared/rpc/errors.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import { type Fact, type FactKind, FACTS } from './facts.ts'
import type { Tag } from './queries.ts'
import type { RunRecord } from './records.ts'
import { activeRun, existingRun, type Touch } from './run-writes.ts'

export type NewWrittenFile = {
  /** Relative to the project's folder, with `/`. */
  readonly path: string
  readonly size: number
  readonly modifiedAt: number
  readonly kept?: boolean
}

export type NewDatasetUse = {
  readonly name: string
  readonly digest: string
  readonly sourceType: string
  readonly source: string
  readonly schema?: string | null
  readonly profile?: string | null
  readonly tags?: readonly Tag[]
}

/** Keeps a captured fact, in the place of an earlier one; null takes it away. Throws `invalid` for a value that is not of the kind. */
export function putFact<Kind extends FactKind>(
  project: ProjectContext,
  id: string,
  kind: Kind,
  value: Fact<Kind> | null,
  touch: Touch,
): void {
  if (value === null) return putText(project, id, kind, null, touch)
  const parsed = FACTS[kind].safeParse(value)
  if (!parsed.success) {
    throw appError('invalid', `The fact ${kind} is not valid: ${parsed.error.issues[0]?.message ?? ''}`, {
      cause: parsed.error,
    })
  }
  putText(project, id, kind, JSON.stringify(parsed.data), touch)
}

/** Keeps the diff of what was not committed. */
export function putDiff(project: ProjectContext, id: string, diff: string | null, touch: Touch): void {
  putText(project, id, 'diff', diff, touch)
}

function putText(
  project: ProjectContext,
  id: string,
  kind: FactKind | 'diff',
  value: string | null,
  touch: Touch,
): void {
  const run = existingRun(project, id)
  if (value === null) project.db.run('DELETE FROM run_fact WHERE run = ? AND kind = ?', run.number, kind)
  else {
    project.db.run(
      'INSERT INTO run_fact (run, kind, value) VALUES (?, ?, ?) ON CONFLICT (run, kind) DO UPDATE SET value = excluded.value',
      run.number,
      kind,
      value,
    )
  }
  touch('run', id)
}

/** Replaces the list of files that the run wrote in the project's folder. */
export function putWrittenFiles(
  project: ProjectContext,
  id: string,
  files: readonly NewWrittenFile[],
  touch: Touch,
): void {
  const run = existingRun(project, id)
  project.db.run('DELETE FROM written_file WHERE run = ?', run.number)
  for (const { path, size, modifiedAt, kept } of files) {
    project.db.run(
      `INSERT INTO written_file (run, path, size, modified_at, kept) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (run, path) DO UPDATE SET size = excluded.size, modified_at = excluded.modified_at, kept = excluded.kept`,
      run.number,
      path,
      size,
      Math.round(modifiedAt),
      kept === true ? 1 : 0,
    )
  }
  touch('run', id)
}

/** Says which datasets the run read: MLflow's `log_input`. The same dataset again only adds its tags. */
export function putDatasets(
  project: ProjectContext,
  id: string,
  datasets: readonly NewDatasetUse[],
  touch: Touch,
): void {
  const run = activeRun(project, id)
  putDatasetUses(project, run, datasets)
  if (datasets.length > 0) touch('run', id)
}

/** The same for a run in any state. */
export function putDatasetUses(
  { db }: ProjectContext,
  run: Pick<RunRecord, 'number' | 'experiment'>,
  datasets: readonly NewDatasetUse[],
): void {
  for (const given of datasets) {
    db.run(
      `INSERT INTO dataset (experiment, name, digest, source_type, source, schema, profile) VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (experiment, name, digest) DO NOTHING`,
      run.experiment,
      given.name,
      given.digest,
      given.sourceType,
      given.source,
      given.schema ?? null,
      given.profile ?? null,
    )
    const dataset = db.value<number>(
      'SELECT id FROM dataset WHERE experiment = ? AND name = ? AND digest = ?',
      run.experiment,
      given.name,
      given.digest,
    )
    if (dataset === undefined) continue
    db.run(
      `INSERT INTO run_dataset (run, dataset, tags) VALUES (?, ?, ?)
         ON CONFLICT (run, dataset) DO UPDATE SET tags = json_patch(tags, excluded.tags)`,
      run.number,
      dataset,
      JSON.stringify(Object.fromEntries((given.tags ?? []).map(({ key, value }) => [key, value]))),
    )
  }
}
