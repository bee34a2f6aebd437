import { existsSync } from 'node:fs'
import { cp, mkdir, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { appError } from '#shared/rpc/errors.ts'
import { sliceExact } from '#electron/features/metrics/index.ts'
import { type ProjectContext, type Projects, setMeta } from '#electron/features/projects/index.ts'
import { copyRunRows, insertRunRow } from './copy-rows.ts'
import { eraseRuns } from './erase.ts'
import { findExperiment } from './experiment-queries.ts'
import { findRun } from './queries.ts'
import type { RunRecord } from './records.ts'
import { foldersOf, homeOf, isOwned, type RunFolder } from './run-folders.ts'
import { refuseTraining, selectedRuns } from './selection.ts'
import type { RunsService } from './service.ts'

/** Points that are taken over in one transaction. */
const PORTION = 100_000

/** Marks in the target's `project_meta`: a copy that is not whole yet, and a whole one whose original is still to go. */
const COMING = 'moving:'
const ARRIVED = 'moved:'

/** Where the run comes from, and the folders that are on their way. */
const Mark = z.object({
  source: z.string(),
  folders: z.array(z.object({ kind: z.enum(['runs', 'models', 'launches']), name: z.string() })),
})
type Mark = { readonly source: string; readonly folders: readonly RunFolder[] }

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
      const taken = runs.find(({ id }) => foldersOf(source, id).some((folder) => isOwned(target, folder)))
      if (taken !== undefined) {
        throw appError('conflict', `${target.name} already has ${taken.name}, or something of its.`, {
          hint: 'Is one of the projects a copy of the other?',
        })
      }
      for (const run of runs) await moveRun(service, source, target, run)
      target.changed({ project: target.id, entity: 'run', ids: runs.map(({ id }) => id) })
      target.changed({ project: target.id, entity: 'experiment', ids: [] })
      return runs.length
    },
    async finish(target) {
      if (target.readOnly) return
      for (const [run, { folders }] of marks(target, COMING)) await dropPartial(target, run, folders)
      for (const [run, { source: from }] of marks(target, ARRIVED)) {
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
  const mark: Mark = { source: source.id, folders: foldersOf(source, run.id) }
  const number = await target.commits.enqueue(() => {
    setMark(target, COMING, run.id, mark)
    return insertRunRow(source, target, run, experiment.id)
  })
  try {
    for (const folder of mark.folders) await copyFolder(homeOf(source, folder), homeOf(target, folder))
    for (const series of source.metrics.list(run.number)) {
      const points = source.metrics.series(series.id)
      const { length } = points.step
      const id = target.metrics.seriesFor(number, series.key, series.origin)
      for (let from = 0; from < length; from += PORTION) {
        const to = Math.min(from + PORTION, length)
        await target.metrics.append({
          series: new Uint32Array(to - from).fill(id),
          ...sliceExact(points, from, to),
        })
      }
    }
    await target.commits.enqueue(() => {
      copyRunRows(source, target, run, number, experiment.id)
      clearMark(target, COMING, run.id)
      setMark(target, ARRIVED, run.id, mark)
    })
  } catch (error) {
    await dropPartial(target, run.id, mark.folders)
    throw error
  }
  await eraseRuns(source, [run])
  await target.commits.enqueue(() => clearMark(target, ARRIVED, run.id))
}

/** Takes half a copy away. Only the mark knows of its folders, so it goes last. */
async function dropPartial(target: ProjectContext, id: string, folders: readonly RunFolder[]): Promise<void> {
  const run = findRun(target.db, id)
  if (run !== undefined) await eraseRuns(target, [run])
  for (const folder of folders) await rm(homeOf(target, folder), { recursive: true, force: true })
  await target.commits.enqueue(() => clearMark(target, COMING, id))
}

/** A copy-on-write clone where the disk can. What an earlier, cut off copy left is replaced. */
async function copyFolder(from: string, to: string): Promise<void> {
  if (!existsSync(from)) return
  await rm(to, { recursive: true, force: true })
  await mkdir(dirname(to), { recursive: true })
  await cp(from, to, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true, mode: COPY_ON_WRITE })
}

const COPY_ON_WRITE = 2

function setMark({ db }: ProjectContext, kind: string, run: string, mark: Mark): void {
  setMeta(db, kind + run, JSON.stringify(mark))
}

function clearMark({ db }: ProjectContext, kind: string, run: string): void {
  db.run('DELETE FROM project_meta WHERE key = ?', kind + run)
}

function marks({ db }: ProjectContext, kind: string): readonly (readonly [run: string, mark: Mark])[] {
  return db
    .prepare('SELECT substr(key, ?), value FROM project_meta WHERE substr(key, 1, ?) = ?')
    .rows<readonly [string, string]>(kind.length + 1, kind.length, kind)
    .flatMap(([run, value]) => {
      const mark = parseMark(value)
      return mark === undefined ? [] : [[run, mark] as const]
    })
}

/** Names become parts of paths that are deleted, so a damaged mark is left alone. */
function parseMark(text: string): Mark | undefined {
  try {
    const parsed = Mark.safeParse(JSON.parse(text))
    const plain = parsed.data?.folders.every(({ name }) => /^[a-zA-Z0-9][\w-]*$/.test(name)) === true
    return parsed.success && plain ? parsed.data : undefined
  } catch {
    return undefined
  }
}
