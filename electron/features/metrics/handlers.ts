import { setImmediate } from 'node:timers/promises'
import type { Level, metrics as contract } from '#shared/contract/metrics.ts'
import type { SeriesOrigin } from '#shared/contract/common.ts'
import type { SeriesSummary } from '#shared/contract/runs.ts'
import { appError } from '#shared/rpc/errors.ts'
import type { FeatureHandlers } from '#shared/rpc/procedure.ts'
import type { ReadDb } from '#electron/db/connection.ts'
import type { MetricStore, SeriesId, SeriesInfo } from './store.ts'
import { levelOn } from './level-on.ts'
import { readInPortions } from './read-portions.ts'
import { watchRuns } from './watch-runs.ts'

/** What is needed of a project. */
export type MetricProject = { readonly db: ReadDb; readonly metrics: MetricStore }

export type MetricHandlerOptions = {
  readonly projects: { readonly require: (id: string) => MetricProject }
  /** The shortest time between two events of a run's watcher, milliseconds; 100 by default. */
  readonly interval?: number
}

/** What a script logged itself comes before what was read from its log. */
const ORIGINS: readonly SeriesOrigin[] = ['logged', 'log', 'system']
const INTERVAL = 100
/** Work between two turns of the event loop, milliseconds. */
const TURN = 15

/** The `metrics` feature of the contract. */
export function createMetricHandlers(options: MetricHandlerOptions): FeatureHandlers<typeof contract> {
  const open = options.projects.require
  return {
    list: ({ project: id, run }) => {
      const project = open(id)
      return project.metrics.list(numberOf(project, run)).map(summaryOf)
    },
    keys: ({ project: id, runs }) => keysOf(open(id), runs),
    levels: async ({ project: id, series, axis, from, to, width }, { signal }) => {
      const project = open(id)
      const levels: Level[] = []
      let turn = performance.now()
      for (const { run, key, origin } of series) {
        // A hundred charts of millions of points must not hold up the points that come in meanwhile.
        if (performance.now() - turn > TURN) {
          await setImmediate()
          signal.throwIfAborted()
          turn = performance.now()
        }
        const number = project.db.value<number>('SELECT number FROM run WHERE id = ?', run)
        const found = number === undefined ? undefined : find(project, number, key, origin)
        // A chart of many runs draws those that have the metric.
        if (found !== undefined)
          levels.push({ run, key, ...levelOn(project.metrics, found, { axis, from, to, width }) })
      }
      return levels
    },
    series: async ({ project: id, run, key, origin }, { signal }) => {
      const project = open(id)
      const found = find(project, numberOf(project, run), key, origin)
      if (found === undefined) throw appError('not_found', `The run has no metric ${key}.`, { field: 'key' })
      return { run, key, ...(await readInPortions(project.metrics, found, signal)) }
    },
    watch: ({ project: id, runs }, { signal }) => {
      const project = open(id)
      const numbers = new Map(
        project.db
          .prepare('SELECT number, id FROM run WHERE id IN (SELECT value FROM json_each(?))')
          .rows<readonly [number, string]>(JSON.stringify(runs)),
      )
      return watchRuns(project.metrics, numbers, summaryOf, options.interval ?? INTERVAL, signal)
    },
  }
}

function numberOf({ db }: MetricProject, run: string): number {
  const number = db.value<number>('SELECT number FROM run WHERE id = ?', run)
  if (number === undefined) throw appError('not_found', `There is no run ${run}.`)
  return number
}

function find(
  { metrics }: MetricProject,
  run: number,
  key: string,
  origin: SeriesOrigin | undefined,
): SeriesId | undefined {
  for (const one of origin === undefined ? ORIGINS : [origin]) {
    const found = metrics.find(run, key, one)
    if (found !== undefined) return found
  }
  return undefined
}

function summaryOf({ key, origin, summary }: SeriesInfo): SeriesSummary {
  const { count, last, lastStep, lastTime, min, minStep, max, maxStep } = summary
  return { key, origin, count, last, lastStep, lastTime, min, minStep, max, maxStep }
}

function keysOf(project: MetricProject, runs: readonly string[]) {
  const numbers = project.db
    .prepare('SELECT number FROM run WHERE id IN (SELECT value FROM json_each(?))')
    .rows<[number]>(JSON.stringify(runs))
    .flat()
  return project.metrics
    .keys(numbers)
    .toSorted((left, right) =>
      left.key < right.key
        ? -1
        : left.key > right.key
          ? 1
          : ORIGINS.indexOf(left.origin) - ORIGINS.indexOf(right.origin),
    )
}
