import { useMemo } from 'react'
import { chooseNumberFormat, exactNumber } from '#shared/lib/format.ts'
import { NumberCell } from '#renderer/ui/data-grid/cells.tsx'
import { DataGrid } from '#renderer/ui/data-grid/data-grid.tsx'
import type { GridColumn, GridRows, RowView } from '#renderer/ui/data-grid/model.ts'
import { unionOfX, valueAt } from './chart-csv.ts'
import { lowerBound } from './lookup.ts'
import type { LineChartModel } from './model.ts'
import { formatX } from './ticks.ts'

interface Line {
  readonly x: number
}

/** The chart as a table: a row for each x, a column for each line. Its values are exact and never smoothed. */
export function ChartTable({ title, model }: { title: string; model: LineChartModel }) {
  const rows = useMemo((): GridRows<Line> => {
    const xs = unionOfX(model.series)
    const views = new Map<number, RowView<Line>>()
    return {
      count: xs.length,
      ensure: () => undefined,
      row: (index) => {
        const kept = views.get(index)
        if (kept !== undefined) return kept
        const view = { id: String(index), data: { x: xs[index] ?? Number.NaN } }
        views.set(index, view)
        return view
      },
    }
  }, [model.series])
  const columns = useMemo(
    (): readonly GridColumn<Line>[] => [
      {
        id: 'x',
        title: model.x.label ?? 'x',
        width: 96,
        pinned: true,
        align: 'end',
        exact: ({ data }) => exactNumber(data.x),
        render: ({ data }) => formatX(model.x.kind, data.x),
      },
      ...model.series.map((series): GridColumn<Line> => {
        const format = chooseNumberFormat(series.columns.last, 5)
        const read = (x: number) => valueAt(series.columns, x)
        return {
          id: series.id,
          title: series.name,
          subtitle: series.columns.exact ? undefined : 'last in bucket',
          width: 132,
          align: 'end',
          exact: ({ data }) => {
            const value = read(data.x)
            if (value === undefined) return undefined
            const at = lowerBound(series.columns.x, data.x)
            const bounds = series.columns.exact
              ? ''
              : ` (${exactNumber(series.columns.min[at] ?? value)} to ${exactNumber(series.columns.max[at] ?? value)})`
            return exactNumber(value) + bounds
          },
          render: ({ data }) => <NumberCell value={read(data.x)} format={format} />,
        }
      }),
    ],
    [model],
  )
  return <DataGrid label={`${title}, as a table`} rows={rows} columns={columns} density="compact" />
}
