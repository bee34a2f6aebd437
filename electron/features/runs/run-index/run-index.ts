import { setImmediate } from 'node:timers/promises'
import type { Column, Lifecycle, Sort, TablePage } from '#shared/contract/runs.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import type { SeriesId } from '#electron/features/metrics/index.ts'
import { AppError } from '#shared/rpc/errors.ts'
import { watchChangedRuns } from './changed-runs.ts'
import { type DatasetColumns, loadDatasetColumns } from './dataset-columns.ts'
import { createColumnStatistics } from './column-statistics.ts'
import { describeColumns, describeEach } from './describe-columns.ts'
import { findRuns, type FoundRun } from './find-runs.ts'
import type { IndexState } from './index-state.ts'
import { createLastQuestion, leadingTo } from './last-question.ts'
import { setSeries } from './load-metrics.ts'
import { loadExperiments, loadRows } from './load-rows.ts'
import { loadMetrics, loadTable, openTable } from './load-table.ts'
import { idAt, type RunColumns } from './run-columns.ts'
import { type NamedRuns, namedRuns, type Scatter, scatterOf } from './scatter.ts'
import { seedSpread } from './seed-spread.ts'
import { selectRows } from './select-rows.ts'
import { type Signatures, signatures } from './signatures.ts'
import { isDamage } from './snapshot/damage.ts'
import { keepSnapshot, type SnapshotKeeperOptions } from './snapshot/snapshot-keeper.ts'
import { sortRows } from './sort-rows.ts'
import { textCells } from './text-column.ts'
import {
  LIFECYCLE_CODES,
  makeView,
  pageOf,
  type ParsedTableRequest,
  type View,
  type ViewRequest,
  viewRows,
} from './table.ts'

export type SearchRequest = {
  readonly filter: string
  readonly lifecycles: readonly Lifecycle[]
  /** Ids; absent means all. */
  readonly experiments?: readonly string[]
  /** Without any, newest first; that is also the order of what is equal. */
  readonly sort: readonly Sort[]
}

/**
 * The run table in memory. It is loaded once and follows the database: each question first takes over what was written since the last
 * one. Asked from a write, it would answer from before it.
 */
export type RunIndex = {
  readonly table: (request: ParsedTableRequest) => TablePage
  /** Ids of all runs of the table, in its order with all groups open. */
  readonly ids: (request: ViewRequest & { readonly groups?: readonly string[] | undefined }) => readonly string[]
  /** Numbers of the runs that match, in order: for MLflow's search. Throws `invalid` for a bad filter or column. */
  readonly search: (request: SearchRequest) => readonly number[]
  readonly describe: (lifecycle: Lifecycle) => readonly Column[]
  readonly scatter: (filter: string, x: string, y: string) => Scatter
  readonly named: (numbers: Float64Array) => NamedRuns
  readonly find: (text: string, limit: number, trashed?: boolean) => readonly FoundRun[]
  /** By metric, the spread of the last values of the runs that differ from this one only in their seed, itself included. */
  readonly seedSpread: (run: number) => Readonly<Record<string, number>>
  /** Grows with each change. */
  readonly revision: () => number
  /** Stores the table for the next start; it also happens every minute and on closing. */
  readonly store: () => Promise<void>
  /** Makes the table ready that was last looked at, in turns of a few milliseconds. Never throws. */
  readonly getReady: () => Promise<void>
  readonly close: () => void
}

/** Past this many changed runs a full load is cheaper. */
const MANY = 2_000
/** Views kept while nothing changes: scrolling asks for page after page of one. */
const KEPT_VIEWS = 8

export type RunIndexOptions = Pick<SnapshotKeeperOptions, 'leastRuns' | 'sliceMs'>

