import type { z } from 'zod'
import type { GitFacts, RunDetail, SeriesSummary } from '#shared/contract/runs.ts'
import { artifactBytes, mainPlace, rootsOf } from '#electron/features/artifacts/index.ts'
import type { SeriesInfo } from '#electron/features/metrics/index.ts'
import { modelsOfRun } from '#electron/features/models/index.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import { datasetsByRun } from './bundles.ts'
import { findExperiment } from './experiment-queries.ts'
import { isInternalTag } from './mirrored-tags.ts'
import { attemptsOf, childrenOf, factOf, findRun, paramsOf, type Tag, tagsOf } from './queries.ts'
import type { RunRecord } from './records.ts'

/** Everything that a run's page shows but the points of its metrics. */
export async function runDetail(project: ProjectContext, run: RunRecord): Promise<RunDetail> {
  const { db } = project
  const { number, experiment, parent, ...record } = run
  const tags = tagsOf(db, number)
  const parentRun = parent === null ? undefined : findRun(db, parent)
  return {
    id: record.id,
    number,
    name: record.name,
    project: project.id,
    experiment: { id: experiment, name: findExperiment(db, experiment)?.name ?? experiment },
    status: record.status,
    lifecycle: record.lifecycle,
    startedAt: record.startedAt,
    endedAt: record.endedAt,
    user: record.user,
    source: record.source,
    parent: parentRun === undefined ? null : { id: parentRun.id, name: parentRun.name },
    children: childrenOf(db, record.id),
    script: record.script,
    command: record.command,
    folder: record.folder,
    exitCode: record.exitCode,
    exitSignal: record.exitSignal,
    ending: record.ending ?? lostElsewhere(record),
    attempts: attemptsOf(db, record.id),
    note: record.note,
    tags: tags.filter(({ key }) => !isInternalTag(key)),
    params: paramsOf(db, number),
    metrics: project.metrics.list(number).map(summaryOf),
    progress: factOf(db, number, 'progress'),
    git: gitOf(project, number, tags),
    host: factOf(db, number, 'host'),
    python: factOf(db, number, 'python'),
    environment: factOf(db, number, 'environment'),
    seeds: factOf(db, number, 'seeds') ?? {},
    configFiles: factOf(db, number, 'config-files') ?? [],
    models: await loggedModels(project, run),
    datasets: (datasetsByRun(db, JSON.stringify([number])).get(number) ?? []).map(({ name, digest, tags: use }) => ({
      name,
      digest,
      context: use['mlflow.data.context'] ?? null,
    })),
    loggedElsewhere: record.loggedElsewhere,
    artifactFolder: mainPlace(rootsOf(project, { kind: 'run', id: record.id })),
  }
}

/** What the contract tells of a series. */
export function summaryOf({ key, origin, summary }: SeriesInfo): SeriesSummary {
  const { count, last, lastStep, lastTime, min, minStep, max, maxStep } = summary
  return { key, origin, count, last, lastStep, lastTime, min, minStep, max, maxStep }
}

/** The captured state of the repository; of a client of its own, what its tags say. */
export function gitOf({ db }: ProjectContext, run: number, tags: readonly Tag[]): z.infer<typeof GitFacts> | null {
  const captured = factOf(db, run, 'git')
  if (captured !== null) return captured
  const tag = (name: string): string | null =>
    tags.find(({ key }) => key === `mlflow.source.git.${name}`)?.value ?? null
  const commit = tag('commit')
  if (commit === null) return null
  return {
    root: '',
    commit,
    branch: tag('branch'),
    remote: tag('repoURL'),
    added: 0,
    removed: 0,
    files: 0,
    untracked: [],
    untrackedCount: 0,
    leftOut: ['What was not committed: its client recorded the commit alone.'],
  }
}

async function loggedModels(project: ProjectContext, run: RunRecord): Promise<RunDetail['models']> {
  return Promise.all(
    modelsOfRun(project.db, run).map(async ({ id, name, type, status, createdAt, step }) => ({
      id,
      name,
      type,
      status,
      createdAt,
      step,
      bytes: await artifactBytes(rootsOf(project, { kind: 'model', id })),
    })),
  )
}

/** Of a run that is said to run where it came from, long after it began. */
function lostElsewhere({ source, status }: Pick<RunRecord, 'source' | 'status'>): string | null {
  return source === 'import' && status === 'lost'
    ? 'Where it came from it still counts as running, long after it began.'
    : null
}
