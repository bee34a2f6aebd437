import { setImmediate } from 'node:timers/promises'
import { AppError, appError, isAbort } from '#shared/rpc/errors.ts'
import { type PointBatch, type Rests, type SeriesColumns, sliceExact } from '#electron/features/metrics/index.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import { createBreath } from './breathe.ts'
import { type ComingRun, shownRun } from './coming-run.ts'
import type { ExperimentPlace } from './experiments.ts'
import { newPoints } from './new-points.ts'
import { refuse } from './refuse.ts'
import { stateOf } from './run-queries.ts'
import type { ImportSource, SourceArtifacts, SourceRun } from './source.ts'
import type { Tally } from './tally.ts'
import { beginRun, type Begun, endRun } from './write-run.ts'

export type TakenRun = { readonly run: SourceRun; readonly artifacts: SourceArtifacts }

export type TakeRuns = {
  readonly project: ProjectContext
  readonly source: ImportSource
  readonly id: number
  readonly tally: Tally
  readonly signal: AbortSignal
  /** Before each run. */
  readonly onRun: (run: SourceRun) => void
}
type Taking = TakeRuns & { readonly breathe: () => Promise<void> }

export type WantedRun = { readonly run: SourceRun; readonly experiment: ExperimentPlace; readonly half: boolean }

/** Points that are written between two turns of the event loop: a few milliseconds. */
const PORTION = 16_384
/** Runs that are read ahead while others are written. */
const AHEAD = 4
/** How long a group of runs may hold up other writers, milliseconds; and what it weighs at first, in rows. */
const GROUP_MS = 8
const FIRST_GROUP = 500

type Series = { readonly key: string; readonly points: SeriesColumns }
type Gathered = {
  readonly coming: ComingRun
  readonly series: readonly Series[]
  /** Series that were not read yet: the run has too many points for one write. */
  readonly rest: AsyncIterator<Series> | null
  readonly weight: number
  /** Points that the source has, as far as it was read. */
  readonly there: { points: number }
}

/**
 * Takes runs in, in the given order. Many small ones are one commit; a large one comes in portions, so that others who log wait for milliseconds only. What
 * can't be read or written of a run is a note; a full disk ends it all. Resolves with those that are here.
 */
export async function takeRuns(given: TakeRuns, wanted: readonly WantedRun[]): Promise<readonly TakenRun[]> {
  const breathe = createBreath()
  const options: Taking = { ...given, breathe }
  const { project, tally, signal } = options
  const taken: TakenRun[] = []
  const ahead: Promise<Gathered | undefined>[] = []
  const group: Gathered[] = []
  let weight = 0
  let limit = FIRST_GROUP

  const flush = async (): Promise<void> => {
    if (group.length === 0) return
    const items = group.splice(0)
    const { outcomes, took } = await writeGroup(project, items, tally)
    outcomes.forEach((outcome, index) => {
      const { coming } = items[index] as Gathered
      if (outcome.status === 'rejected') return refuse(shownRun(coming.run), outcome.reason, tally)
      taken.push({ run: coming.run, artifacts: coming.contents.artifacts })
    })
    tell(project, items)
    limit = Math.min(Math.max((limit * GROUP_MS) / Math.max(took, 0.1), 50), limit * 2, 20_000)
    weight = 0
  }

  let next = 0
  const readAhead = (): void => {
    for (let item = wanted[next]; item !== undefined && ahead.length < AHEAD; item = wanted[++next]) {
      const gathered = gather(options, item)
      // It is waited for in its turn; until then a failure is nobody's business.
      gathered.catch(() => {})
      ahead.push(gathered)
    }
  }
  try {
    for (readAhead(); ahead.length > 0; readAhead()) {
      await breathe()
      const item = await ahead.shift()
      signal.throwIfAborted()
      if (item === undefined) continue
      options.onRun(item.coming.run)
      if (item.rest === null && item.weight < PORTION) {
        group.push(item)
        weight += item.weight
        if (weight >= limit) await flush()
        continue
      }
      await flush()
      try {
        await writeLarge(options, item)
        taken.push({ run: item.coming.run, artifacts: item.coming.contents.artifacts })
      } catch (error) {
        refuse(shownRun(item.coming.run), error, tally)
      }
      tell(project, [item])
    }
  } finally {
    // What was read when the rest broke off is whole, and need not be asked for again.
    await flush()
  }
  return taken
}

async function gather(options: Taking, { run, experiment, half }: WantedRun): Promise<Gathered | undefined> {
  const { source, project, tally, signal } = options
  try {
    await options.breathe()
    const readAt = project.clock.now()
    const contents = await source.contents(run, signal)
    const tags = contents.tags.some(({ key }) => key === 'mlflow.runName')
      ? contents.tags
      : [...contents.tags, ...(run.name === null ? [] : [{ key: 'mlflow.runName', value: run.name }])]
    const coming: ComingRun = { source: options.id, run, contents, tags, experiment, half, readAt }
    const there = { points: 0 }
    const all = eachSeries(options, coming, there)
    const series: Series[] = []
    let points = 0
    for (;;) {
      const { value, done } = await all.next()
      if (done === true) break
      series.push(value)
      points += value.points.step.length
      if (points >= PORTION) return { coming, series, rest: all, weight: points, there }
    }
    // About what each costs to write: a row, and a point in a packed column.
    const rows = 5 + contents.params.length + tags.length + contents.datasets.length * 2 + series.length * 2
    return { coming, series, rest: null, weight: rows + points / 20, there }
  } catch (error) {
    if (isAbort(error) || signal.aborted || (error instanceof AppError && error.code !== 'corrupt')) throw error
    project.log.warn('a run could not be read', { run: run.id, error })
    tally.note({ kind: 'skipped', what: shownRun(run), why: `it could not be read: ${wordsOf(error)}` })
    return undefined
  }
}

