import { useMemo } from 'react'
import { chooseNumberFormat, exactNumber } from '#shared/lib/format.ts'
import { KeyCell, NameCell, NumberCell } from '#renderer/ui/data-grid/cells.tsx'
import { DataGrid } from '#renderer/ui/data-grid/data-grid.tsx'
import { rowsOf, type GridColumn } from '#renderer/ui/data-grid/model.ts'
import type { ScatterModel } from './scatter-model.ts'

interface Line {
  readonly at: number
}

/** The scatter as a table: a row for each run, those without a value too. */
export function ScatterTable({
  title,
  model,
  onOpen,
}: {
  title: string
  model: ScatterModel
  onOpen?: ((run: string) => void) | undefined
}) {
  const rows = useMemo(() => rowsOf(model.runs.map((run, at) => ({ id: run, data: { at } }))), [model.runs])
  const columns = useMemo((): readonly GridColumn<Line>[] => {
    const number = (id: 'x' | 'y', name: string): GridColumn<Line> => {
      const format = chooseNumberFormat(model[id])
      const value = (at: number) => {
        const one = model[id][at]
        return one === undefined || Number.isNaN(one) ? undefined : one
      }
      return {
        id,
        title: name,
        width: 140,
        align: 'end',
        exact: ({ data }) => {
          const one = value(data.at)
          return one === undefined ? undefined : exactNumber(one)
        },
        render: ({ data }) => <NumberCell value={value(data.at)} format={format} />,
      }
    }
    return [
      {
        id: 'key',
        title: '',
        label: 'Key',
        width: 30,
        align: 'center',
        inset: 'bare',
        pinned: true,
        render: ({ data }) => <KeyCell number={model.numbers[data.at] ?? 1} shown />,
      },
      {
        id: 'name',
        title: 'Name',
        width: 200,
        pinned: true,
        render: ({ data }) => <NameCell name={model.names[data.at] ?? ''} />,
      },
      number('x', model.xName),
      number('y', model.yName),
    ]
  }, [model])
  return (
    <DataGrid
      label={`${title}, as a table`}
      rows={rows}
      columns={columns}
      density="compact"
      onOpen={(row) => onOpen?.(row.id)}
    />
  )
}
