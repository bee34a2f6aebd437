import { canvasPainter } from './canvas-painter.ts'
import { chartCsv } from './chart-csv.ts'
import { drawChart } from './draw-chart.ts'
import { endsFit, layoutChart } from './frame-layout.ts'
import type { Extent } from './extent.ts'
import type { LineChartModel } from './model.ts'
import type { Painter } from './painter.ts'
import { toFileColours, type ChartColours } from './palette.ts'
import { smoothAll } from './smooth.ts'
import { svgFile, svgPainter } from './svg-painter.ts'

export interface ChartFile {
  readonly title: string
  readonly model: LineChartModel
  readonly domain: Extent | null
  readonly colours: ChartColours
  readonly measure: Painter['measure']
}

/** px of exported pictures; a PNG has twice as many in both directions. */
const FILE = { width: 960, height: 480 } as const

const draw = (painter: Painter, file: ChartFile) => {
  const { model, domain, colours, measure } = file
  const count = model.series.length + (model.reference === undefined ? 0 : 1)
  const layout = layoutChart(model, FILE, domain, endsFit(count, FILE), measure)
  drawChart(painter, model, layout, { colours, perPixel: 2, smoothed: smoothAll(model), emphasis: null, fading: false })
}

/** The chart as an SVG file, in hex colours. */
export const chartSvg = (file: ChartFile): string => {
  const colours = toFileColours(file.colours)
  const painter = svgPainter(file.measure)
  draw(painter, { ...file, colours })
  return svgFile(FILE.width, FILE.height, file.title, colours.canvas, painter.content())
}

/** The chart as a PNG of 1920 x 960. Rejects when the browser gives no canvas. */
export const chartPng = async (file: ChartFile): Promise<Blob> => {
  const canvas = document.createElement('canvas')
  canvas.width = FILE.width * 2
  canvas.height = FILE.height * 2
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('No canvas to draw on')
  context.scale(2, 2)
  context.fillStyle = file.colours.canvas
  context.fillRect(0, 0, FILE.width, FILE.height)
  draw(canvasPainter(context, 2), file)
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob === null ? reject(new Error('The picture could not be encoded')) : resolve(blob)),
      'image/png',
    )
  })
}

/** A name that every file system takes. */
export const fileName = (title: string, ending: string): string =>
  `${
    title
      .replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')
      .replaceAll(/^-+|-+$/g, '')
      .slice(0, 80) || 'chart'
  }.${ending}`

/** Hands a file to the person: the browser or the window asks where to put it. */
export const save = (name: string, content: Blob): void => {
  const address = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}

export type ChartFormat = 'csv' | 'svg' | 'png'

/** Makes and hands over one of the three kinds of file. */
export const saveChart = async (format: ChartFormat, file: ChartFile): Promise<void> => {
  const { x, series } = file.model
  const content =
    format === 'png'
      ? await chartPng(file)
      : format === 'svg'
        ? new Blob([chartSvg(file)], { type: 'image/svg+xml' })
        : new Blob([chartCsv(x.label ?? 'x', series)], { type: 'text/csv' })
  save(fileName(file.title, format), content)
}
