import { useMemo, useState } from 'react'
import { exactNumber } from '#shared/lib/format.ts'
import { HeatCell, KeyCell, NameCell, NumberCell } from '../data-grid/cells.tsx'
import { DataGrid } from '../data-grid/data-grid.tsx'
import type { GridColumn, GridRows, RowView } from '../data-grid/model.ts'
import { useGridColumns } from '../data-grid/use-grid-columns.ts'

interface BigRow {
  readonly index: number
}

const format = { kind: 'fixed', decimals: 4 } as const
const value = (row: number, column: number): number => {
  const x = Math.sin(row * 12.9898 + column * 78.233) * 43758.5453
  return x - Math.floor(x)
}

const columns: readonly GridColumn<BigRow>[] = [
  {
    id: 'key',
    title: '',
    label: 'Shown',
    width: 34,
    pinned: true,
    align: 'center',
    inset: 'bare',
    movable: false,
    resizable: false,
    hideable: false,
    render: ({ data }) => (
      <KeyCell number={(data.index % 90) + 1} shown={data.index % 3 === 0} onToggle={() => undefined} />
    ),
  },
  {
    id: 'name',
    title: 'Name',
    width: 160,
    pinned: true,
    sortable: true,
    render: ({ data }) => <NameCell name={`run-${data.index}`} />,
  },
  ...Array.from({ length: 42 }, (_, at): GridColumn<BigRow> => ({
    id: `metric-${at}`,
    title: `metric_${at}`,
    subtitle: at % 2 === 0 ? 'last' : 'best',
    width: 84,
    align: 'end',
    sortable: true,
    exact: ({ data }) => exactNumber(value(data.index, at)),
    render: ({ data }) =>
      at % 7 === 3 ? (
        <HeatCell value={value(data.index, at)} format={format} share={value(data.index, at)} />
      ) : (
        <NumberCell value={(data.index + at) % 97 === 0 ? Number.NaN : value(data.index, at)} format={format} />
      ),
  })),
]

/** 100,000 rows of 44 columns whose pages arrive late, as they do from a backend. */
export function BigGrid({ count = 100_000, late = 0 }: { count?: number; late?: number }) {
  const [loaded, setLoaded] = useState(0)
  const { grid } = useGridColumns(columns, undefined)
  const pages = useMemo(() => new Map<number, readonly RowView<BigRow>[]>(), [])
  const rows = useMemo((): GridRows<BigRow> => {
    const page = (at: number) =>
      Array.from({ length: 100 }, (_, row): RowView<BigRow> => {
        const index = at * 100 + row
        return { id: `row-${index}`, data: { index }, dim: index % 3 !== 0 }
      })
    // Read, so that a page that arrives makes new rows of the same pages.
    void loaded
    return {
      count,
      row: (index) => {
        const at = Math.floor(index / 100)
        if (!pages.has(at) && late === 0) pages.set(at, page(at))
        return pages.get(at)?.[index % 100]
      },
      ensure: (from, to) => {
        for (let at = Math.floor(from / 100); at <= Math.floor((to - 1) / 100); at++) {
          if (pages.has(at) || late === 0) continue
          pages.set(at, [])
          setTimeout(() => {
            pages.set(at, page(at))
            setLoaded((now) => now + 1)
          }, late)
        }
      },
    }
  }, [count, late, loaded, pages])
  return <DataGrid label="Many runs" rows={rows} {...grid} selected={new Set(['row-3'])} onSelect={() => undefined} />
}
