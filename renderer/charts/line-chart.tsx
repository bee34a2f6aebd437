import { useEffect, useEffectEvent, useId, useMemo, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { useSize } from '#renderer/ui/use-size.ts'
import { crosshairOn, useChartGroup, zoomOn } from './chart-group.tsx'
import { ChartTooltip } from './chart-tooltip.tsx'
import type { DrawOptions } from './draw-chart.ts'
import { createLayers } from './chart-layers.ts'
import { drawFrame } from './draw-frame.ts'
import { drawLines } from './draw-lines.ts'
import { drawMarks } from './draw-marks.ts'
import { drawOverlay } from './draw-overlay.ts'
import { endsFit, layoutChart } from './frame-layout.ts'
import type { LineChartModel } from './model.ts'
import type { Painter } from './painter.ts'
import { smoothAll } from './smooth.ts'
import { summarise } from './summary.ts'
import { useChartColours, useMeasure, usePixelRatio } from './use-canvas.ts'
import { useChartPointer } from './use-chart-pointer.ts'
import s from './line-chart.module.css'

/** What of x is seen, and in how many px: what the next request for levels should ask for. */
export interface ChartView {
  /** Undefined when all of x is seen. */
  readonly from: number | undefined
  readonly to: number | undefined
  /** CSS px of the plot. */
  readonly width: number
}

export interface LineChartProps {
  /** The metric; first words of the summary that is heard. */
  readonly title: string
  readonly model: LineChartModel
  /** Names at the line ends: `auto` where there is room. */
  readonly ends?: 'auto' | 'never' | undefined
  /** Tells what to fetch after a zoom or a change of size; in px, so that about two points a pixel come. */
  readonly onView?: ((view: ChartView) => void) | undefined
}

/** The least that a line fades to. */
const FADED = 0.32
/** The narrowest chart that shows a tooltip; others leave the values to their header. */
const TOOLTIP_FROM = 360

/**
 * Lines of many runs on a canvas: drag to zoom, double click or 0 to see all, Control and wheel to zoom, arrows to step
 * through points, Up and Down to go from run to run. Charts of a group share crosshair, emphasis and zoom.
 */
export function LineChart({ title, model, ends = 'auto', onView }: LineChartProps) {
  const id = useId()
  const root = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const group = useChartGroup()
  const domain = useStore(group, (state) => zoomOn(state, model.x.kind))
  // Of its own runs alone: a table that is scrolled under the pointer emphasises each row, and most have no line here.
  const shownEmphasis = useStore(group, ({ emphasis }) =>
    emphasis !== null && model.series.some((series) => series.run === emphasis) ? emphasis : null,
  )
  const fading = useStore(group, (state) => state.fading)
  const hovered = useStore(group, (state) => state.source === id && state.crosshair !== null)
  const colours = useChartColours()
  const ratio = usePixelRatio()
  const measure = useMeasure()
  const size = useSize(root)
  const smoothed = useMemo(() => smoothAll(model), [model])
  const summary = useMemo(() => summarise(title, model), [title, model])
  const named = model.series.length + (model.reference === undefined ? 0 : 1)
  const layout = useMemo(
    () => layoutChart(model, size, domain, ends === 'auto' && endsFit(named, size), measure),
    [model, size, domain, ends, named, measure],
  )
  const only = new Set(model.series.map((series) => series.run)).size < 2

  // Many lines hide each other's finest strokes: they are drawn by the px, not by the pixel of the screen.
  const perPixel = model.series.length > 20 ? 1 : ratio
  const faded = fading && !only && shownEmphasis !== null
  const options = useMemo(
    (): DrawOptions => ({ colours, perPixel, smoothed, emphasis: shownEmphasis, fading: faded }),
    [colours, perPixel, smoothed, shownEmphasis, faded],
  )
  // The lines know nothing of the emphasis: they fade as a layer, and the emphasised run is drawn over them.
  const still = useMemo(
    (): DrawOptions => ({ colours, perPixel, smoothed, emphasis: null, fading: false }),
    [colours, perPixel, smoothed],
  )

  const pointer = useChartPointer({ id, group, model, layout, smoothed })
  const [dragFrom, dragTo] = pointer.drag ?? [0, 0]
  const emphasised = model.series.filter((series) => series.run === shownEmphasis)
  const drawFrameOn = useEffectEvent((painter: Painter) => drawFrame(painter, model, layout, options))
  const drawLinesOn = useEffectEvent((painter: Painter) => drawLines(painter, model.series, layout, still, false))
  const drawOver = useEffectEvent((painter: Painter) => {
    const hover = crosshairOn(group.getState(), model.x.kind)
    drawLines(painter, emphasised, layout, options, true)
    drawMarks(painter, model, layout, options)
    drawOverlay(painter, model, layout, colours, smoothed, { hover, emphasis: shownEmphasis, drag: pointer.drag })
  })
  const place = useEffectEvent(() => ({ canvas: canvas.current, size, ratio, fade: faded ? FADED : 1 }))
  const [layers] = useState(createLayers)
  useEffect(() => layers.mount({ place, frame: drawFrameOn, lines: drawLinesOn, over: drawOver }), [layers])
  useEffect(() => layers.spoil('frame'), [layers, model, layout, size, ratio, options])
  useEffect(() => layers.spoil('lines'), [layers, model, layout, size, ratio, still])
  useEffect(() => layers.spoil(), [layers, faded, dragFrom, dragTo])
  useEffect(
    () =>
      group.subscribe((now, before) => {
        if (now.crosshair !== before.crosshair) layers.spoil()
      }),
    [group, layers],
  )

  const tellView = useEffectEvent((view: ChartView) => onView?.(view))
  const plotWidth = Math.round(layout.plot.right - layout.plot.left)
  useEffect(() => {
    if (size.width === 0) return undefined
    // Wheel and window edges move in many small steps; only where they rest is worth a request.
    const timer = setTimeout(() => tellView({ from: domain?.[0], to: domain?.[1], width: plotWidth }), 120)
    return () => clearTimeout(timer)
  }, [domain, plotWidth, size.width])

  // The wheel must be able to keep the page from zooming, which a passive listener (React's) cannot.
  const onWheel = useEffectEvent((event: WheelEvent) => pointer.wheel(event))
  useEffect(() => {
    const node = root.current
    if (node === null) return undefined
    const listen = (event: WheelEvent) => onWheel(event)
    node.addEventListener('wheel', listen, { passive: false })
    return () => node.removeEventListener('wheel', listen)
  }, [])

  return (
    <div className={s.chart}>
      <div
        ref={root}
        className={s.plot}
        role="img"
        aria-label={summary}
        tabIndex={0}
        onPointerDown={pointer.down}
        onPointerMove={pointer.move}
        onPointerUp={pointer.up}
        onPointerCancel={pointer.cancel}
        onPointerLeave={pointer.leave}
        onDoubleClick={pointer.reset}
        onKeyDown={pointer.key}
        onBlur={pointer.leave}
      >
        <canvas ref={canvas} className={s.layer} />
      </div>
      {hovered && size.width >= TOOLTIP_FROM ? (
        <ChartTooltip
          group={group}
          model={model}
          layout={layout}
          smoothed={smoothed}
          measure={measure}
          emphasis={shownEmphasis}
        />
      ) : null}
    </div>
  )
}
