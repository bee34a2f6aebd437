import type { ProjectContext } from '#electron/features/projects/index.ts'
import { setSeries } from './load-metrics.ts'
import { loadExperiments, loadRows } from './load-rows.ts'
import { clearMetrics, createRunColumns, rowOf, type RunColumns } from './run-columns.ts'
import { isDamage } from './snapshot/damage.ts'
import { readSnapshot } from './snapshot/read-snapshot.ts'

/** The table as it was stored and what was written since, or, where nothing usable is stored, from its rows. */
export function openTable(project: ProjectContext): RunColumns {
  return storedTable(project) ?? loadTable(project)
}

/** The table as it was stored; undefined where that can't be used. */
function storedTable(project: ProjectContext): RunColumns | undefined {
  try {
    return readSnapshot(project)
  } catch (error) {
    if (!isDamage(error)) throw error
    project.log.warn('the run table is read anew', { error })
    return undefined
  }
}

/** Reads the whole table from its rows: the truth that the stored one is a copy of. */
export function loadTable({ db, metrics }: ProjectContext): RunColumns {
  const columns = createRunColumns(Math.max(256, db.value<number>('SELECT count(*) FROM run') ?? 0))
  loadExperiments(db, columns)
  loadRows(db, columns)
  for (const series of metrics.standings()) setSeries(columns, series)
  return columns
}

/** Reads all metrics of some runs anew. */
export function loadMetrics({ metrics }: ProjectContext, columns: RunColumns, runs: readonly number[]): void {
  for (const row of runs.flatMap((run) => rowOf(columns, run) ?? [])) clearMetrics(columns, row)
  for (const series of metrics.standings(runs)) setSeries(columns, series)
  columns.revision++
}
