import { useState, type KeyboardEvent, type PointerEvent } from 'react'
import { type ChartGroup, crosshairOn, emphasisOf, zoomGroup, zoomOn } from './chart-group.tsx'
import type { Extent } from './extent.ts'
import type { ChartLayout } from './frame-layout.ts'
import { snap, stepFrom } from './lookup.ts'
import type { LineChartModel } from './model.ts'
import { nearestSeries } from './readout.ts'
import { dragDomain, panBy, zoomAround } from './zoom.ts'

interface PointerParts {
  readonly id: string
  readonly group: ChartGroup
  readonly model: LineChartModel
  readonly layout: ChartLayout
  readonly smoothed: ReadonlyMap<string, Float64Array>
}

/** px within which a line is pointed at. */
const REACH = 18

/** What hands and keys do in a chart: crosshair, emphasis, zoom. */
export function useChartPointer({ id, group, model, layout, smoothed }: PointerParts) {
  const [drag, setDrag] = useState<{ readonly from: number; readonly to: number; readonly pixels: number } | null>(null)
  const { plot, x, y, whole } = layout

  const place = (event: PointerEvent | WheelEvent) => {
    const box = (event.currentTarget as Element | null)?.getBoundingClientRect()
    return { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) }
  }
  const inside = (point: { readonly x: number }) => point.x >= plot.left - 4 && point.x <= plot.right + 4
  const { kind } = model.x
  const zoomTo = (domain: Extent | null) => zoomGroup(group, kind, domain)
  const hover = (): number | null => crosshairOn(group.getState(), kind)
  const crossAt = (at: number | undefined) =>
    group.setState({ crosshair: at === undefined ? null : { kind, x: at }, source: id })
  const runs = () => [...new Set(model.series.map((series) => series.run))]

  const leave = () => {
    if (group.getState().source !== id) return
    group.setState({ crosshair: null, source: null, ...emphasisOf(null), fading: false })
  }
  const hoverAt = (point: { readonly x: number; readonly y: number }) => {
    if (!inside(point)) return leave()
    const found = snap(model.series, x.toValue(point.x))
    const near = nearestSeries(model.series, smoothed, x, y, point, REACH)
    group.setState({
      crosshair: found === undefined ? null : { kind, x: found },
      source: id,
      ...emphasisOf(near === undefined ? null : { id: near.run, number: near.number }),
      fading: near !== undefined,
    })
  }
  const end = () => setDrag(null)

  const keys: Readonly<Record<string, () => void>> = {
    '+': () => zoomTo(zoomAround(x.domain, whole, hover() ?? (x.domain[0] + x.domain[1]) / 2, 2)),
    '-': () => zoomTo(zoomAround(x.domain, whole, hover() ?? (x.domain[0] + x.domain[1]) / 2, 0.5)),
    '0': () => zoomTo(null),
    Home: () => crossAt(snap(model.series, x.domain[0])),
    End: () => crossAt(snap(model.series, x.domain[1])),
  }
  const step = (by: number) => {
    const from = hover()
    const next = from === null ? snap(model.series, x.domain[1]) : stepFrom(model.series, from, by)
    if (next === undefined) return
    crossAt(next)
    // The crosshair does not leave the view: the view goes with it.
    if (next < x.domain[0] || next > x.domain[1]) zoomTo(panBy(x.domain, whole, by < 0 ? -0.5 : 0.5))
  }
  const cycle = (by: number) => {
    const all = runs()
    const at = all.indexOf(group.getState().emphasis ?? '')
    const next = all[(at + by + all.length) % all.length]
    const of = model.series.find(({ run }) => run === next)
    group.setState({
      ...emphasisOf(of === undefined ? null : { id: of.run, number: of.number }),
      fading: true,
      source: id,
    })
  }

  return {
    /** The window that is being dragged. */
    drag: drag === null || drag.pixels < 4 ? null : ([drag.from, drag.to] as const),
    down: (event: PointerEvent) => {
      const point = place(event)
      if (event.button !== 0 || !inside(point)) return
      event.currentTarget.setPointerCapture(event.pointerId)
      setDrag({ from: x.toValue(point.x), to: x.toValue(point.x), pixels: 0 })
    },
    move: (event: PointerEvent) => {
      const point = place(event)
      if (drag === null) return hoverAt(point)
      setDrag({ ...drag, to: x.toValue(point.x), pixels: Math.abs(point.x - x.toPixel(drag.from)) })
    },
    up: () => {
      const domain = drag === null ? null : dragDomain(drag.from, drag.to, whole, drag.pixels)
      end()
      if (domain !== null) zoomTo(domain)
    },
    cancel: end,
    leave,
    reset: () => zoomTo(null),
    wheel: (event: WheelEvent) => {
      const point = place(event)
      if (!inside(point)) return
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault()
        zoomTo(zoomAround(x.domain, whole, x.toValue(point.x), Math.exp(-event.deltaY * 0.004)))
      } else if (
        zoomOn(group.getState(), kind) !== null &&
        (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY))
      ) {
        event.preventDefault()
        zoomTo(panBy(x.domain, whole, (event.deltaX || event.deltaY) / (plot.right - plot.left)))
      }
    },
    key: (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return
      const { key } = event
      if (key === 'Escape') {
        // Escape first takes back what the chart shows; only then does it mean what lies around it.
        if (hover() === null && zoomOn(group.getState(), kind) === null) return
        leave()
        zoomTo(null)
      } else if (key === 'ArrowRight' || key === 'ArrowLeft') {
        step((key === 'ArrowRight' ? 1 : -1) * (event.shiftKey ? 10 : 1))
      } else if (key === 'ArrowDown' || key === 'ArrowUp') {
        cycle(key === 'ArrowDown' ? 1 : -1)
      } else {
        const act = keys[key === '=' ? '+' : key]
        if (act === undefined) return
        act()
      }
      event.preventDefault()
      event.stopPropagation()
    },
  }
}