/** Loads the index: a fraction of a second for 10,000 runs with 20 parameters and 20 metrics each. */
export function openRunIndex(project: ProjectContext, options: RunIndexOptions = {}): RunIndex {
  const { db, metrics, clock } = project
  const changed = watchChangedRuns(db)
  const grown = new Set<SeriesId>()
  const statistics = createColumnStatistics()
  const last = createLastQuestion(db)
  let closed = false
  let columns = openTable(project)
  let views = new Map<string, View>()
  let viewsOf = -1
  let keysOf: { readonly revision: number; readonly value: Signatures } | undefined
  let datasets: { readonly revision: number; readonly value: DatasetColumns } | undefined
  let described: { readonly revision: number; readonly of: Map<Lifecycle, readonly Column[]> } | undefined
  let rowsRevision = 0

  const stop = metrics.onAppend((series) => {
    for (const id of series) grown.add(id)
  })

  const rebuild = (): void => {
    const { revision } = columns
    columns = loadTable(project)
    columns.revision = revision + 1
    rowsRevision++
    grown.clear()
  }

  const readAgain = (runs: readonly number[]): void => {
    if (runs.length > MANY) return rebuild()
    loadRows(db, columns, runs)
    loadMetrics(project, columns, runs)
    rowsRevision++
  }

  /** Answers; what was stored is read when it is first asked for, and may be found damaged then. */
  const answer = <Result>(work: (state: IndexState) => Result): Result => {
    try {
      return work(refresh())
    } catch (error) {
      if (!isDamage(error)) throw error
      project.log.warn('the run table is read anew', { error })
      rebuild()
      return work(refresh())
    }
  }

  const refresh = (): IndexState => {
    const { runs, experiments, series } = changed.take()
    if (runs.length + series.length > MANY) rebuild()
    else {
      if (runs.length > 0) {
        loadRows(db, columns, runs)
        rowsRevision++
      }
      if (experiments) {
        loadExperiments(db, columns)
        rowsRevision++
      }
      if (series.length > 0) loadMetrics(project, columns, series)
      takeGrown(project, columns, grown)
    }
    return { columns, datasets: datasetColumns, signatures: rowSignatures, now: clock.now() }
  }

  const datasetColumns = (): DatasetColumns => {
    if (datasets?.revision !== rowsRevision)
      datasets = { revision: rowsRevision, value: loadDatasetColumns(db, columns) }
    return datasets.value
  }
  const rowSignatures = (): Signatures => {
    if (keysOf?.revision !== rowsRevision) keysOf = { revision: rowsRevision, value: signatures(columns) }
    return keysOf.value
  }

  const viewOf = (state: IndexState, { filter, sort, group, lifecycle }: ViewRequest): View => {
    if (viewsOf !== columns.revision) {
      views = new Map()
      viewsOf = columns.revision
    }
    const key = JSON.stringify([filter, sort, group, lifecycle])
    const known = views.get(key)
    if (known !== undefined) return known
    const made = makeView(state, { filter, sort, group, lifecycle })
    if (views.size >= KEPT_VIEWS) for (const oldest of views.keys()) if (views.delete(oldest)) break
    views.set(key, made)
    return made
  }

  const keeper = keepSnapshot({
    db,
    log: project.log,
    current: () => answer(({ columns }) => columns),
    readAgain,
    rebuild,
    also: last.keep,
    ...options,
  })
  const table = (request: ParsedTableRequest): TablePage =>
    answer((state) => pageOf(state, viewOf(state, request), request))

  function* readying(): Generator<unknown, void> {
    const question = last.kept()
    // Reading a table from its rows is work that no window asked for yet.
    if (question === undefined || !columns.isStored) return
    // Names are the longest to read: of each run another one.
    yield textCells(columns.texts.name)
    // In the order in which a window asks, and so that what was compiled for the question is not forgotten over the rest.
    yield* answer((state) => describeEach(state, LIFECYCLE_CODES[question.lifecycle], statistics))
    for (const asked of leadingTo(question)) yield table(asked)
  }

  return {
    table: (request) => {
      last.note(request)
      return table(request)
    },
    ids: (request) =>
      answer((state) => viewRows(viewOf(state, request), request.groups).map((row) => idAt(columns, row))),
    search: ({ filter, lifecycles, experiments, sort }) =>
      answer((state) => {
        const rows = selectRows(state, {
          filter,
          lifecycles: lifecycles.map((lifecycle) => LIFECYCLE_CODES[lifecycle]),
          ...(experiments === undefined ? {} : { experiments }),
        })
        return Array.from(sortRows(state, rows, sort), (row) => columns.numbers[row] ?? 0)
      }),
    describe: (lifecycle) =>
      answer((state) => {
        if (described?.revision !== columns.revision) described = { revision: columns.revision, of: new Map() }
        const known = described.of.get(lifecycle)
        if (known !== undefined) return known
        const made = describeColumns(state, LIFECYCLE_CODES[lifecycle], statistics)
        described.of.set(lifecycle, made)
        return made
      }),
    scatter: (filter, x, y) => answer((state) => scatterOf(state, filter, x, y)),
    named: (numbers) => answer((state) => namedRuns(state, numbers)),
    find: (text, limit, trashed) => answer((state) => findRuns(state.columns, text, limit, trashed)),
    seedSpread: (run) => answer((state) => seedSpread(state, run)),
    revision: () => answer((state) => state.columns.revision),
    store: keeper.write,
    async getReady() {
      try {
        for (const _ of readying()) {
          await setImmediate()
          if (closed) return
        }
      } catch (error) {
        project.log.info('the table that was last looked at is not what it was', { error })
      }
    },
    close() {
      closed = true
      stop()
      keeper.close()
    },
  }
}

function takeGrown({ metrics }: ProjectContext, columns: RunColumns, grown: Set<SeriesId>): void {
  if (grown.size === 0) return
  for (const id of grown) {
    try {
      const { summary, ...series } = metrics.info(id)
      setSeries(columns, { ...series, ...summary })
    } catch (error) {
      // Deleted since it grew.
      if (!(error instanceof AppError) || error.code !== 'not_found') throw error
    }
  }
  grown.clear()
  columns.revision++
}
