import { existsSync } from 'node:fs'
import { cp, mkdir, rm } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { appError } from '#shared/rpc/errors.ts'
import { modelIdsOfRun } from '#electron/features/models/index.ts'
import type { ProjectContext, Projects } from '#electron/features/projects/index.ts'
import { copyRunRows, insertRunRow } from './copy-rows.ts'
import { eraseRuns, workFolders } from './erase.ts'
import { findExperiment } from './experiment-queries.ts'
import { findRun } from './queries.ts'
import type { RunRecord } from './records.ts'
import { refuseTraining, selectedRuns } from './selection.ts'
import type { RunsService } from './service.ts'

/** Points that are taken over in one transaction. */
const PORTION = 100_000

/** Marks in the target's `project_meta`: a copy that is not whole yet, and a whole one whose original is still to go. Values are the source's id. */
const COMING = 'moving:'
const ARRIVED = 'moved:'

export type Mover = {
  /**
   * Moves runs to another project: files, then points, then rows are copied; only when all is on disk there does the original go. A kill at any
   * moment leaves the run whole in at least one of the two, and `finish` clears up the other. Returns how many were moved. In the other
   * project the runs have new numbers, and so new colours.
   */
  readonly move: (source: ProjectContext, target: ProjectContext, ids: readonly string[]) => Promise<number>
  /** Clears up after moves into this project that were cut short: half a copy goes; of a whole one, the original does. */
  readonly finish: (target: ProjectContext) => Promise<void>
}

export function createMover(
  service: RunsService,
  projects: Pick<Projects, 'require'>,
  swept: (project: ProjectContext) => Promise<void>,
): Mover {
  return {
    async move(source, target, ids) {
      if (source.id === target.id) {
        throw appError('invalid', 'The runs are in that project already.', { field: 'target' })
      }
      for (const project of [source, target]) {
        if (project.readOnly) throw appError('read_only', `${project.name} can only be read.`)
      }
      const runs = selectedRuns(source, ids)
      refuseTraining(source, runs)
      const taken = runs.find(({ id }) => findRun(target.db, id) !== undefined)
      if (taken !== undefined) {
        throw appError('conflict', `${target.name} has a run with the id of ${taken.name} already.`)
      }
      for (const run of runs) await moveRun(service, source, target, run)
      target.changed({ project: target.id, entity: 'run', ids: runs.map(({ id }) => id) })
      target.changed({ project: target.id, entity: 'experiment', ids: [] })
      return runs.length
    },
    async finish(target) {
      if (target.readOnly) return
      for (const [run] of marks(target, COMING)) await dropPartial(target, run)
      for (const [run, from] of marks(target, ARRIVED)) {
        let source: ProjectContext
        try {
          source = projects.require(from)
        } catch {
          // The other project can't be opened now: its copy goes when it can.
          continue
        }
        await swept(source)
        const original = findRun(source.db, run)
        if (original !== undefined) await eraseRuns(source, [original])
        await target.commits.enqueue(() => clearMark(target, ARRIVED, run))
      }
    },
  }
}

async function moveRun(
  service: RunsService,
  source: ProjectContext,
  target: ProjectContext,
  run: RunRecord,
): Promise<void> {
  const experiment = await service.ensureExperiment(
    target,
    findExperiment(source.db, run.experiment)?.name ?? 'Default',
  )
  const number = await target.commits.enqueue(() => {
    setMark(target, COMING, run.id, source.id)
    return insertRunRow(source, target, run, experiment.id)
  })
  try {
    for (const [from, to] of foldersOf(source, target, run)) await copyFolder(from, to)
    for (const series of source.metrics.list(run.number)) {
      const { step, time, value } = source.metrics.series(series.id)
      const id = target.metrics.seriesFor(number, series.key, series.origin)
      for (let from = 0; from < step.length; from += PORTION) {
        const part = <Column extends Float64Array>(column: Column): Float64Array =>
          column.subarray(from, from + PORTION)
        const count = Math.min(PORTION, step.length - from)
        await target.metrics.append({
          series: new Uint32Array(count).fill(id),
          step: part(step),
          time: part(time),
          value: part(value),
        })
      }
    }
    await target.commits.enqueue(() => {
      copyRunRows(source, target, run, number, experiment.id)
      clearMark(target, COMING, run.id)
      setMark(target, ARRIVED, run.id, source.id)
    })
  } catch (error) {
    await dropPartial(target, run.id)
    throw error
  }
  await eraseRuns(source, [run])
  await target.commits.enqueue(() => clearMark(target, ARRIVED, run.id))
}

async function dropPartial(target: ProjectContext, id: string): Promise<void> {
  const run = findRun(target.db, id)
  if (run !== undefined) await eraseRuns(target, [run])
  await target.commits.enqueue(() => clearMark(target, COMING, id))
}

/** Where the run's folders lie and where they will: its artifacts, those of its models, its launches' logs. */
function foldersOf(
  source: ProjectContext,
  target: ProjectContext,
  run: RunRecord,
): readonly (readonly [from: string, to: string])[] {
  const artifacts = [run.id, ...modelIdsOfRun(source.db, run.id).map((model) => join('models', model))]
  return [
    ...artifacts.map((path) => [join(source.artifactsFolder, path), join(target.artifactsFolder, path)] as const),
    ...workFolders(source, run.id).map(
      (folder) => [folder, join(target.place, relative(source.place, folder))] as const,
    ),
  ]
}

/** A copy-on-write clone where the disk can. What an earlier, cut off copy left is replaced. */
async function copyFolder(from: string, to: string): Promise<void> {
  if (!existsSync(from)) return
  await rm(to, { recursive: true, force: true })
  await mkdir(dirname(to), { recursive: true })
  await cp(from, to, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true, mode: COPY_ON_WRITE })
}

const COPY_ON_WRITE = 2

function setMark({ db }: ProjectContext, kind: string, run: string, source: string): void {
  db.run(
    'INSERT INTO project_meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    kind + run,
    source,
  )
}

function clearMark({ db }: ProjectContext, kind: string, run: string): void {
  db.run('DELETE FROM project_meta WHERE key = ?', kind + run)
}

function marks({ db }: ProjectContext, kind: string): readonly (readonly [run: string, source: string])[] {
  return db
    .prepare('SELECT substr(key, ?), value FROM project_meta WHERE substr(key, 1, ?) = ?')
    .rows<readonly [string, string]>(kind.length + 1, kind.length, kind)
}
