import { useMemo } from 'react'
import { useStore } from 'zustand'
import { formatNumber } from '#shared/lib/format.ts'
import { RunKey } from '#renderer/ui/marks/run-key.tsx'
import { type ChartGroup, crosshairOn } from './chart-group.tsx'
import type { ChartLayout } from './frame-layout.ts'
import { cutToFit } from './frame-layout.ts'
import { readAt } from './lookup.ts'
import type { LineChartModel } from './model.ts'
import type { Painter } from './painter.ts'
import { formatRange, readoutAt, readoutFormat, type ReadoutRow } from './readout.ts'
import { formatX } from './ticks.ts'
import { placeTooltip } from './tooltip-place.ts'
import s from './line-chart.module.css'

export interface ChartTooltipProps {
  readonly group: ChartGroup
  readonly model: LineChartModel
  readonly layout: ChartLayout
  readonly smoothed: ReadonlyMap<string, Float64Array>
  readonly measure: Painter['measure']
  readonly emphasis: string | null
}

/** More rows than these are counted, not listed. */
const MOST = 12

const text = { size: 11, weight: 400, anchor: 'start', colour: '' } as const

/** The rows to list: all, or those around the emphasised one. */
const listed = (rows: readonly ReadoutRow[], emphasis: string | null): readonly ReadoutRow[] => {
  if (rows.length <= MOST) return rows
  const at = Math.max(
    0,
    rows.findIndex((row) => row.series.run === emphasis),
  )
  const from = Math.max(0, Math.min(at - MOST / 2, rows.length - MOST))
  return rows.slice(from, from + MOST)
}

/** px between the points of a line at which it is asked whether the tooltip would hide it. */
const PROBE = 12

const probe = (
  model: LineChartModel,
  layout: ChartLayout,
  smoothed: ReadonlyMap<string, Float64Array>,
): Float32Array => {
  const points: number[] = []
  for (const series of model.series.slice(0, 60)) {
    const values = smoothed.get(series.id) ?? series.columns.last
    for (let px = layout.plot.left; px <= layout.plot.right; px += PROBE) {
      const reading = readAt(series.columns, layout.x.toValue(px), series.gapAfter)
      if (reading !== undefined) points.push(px, layout.y.toPixel(values[reading.at] ?? reading.value))
    }
  }
  // Names at the line ends are worth as much as lines.
  for (const label of layout.labels) {
    for (let px = layout.plot.right + PROBE; px < layout.width; px += PROBE * 2) points.push(px, label.y)
  }
  return Float32Array.from(points)
}

/** Values at the crosshair, sorted by value, placed off the lines. The same is in the table of the chart. */
export function ChartTooltip({ group, model, layout, smoothed, measure, emphasis }: ChartTooltipProps) {
  const hover = useStore(group, (state) => crosshairOn(state, model.x.kind))
  const points = useMemo(() => probe(model, layout, smoothed), [model, layout, smoothed])
  if (hover === null) return null
  const all = readoutAt(model.series, smoothed, hover)
  if (all.length === 0) return null
  const rows = listed(all, emphasis)
  const format = readoutFormat(layout.y)
  const ranged = rows.some((row) => row.range !== undefined)
  const name = (row: ReadoutRow) => cutToFit(row.series.name, 170, (one) => measure(one, text))
  const widest = (texts: readonly string[]) => Math.max(0, ...texts.map((one) => measure(one, text)))
  const width =
    16 +
    18 +
    widest(rows.map(name)) +
    12 +
    widest(rows.map((row) => formatNumber(row.value, format))) +
    8 +
    (ranged ? 12 + widest(rows.map((row) => (row.range === undefined ? '' : formatRange(row.range, format)))) : 0)
  const height = 12 + 16 * (rows.length + 1 + (all.length > rows.length ? 1 : 0))
  const frame = {
    left: layout.plot.left + 2,
    top: layout.plot.top,
    width: layout.width - layout.plot.left - 6,
    height: layout.plot.bottom - layout.plot.top,
  }
  const place = placeTooltip({ width, height }, frame, layout.x.toPixel(hover), points)
  return (
    <div className={s.tooltip} style={{ ...place, minWidth: width }} aria-hidden="true">
      <table>
        <thead>
          <tr>
            <th>
              {model.x.label === undefined ? '' : `${model.x.label} `}
              {formatX(model.x.kind, hover)}
            </th>
            <th />
            {ranged ? <th>min–max</th> : null}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.series.id} data-emphasis={row.series.run === emphasis ? '' : undefined}>
              <td>
                <span className={s.name}>
                  <RunKey number={row.series.number} baseline={row.series.baseline === true} />
                  {name(row)}
                </span>
              </td>
              <td>{formatNumber(row.value, format)}</td>
              {ranged ? (
                <td className={s.range}>{row.range === undefined ? '' : formatRange(row.range, format)}</td>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
      {all.length > rows.length ? <div className={s.more}>and {all.length - rows.length} more</div> : null}
    </div>
  )
}
