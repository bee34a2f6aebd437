import { useEffect, useEffectEvent, useMemo, useRef, useState, type ReactNode } from 'react'
import type { EChartsType } from 'echarts/core'
import { useStore } from 'zustand'
import { formatNumber } from '#shared/lib/format.ts'
import { IconButton } from '#renderer/ui/buttons/icon-button.tsx'
import { MoreMenu } from '#renderer/ui/overlays/menu.tsx'
import type { MenuEntry } from '#renderer/ui/overlays/menu-items.tsx'
import { RunKey } from '#renderer/ui/marks/run-key.tsx'
import { useSize } from '#renderer/ui/use-size.ts'
import { emphasisOf, useChartGroup } from './chart-group.tsx'
import { csvField } from './chart-csv.ts'
import { fileName, save } from './chart-files.ts'
import { toFileColours } from './palette.ts'
import {
  isCloud,
  leftOut,
  type NameRuns,
  scatterOption,
  scatterPoints,
  scatterSeries,
  type ScatterModel,
} from './scatter-model.ts'
import { ScatterTable } from './scatter-table.tsx'
import { useChartColours } from './use-canvas.ts'
import { cx } from '#renderer/ui/cx.ts'
import panel from './chart-panel.module.css'
import s from './line-chart.module.css'

export interface ScatterChartProps {
  readonly title: string
  readonly model: ScatterModel
  readonly named: NameRuns
  /** A click on a point, or Enter on its row in the table. */
  readonly onOpen?: ((run: string) => void) | undefined
  /** Before the panel's own tools: the choice of columns. */
  readonly tools?: ReactNode
  /** Further entries of its menu. */
  readonly menu?: readonly MenuEntry[] | undefined
}

interface Pointed {
  /** The run's number. */
  readonly run: number
  /** Undefined until it is known. */
  readonly name: string | undefined
  readonly left: number
  readonly top: number
}

