import { useEffect, useEffectEvent, useMemo, useState } from 'react'
import { chooseNumberFormat, exactNumber } from '#shared/lib/format.ts'
import { KeyCell, NameCell, NumberCell } from '#renderer/ui/data-grid/cells.tsx'
import { DataGrid } from '#renderer/ui/data-grid/data-grid.tsx'
import { rowsOf, type GridColumn } from '#renderer/ui/data-grid/model.ts'
import { Loading } from '#renderer/ui/states/loading.tsx'
import type { NamedRuns, NameRuns, ScatterModel } from './scatter-model.ts'

interface Line {
  readonly at: number
}

/** The scatter as a table: a row for each run, those without a value too. */
export function ScatterTable({
  title,
  model,
  named,
  onOpen,
}: {
  title: string
  model: ScatterModel
  named: NameRuns
  onOpen?: ((run: string) => void) | undefined
}) {
  const [who, setWho] = useState<(NamedRuns & { readonly of: Float64Array }) | null>(null)
  const [fault, setFault] = useState<string | undefined>(undefined)
  const name = useEffectEvent(() => named(Float64Array.from(model.numbers)))
  useEffect(() => {
    let gone = false
    name().then(
      (found) => (gone ? undefined : setWho({ ...found, of: model.numbers })),
      (error: unknown) => (gone ? undefined : setFault(error instanceof Error ? error.message : String(error))),
    )
    return () => {
      gone = true
    }
  }, [model.numbers])
  const rows = useMemo(() => rowsOf((who?.ids ?? []).map((id, at) => ({ id, data: { at } }))), [who])
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
        render: ({ data }) => <NameCell name={who?.names[data.at] ?? ''} />,
      },
      number('x', model.xName),
      number('y', model.yName),
    ]
  }, [model, who])
  if (fault !== undefined) return <p className="s12 bad">{fault}</p>
  // Rows of other runs would stand beside these runs' values.
  if (who?.of !== model.numbers) return <Loading label={title} rows={8} />
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