/** The series of a run, each as far as it is not here yet. */
async function* eachSeries(
  { project, tally, breathe }: Taking,
  coming: ComingRun,
  there: Gathered['there'],
): AsyncGenerator<Series, undefined> {
  for await (const series of coming.contents.series) {
    await breathe()
    const { points, refused, there: more } = newPoints(project, coming.run.id, series)
    there.points += more
    if (refused > 0)
      tally.note({
        kind: 'skipped',
        what: shownRun(coming.run),
        why: `${refused} points of ${series.key} have no step or time`,
      })
    if (points.step.length > 0) yield { key: series.key, points }
  }
  return undefined
}

/**
 * Writes small runs in one transaction: each by itself, so that one that can't be written takes no other with it, and then the points of all of them in
 * one piece. Until then they are halves.
 */
async function writeGroup(
  project: ProjectContext,
  items: readonly Gathered[],
  tally: Tally,
): Promise<{ readonly outcomes: readonly PromiseSettledResult<void>[]; readonly took: number }> {
  const { commits } = project
  let startedAt = Infinity
  let took = 0
  const begun = new Map<Gathered, Begun>()
  const runs = items.map((item) =>
    commits.enqueue(() => {
      startedAt = Math.min(startedAt, performance.now())
      begun.set(item, beginRun(project, item.coming, tally))
    }),
  )
  const ends = commits.enqueue(() => {
    const pieces = [...begun].map(([{ series }, { number }]) => ({ run: number, series }))
    project.metrics.write(batchOf(project, pieces))
    for (const [{ coming, series, there }, { isNew, changed }] of begun) {
      const points = pointsIn(series)
      endRun(project, coming, { isNew, changed: changed || points > 0, points: there.points }, tally)
      commits.afterCommit(() => count(tally, isNew, changed, points))
    }
    took = performance.now() - startedAt
  })
  const outcomes = await Promise.allSettled(runs.map((run) => run.then(() => ends)))
  return { outcomes, took }
}

async function writeLarge(options: Taking, { coming, series, rest, there }: Gathered): Promise<void> {
  const { project, tally, signal } = options
  const begun = await project.commits.enqueue(() => beginRun(project, coming, tally))
  let points = 0
  const write = async (one: Series): Promise<void> => {
    const { length } = one.points.step
    for (let from = 0; from < length; from += PORTION) {
      // After a cut the next import goes on from here: the store keeps each point once.
      signal.throwIfAborted()
      const to = Math.min(from + PORTION, length)
      const piece = { run: begun.number, series: [{ key: one.key, points: sliceExact(one.points, from, to) }] }
      await project.commits.enqueue(() => {
        // It lies in the trash until it is whole, which somebody may empty.
        if (stateOf(project.db, coming.run.id) === undefined) throw appError('not_found', 'It was deleted meanwhile.')
        project.metrics.write(batchOf(project, [piece]))
      })
      tally.add('points', to - from)
      await setImmediate()
    }
    points += length
  }
  for (const one of series) await write(one)
  for (let next = await rest?.next(); next !== undefined && next.done !== true; next = await rest?.next())
    await write(next.value)
  await project.commits.enqueue(() => {
    const changed = begun.changed || points > 0
    endRun(project, coming, { isNew: begun.isNew, changed, points: there.points }, tally)
    project.commits.afterCommit(() => count(tally, begun.isNew, changed, 0))
  })
}

function count(tally: Tally, isNew: boolean, changed: boolean, points: number): void {
  tally.add('points', points)
  if (isNew) tally.add('runs')
  else if (changed || points > 0) tally.add('updatedRuns')
  else tally.known()
}

const pointsIn = (series: readonly Series[]): number => series.reduce((sum, { points }) => sum + points.step.length, 0)

function batchOf(
  project: ProjectContext,
  pieces: readonly { readonly run: number; readonly series: readonly Series[] }[],
): PointBatch {
  const length = pieces.reduce((sum, piece) => sum + pointsIn(piece.series), 0)
  const series = new Uint32Array(length)
  const step = new Float64Array(length)
  const time = new Float64Array(length)
  const value = new Float64Array(length)
  let rest: Rests | undefined
  let at = 0
  for (const piece of pieces) {
    for (const { key, points } of piece.series) {
      series.fill(project.metrics.seriesFor(piece.run, key, 'logged'), at, at + points.step.length)
      step.set(points.step, at)
      time.set(points.time, at)
      value.set(points.value, at)
      if (points.rest !== undefined) {
        rest ??= { step: new Int16Array(length), time: new Int16Array(length) }
        rest.step.set(points.rest.step, at)
        rest.time.set(points.rest.time, at)
      }
      at += points.step.length
    }
  }
  return rest === undefined ? { series, step, time, value } : { series, step, time, value, rest }
}

function tell(project: ProjectContext, items: readonly Gathered[]): void {
  const ids = items.map(({ coming }) => coming.run.id)
  project.changed({ project: project.id, entity: 'run', ids })
  project.changed({ project: project.id, entity: 'metric', ids })
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
