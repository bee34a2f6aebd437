import { useState } from 'react'
import { exactNumber } from '#shared/lib/format.ts'
import { Button } from '../buttons/button.tsx'
import {
  DeltaCell,
  HeatCell,
  KeyCell,
  MeanSdCell,
  NameCell,
  NumberCell,
  TextCell,
  TrendCell,
} from '../data-grid/cells.tsx'
import { DataGrid } from '../data-grid/data-grid.tsx'
import { rowsOf, type ColumnSort, type GridColumn, type RowView } from '../data-grid/model.ts'
import { applySelection } from '../data-grid/selection.ts'
import { useGridColumns } from '../data-grid/use-grid-columns.ts'
import { StateIcon } from '../icons/state-icon.tsx'
import { NoMatch } from '../states/empty-state.tsx'
import { baselineRun, sampleRuns, type SampleRun } from './sample-runs.ts'

const four = { kind: 'fixed', decimals: 4 } as const
const two = { kind: 'fixed', decimals: 2 } as const
const base = baselineRun.auc
const heat = (loss: number) => (0.426 - loss) / (0.426 - 0.4118)

const makeColumns = (
  toggleShown: (name: string) => void,
  toggleOpen: (id: string) => void,
): readonly GridColumn<SampleRun>[] => [
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
    render: ({ data, depth, id }) =>
      depth === 1 ? null : (
        <KeyCell
          number={data.number}
          shown={data.shown}
          baseline={id === 'baseline'}
          onToggle={id === 'baseline' ? undefined : () => toggleShown(data.name)}
        />
      ),
  },
  {
    id: 'name',
    title: 'Name',
    width: 156,
    pinned: true,
    sortable: true,
    hideable: false,
    exact: ({ data }) => data.name,
    render: (row) => (
      <NameCell
        name={row.data.name}
        depth={row.depth}
        expanded={row.expanded}
        onToggle={() => toggleOpen(row.id)}
        mark={row.id === 'baseline' ? 'pin' : undefined}
      />
    ),
  },
  {
    id: 'seeds',
    title: 'Seeds',
    subtitle: 'done',
    width: 54,
    align: 'end',
    render: ({ data, depth }) => (
      <span className="t2" style={{ display: 'inline-flex', alignItems: 'center', gap: 4 }}>
        {depth === 1 ? <StateIcon state="done" /> : null}
        {data.state === 'done' ? null : <StateIcon state={data.state} />}
        {depth === 1 ? null : data.seeds}
      </span>
    ),
  },
  {
    id: 'auc',
    title: 'val_auc',
    subtitle: 'best, mean ± sd',
    width: 106,
    align: 'end',
    sortable: true,
    firstSort: 'desc',
    exact: ({ data }) => exactNumber(data.auc),
    render: ({ data }) => <MeanSdCell mean={data.auc} sd={data.sd} format={four} />,
  },
  {
    id: 'delta',
    title: 'Δ base',
    subtitle: '%',
    width: 58,
    align: 'end',
    sortable: true,
    render: ({ data, id }) => (
      <DeltaCell delta={id === 'baseline' ? null : ((data.auc - base) / base) * 100} goal="up" format={two} />
    ),
  },
  {
    id: 'loss',
    title: 'val_logloss',
    subtitle: 'min',
    width: 82,
    align: 'end',
    sortable: true,
    exact: ({ data }) => exactNumber(data.loss),
    render: ({ data }) => <HeatCell value={data.loss} format={four} share={heat(data.loss)} />,
  },
  {
    id: 'trend',
    title: 'val_auc',
    subtitle: 'trend',
    width: 78,
    render: ({ data }) =>
      data.trend.length === 0 ? (
        <span className="s11 t3">one fit</span>
      ) : (
        <TrendCell values={data.trend} number={data.number} shown={data.shown} low={0.822} high={0.8505} />
      ),
  },
  {
    id: 'leaves',
    title: 'num_leaves',
    subtitle: 'param',
    width: 74,
    align: 'end',
    sortable: true,
    render: ({ data }) => (
      <span className="t2">
        <NumberCell value={data.leaves} format={{ kind: 'integer' }} />
      </span>
    ),
  },
  {
    id: 'lr',
    title: 'lr',
    subtitle: 'param',
    width: 48,
    align: 'end',
    render: ({ data }) => <span className="t2">{data.lr ?? '–'}</span>,
  },
  {
    id: 'encoding',
    title: 'encoding',
    subtitle: 'param',
    width: 70,
    render: ({ data }) => (
      <TextCell>
        <span className="t2">{data.encoding}</span>
      </TextCell>
    ),
  },
]