/** Runs as points over two columns, coloured as everywhere; pointing at one emphasises the run in the group. */
export function ScatterChart({ title, model, named, onOpen, tools, menu = [] }: ScatterChartProps) {
  const host = useRef<HTMLDivElement>(null)
  const [chart, setChart] = useState<EChartsType | null>(null)
  const [fault, setFault] = useState<string | undefined>(undefined)
  const [table, setTable] = useState(false)
  const [pointed, setPointed] = useState<Pointed | null>(null)
  const colours = useChartColours()
  const group = useChartGroup()
  const emphasis = useStore(group, (state) => state.emphasisNumber)
  const { width, height } = useSize(host)
  // By hand: the compiler leaves this component as it is, and a render for each row that the pointer passes must not look at every run.
  const drawn = useMemo(() => scatterPoints(model, colours), [model, colours])
  const note = leftOut(model, drawn.length)
  const cloud = isCloud(drawn)
  const mark = useRef<HTMLDivElement>(null)

  const failed = (error: unknown): void => setFault(error instanceof Error ? error.message : String(error))
  const parts = useMemo(() => scatterSeries(drawn), [drawn])
  const open = useEffectEvent((at: Place) => {
    const run = runAt(parts, at)
    if (run === undefined) return
    named(Float64Array.of(run)).then(({ ids: [id = ''] }) => (id === '' ? undefined : onOpen?.(id)), failed)
  })
  /** Over a cloud a mark moves to the emphasised run: drawing thousands of points at each row that the pointer passes would hold scrolling up. */
  const placeMark = useEffectEvent((of: EChartsType | null) => {
    const node = mark.current
    if (node === null) return
    const found = cloud && emphasis !== null ? drawn.find((one) => one.run === emphasis) : undefined
    const [left, top] =
      found === undefined ? [] : (of?.convertToPixel({ xAxisIndex: 0, yAxisIndex: 0 }, [...found.value]) ?? [])
    node.hidden = left === undefined || top === undefined
    node.style.transform = `translate(${left ?? 0}px, ${top ?? 0}px)`
    node.style.background = found?.itemStyle.color ?? ''
  })
  const point = useEffectEvent((place: Place, at: { readonly left: number; readonly top: number }) => {
    const number = runAt(parts, place)
    setPointed(number === undefined ? null : { run: number, name: undefined, ...at })
    group.setState({ ...emphasisOf(null), emphasisNumber: number ?? null, fading: number !== undefined })
    if (number === undefined) return
    named(Float64Array.of(number)).then(({ ids: [id = ''], names: [name = ''] }) => {
      // By then the pointer may be elsewhere.
      if (group.getState().emphasisNumber !== number) return
      setPointed((now) => (now?.run === number ? { ...now, name } : now))
      if (id !== '') group.setState(emphasisOf({ id, number }))
    }, failed)
  })
  useEffect(() => {
    const node = host.current
    if (node === null || table) return undefined
    let made: EChartsType | null = null
    let gone = false
    import('./echarts-scatter.ts').then(({ createScatter }) => {
      if (gone) return
      made = createScatter(node)
      made.on('mouseover', (event) => point(event, { left: event.event?.offsetX ?? 0, top: event.event?.offsetY ?? 0 }))
      made.on('mouseout', () => point({}, { left: 0, top: 0 }))
      made.on('click', (event) => open(event))
      made.on('datazoom', () => placeMark(made))
      setChart(made)
    }, failed)
    return () => {
      gone = true
      made?.dispose()
      setChart(null)
    }
  }, [table])
  const strong = cloud ? null : emphasis
  // Another number of series than before: what is merged would leave some behind.
  useEffect(
    () => chart?.setOption(scatterOption(model, colours, strong), { replaceMerge: ['series'] }),
    [chart, model, colours, strong],
  )
  useEffect(() => {
    if (width > 0 && height > 0) chart?.resize({ width, height })
  }, [chart, width, height])
  useEffect(() => placeMark(chart), [chart, model, colours, width, height, emphasis])

  const exportCsv = () => {
    named(Float64Array.from(model.numbers)).then(({ ids, names }) => {
      const rows = ids.map((run, at) => [run, names[at] ?? '', model.x[at], model.y[at]].map(csvField).join(','))
      const head = ['run', 'name', model.xName, model.yName].map(csvField).join(',')
      save(fileName(title, 'csv'), new Blob([[head, ...rows, ''].join('\r\n')], { type: 'text/csv' }))
    }, failed)
  }
  const exportSvg = () => {
    const colour = toFileColours(colours)
    Promise.all([import('./echarts-scatter.ts'), import('./echarts-svg.ts')])
      .then(([, { scatterSvg }]) =>
        scatterSvg({ ...scatterOption(model, colour, null), backgroundColor: colour.canvas }, 960, 480),
      )
      .then((svg) => save(fileName(title, 'svg'), new Blob([svg], { type: 'image/svg+xml' })), failed)
  }
  const exportPng = () => {
    const address = chart?.getDataURL({ type: 'png', pixelRatio: 2, backgroundColor: colours.canvas })
    if (address === undefined) return
    const bytes = Uint8Array.from(atob(address.slice(address.indexOf(',') + 1)), (sign) => sign.charCodeAt(0))
    save(fileName(title, 'png'), new Blob([bytes], { type: 'image/png' }))
  }
  const at = pointed === null ? -1 : model.numbers.indexOf(pointed.run)

  return (
    <section className={panel.panel} aria-label={title}>
      <header className={panel.head}>
        <h2 className={cx(panel.title, panel.whole)}>{title}</h2>
        <span className={panel.note} title={note}>
          {note}
        </span>
        <span className="grow" />
        {tools}
        <span className={panel.tools}>
          <IconButton
            icon={table ? 'chart' : 'table'}
            label={table ? 'View as chart' : 'View as table'}
            size="small"
            onPress={() => setTable(!table)}
          />
          <MoreMenu
            label={`More for ${title}`}
            size="small"
            entries={[
              ...menu,
              { kind: 'action', id: 'csv', label: 'Export CSV', icon: 'download', onSelect: exportCsv },
              { kind: 'action', id: 'svg', label: 'Export SVG', icon: 'download', onSelect: exportSvg },
              {
                kind: 'action',
                id: 'png',
                label: 'Export PNG',
                icon: 'download',
                disabled: chart === null,
                onSelect: exportPng,
              },
            ]}
          />
        </span>
      </header>
      {fault === undefined ? null : (
        <p className={`s12 bad ${panel.fault ?? ''}`} role="alert">
          The chart could not be drawn. {fault}
        </p>
      )}
      <div className={panel.body}>
        {table ? (
          <ScatterTable title={title} model={model} named={named} onOpen={onOpen} />
        ) : (
          <>
            <div
              ref={host}
              className={s.plot}
              role="img"
              aria-label={`${title}: ${drawn.length} runs, ${model.yName} over ${model.xName}. View it as a table for the values.`}
            />
            <div ref={mark} className={s.mark} hidden aria-hidden="true" />
            {drawn.length === 0 ? (
              <p className={s.nothing}>
                No run has both {model.yName} and {model.xName}.
              </p>
            ) : null}
            {pointed === null || at === -1 ? null : (
              <div
                className={s.tooltip}
                aria-hidden="true"
                style={{ left: Math.min(pointed.left + 12, width - 180), top: Math.max(0, pointed.top - 64) }}
              >
                <span className={s.name}>
                  <RunKey number={pointed.run} />
                  {pointed.name ?? `#${pointed.run}`}
                </span>
                <div className="t3">
                  {model.xName} <span className="t1">{formatNumber(model.x[at] ?? Number.NaN)}</span>
                </div>
                <div className="t3">
                  {model.yName} <span className="t1">{formatNumber(model.y[at] ?? Number.NaN)}</span>
                </div>
              </div>
            )}
          </>
        )}
      </div>
    </section>
  )
}

/** What ECharts tells of the point that something happened to. */
interface Place {
  readonly seriesIndex?: number | undefined
  readonly dataIndex?: number | undefined
}

function runAt(
  parts: ReturnType<typeof scatterSeries>,
  { seriesIndex = -1, dataIndex = -1 }: Place,
): number | undefined {
  return parts[seriesIndex]?.[dataIndex]?.run
}
