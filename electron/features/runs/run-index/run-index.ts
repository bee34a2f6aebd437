import type { Column, Lifecycle, Sort, TablePage } from '#shared/contract/runs.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import type { SeriesId } from '#electron/features/metrics/index.ts'
import { AppError } from '#shared/rpc/errors.ts'
import { watchChangedRuns } from './changed-runs.ts'
import { type DatasetColumns, loadDatasetColumns } from './dataset-columns.ts'
import { describeColumns } from './describe-columns.ts'
import { findRuns, type FoundRun } from './find-runs.ts'
import type { IndexState } from './index-state.ts'
import { setSeries } from './load-metrics.ts'
import { loadExperiments, loadRows } from './load-rows.ts'
import { createRunColumns, type RunColumns } from './run-columns.ts'
import { type Scatter, scatterOf } from './scatter.ts'
import { seedSpread } from './seed-spread.ts'
import { selectRows } from './select-rows.ts'
import { type Signatures, signatures } from './signatures.ts'
import { sortRows } from './sort-rows.ts'
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
  readonly find: (text: string, limit: number) => readonly FoundRun[]
  /** By metric, the spread of the last values of the runs that differ from this one only in their seed, itself included. */
  readonly seedSpread: (run: number) => Readonly<Record<string, number>>
  /** Grows with each change. */
  readonly revision: () => number
  readonly close: () => void
}

/** Past this many changed runs a full load is cheaper. */
const MANY = 2_000
/** Views kept while nothing changes: scrolling asks for page after page of one. */
const KEPT_VIEWS = 8

/** Loads the index: a fraction of a second for 10,000 runs with 20 parameters and 20 metrics each. */
export function openRunIndex(project: ProjectContext): RunIndex {
  const { db, metrics, clock } = project
  const changed = watchChangedRuns(db)
  const grown = new Set<SeriesId>()
  let columns = loadAll(project)
  let views = new Map<string, View>()
  let viewsOf = -1
  let keysOf: { readonly revision: number; readonly value: Signatures } | undefined
  let datasets: { readonly revision: number; readonly value: DatasetColumns } | undefined
  let described: { readonly revision: number; readonly of: Map<Lifecycle, readonly Column[]> } | undefined
  let rowsRevision = 0

  const stop = metrics.onAppend((series) => {
    for (const id of series) grown.add(id)
  })

  const refresh = (): IndexState => {
    const { runs, experiments } = changed.take()
    if (runs.length > MANY) {
      const { revision } = columns
      columns = loadAll(project)
      columns.revision = revision + 1
      rowsRevision++
      grown.clear()
    } else {
      if (runs.length > 0) {
        loadRows(db, columns, runs)
        rowsRevision++
      }
      if (experiments) {
        loadExperiments(db, columns)
        rowsRevision++
      }
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

  return {
    table(request) {
      const state = refresh()
      return pageOf(state, viewOf(state, request), request)
    },
    ids(request) {
      const state = refresh()
      return viewRows(viewOf(state, request), request.groups).map((row) => columns.ids[row] ?? '')
    },
    search({ filter, lifecycles, experiments, sort }) {
      const state = refresh()
      const rows = selectRows(state, {
        filter,
        lifecycles: lifecycles.map((lifecycle) => LIFECYCLE_CODES[lifecycle]),
        ...(experiments === undefined ? {} : { experiments }),
      })
      return Array.from(sortRows(state, rows, sort), (row) => columns.numbers[row] ?? 0)
    },
    describe(lifecycle) {
      const state = refresh()
      if (described?.revision !== columns.revision) described = { revision: columns.revision, of: new Map() }
      const known = described.of.get(lifecycle)
      if (known !== undefined) return known
      const made = describeColumns(state, LIFECYCLE_CODES[lifecycle])
      described.of.set(lifecycle, made)
      return made
    },
    scatter: (filter, x, y) => scatterOf(refresh(), filter, x, y),
    find: (text, limit) => findRuns(refresh().columns, text, limit),
    seedSpread: (run) => seedSpread(refresh(), run),
    revision: () => refresh().columns.revision,
    close: stop,
  }
}

function loadAll({ db, metrics }: ProjectContext): RunColumns {
  const columns = createRunColumns(Math.max(256, db.value<number>('SELECT count(*) FROM run') ?? 0))
  loadExperiments(db, columns)
  loadRows(db, columns)
  for (const series of metrics.all()) setSeries(columns, series)
  return columns
}

function takeGrown({ metrics }: ProjectContext, columns: RunColumns, grown: Set<SeriesId>): void {
  if (grown.size === 0) return
  for (const id of grown) {
    try {
      setSeries(columns, metrics.info(id))
    } catch (error) {
      // Deleted since it grew.
      if (!(error instanceof AppError) || error.code !== 'not_found') throw error
    }
  }
  grown.clear()
  columns.revision++
}