const seeds = [7, 1, 42, 13, 99] as const

/** The table of runs as the look has it: groups over seeds, baseline, heat, trends. */
export function RunsGrid({ onHover, filter }: { onHover?: (name: string | undefined) => void; filter?: string }) {
  const [hidden, setHidden] = useState<ReadonlySet<string>>(
    new Set(sampleRuns.filter((run) => !run.shown).map((run) => run.name)),
  )
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set(['lgbm-l15-te']))
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [sort, setSort] = useState<readonly ColumnSort[]>([{ column: 'auc', direction: 'desc' }])
  const flip = (set: ReadonlySet<string>, name: string) =>
    new Set(set.has(name) ? [...set].filter((one) => one !== name) : [...set, name])
  const columns = makeColumns(
    (name) => setHidden(flip(hidden, name)),
    (id) => setOpen(flip(open, id)),
  )
  const { grid } = useGridColumns(columns, undefined)
  const key = sort[0]
  const value = (run: SampleRun): number | string =>
    key?.column === 'name'
      ? run.name
      : key?.column === 'loss'
        ? run.loss
        : key?.column === 'leaves'
          ? (run.leaves ?? -1)
          : run.auc
  const sign = key?.direction === 'desc' ? -1 : 1
  const sorted = sampleRuns
    .filter((run) => run.name.includes(filter ?? ''))
    .toSorted((a, b) => sign * (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : 0))
  const views = sorted.flatMap((run): readonly RowView<SampleRun>[] => {
    const shown = !hidden.has(run.name)
    const expanded = open.has(run.name)
    const group = { id: run.name, data: { ...run, shown }, expanded, dim: !shown }
    if (!expanded) return [group]
    return [
      group,
      ...seeds.map((seed, at) => ({
        id: `${run.name}/${seed}`,
        depth: 1,
        data: {
          ...run,
          shown,
          name: `seed ${seed}`,
          sd: null,
          auc: run.auc + (2 - at) * 0.00045,
          loss: run.loss - (2 - at) * 0.0005,
        },
      })),
    ]
  })
  const rows = rowsOf(views)
  return (
    <DataGrid
      label="Runs"
      rows={rows}
      {...grid}
      treeColumn="name"
      pinnedRows={[{ id: 'baseline', data: baselineRun }]}
      sort={sort}
      onSort={setSort}
      selected={selected}
      onSelect={(change) => setSelected(applySelection(selected, change, rows))}
      onToggle={(row) => setOpen(flip(open, row.id))}
      onSpace={(row) => setHidden(flip(hidden, row.data.name))}
      onHover={(row) => onHover?.(row?.data.name)}
      rowMenu={(row) => [
        { kind: 'action', id: 'compare', label: 'Compare', icon: 'compare', keys: 'c', onSelect: () => undefined },
        {
          kind: 'action',
          id: 'hide',
          label: row.data.shown ? 'Hide' : 'Show',
          icon: 'eye',
          keys: 'Space',
          onSelect: () => setHidden(flip(hidden, row.data.name)),
        },
      ]}
      empty={
        <NoMatch
          title="No run matches"
          kept={`${sampleRuns.length} runs are here; this filter leaves none.`}
          action={<Button>Clear filter</Button>}
        />
      }
    />
  )
}
