import type { SeriesOrigin } from '#shared/contract/common.ts'
import type { SeriesStanding } from '#electron/features/metrics/index.ts'
import { numberAt, setNumber } from './number-column.ts'
import { metricColumns, rowOf, type RunColumns } from './run-columns.ts'

/** What a script logged itself goes before what was read from its log. */
const WEIGHT: Readonly<Record<SeriesOrigin, number>> = { system: 1, log: 2, logged: 3 }

/** Takes what is known of a series over into the run's row; a series of a weightier origin under the same key is kept. */
export function setSeries(columns: RunColumns, series: SeriesStanding): void {
  const row = rowOf(columns, series.run)
  if (row === undefined) return
  const metric = metricColumns(columns, series.key)
  const weight = WEIGHT[series.origin]
  if ((numberAt(metric.origin, row) ?? 0) > weight) return
  const { last, min, max } = series
  setNumber(metric.origin, row, weight)
  setNumber(metric.last, row, last)
  setNumber(metric.min, row, min)
  setNumber(metric.max, row, max)
}
