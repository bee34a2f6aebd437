import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawChart } from './draw-chart.ts'
import { lonePoints } from './draw-lines.ts'
import { cutToFit, layoutChart } from './frame-layout.ts'
import { columnsOfPoints, type LineChartModel, type LineSeries } from './model.ts'
import { areaRuns, polyline } from './painter.ts'
import type { ChartColours } from './palette.ts'
import { formatRange, nearestSeries, readoutAt, readoutFormat } from './readout.ts'
import { linearScale } from './scale.ts'
import { smoothAll } from './smooth.ts'
import { summarise } from './summary.ts'
import { svgFile, svgPainter } from './svg-painter.ts'
import { placeTooltip } from './tooltip-place.ts'
import { traceBuckets } from './trace.ts'

const measure = (text: string) => text.length * 6
const colours: ChartColours = {
  text1: '#111111',
  text2: '#222222',
  text3: '#333333',
  line1: '#444444',
  line2: '#555555',
  line3: '#666666',
  canvas: '#ffffff',
  sunken: '#eeeeee',
  focus: '#0000ff',
  runs: Array.from({ length: 10 }, (_, at) => `#a0000${at}`),
}
const series = (
  name: string,
  x: readonly number[],
  y: readonly number[],
  more: Partial<LineSeries> = {},
): LineSeries => ({
  id: name,
  name,
  run: name,
  number: 1,
  columns: columnsOfPoints(x, y),
  ...more,
})
const model = (list: readonly LineSeries[], more: Partial<LineChartModel> = {}): LineChartModel => ({
  series: list,
  x: { kind: 'number', label: 'step' },
  y: {},
  smoothing: 0,
  ...more,
})
const draw = (what: LineChartModel) => {
  const painter = svgPainter(measure)
  const layout = layoutChart(what, { width: 600, height: 300 }, null, true, measure)
  drawChart(painter, what, layout, { colours, perPixel: 1, smoothed: smoothAll(what), emphasis: null, fading: false })
  return painter.content()
}

describe('traceBuckets', () => {
  const scale = linearScale([0, 1000], [0, 100])
  const y = linearScale([0, 1], [100, 0])
  it('keeps every extreme when points are denser than pixels, and two points a pixel', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 50, maxLength: 1000 }),
        (values) => {
          const xs = values.map((_, at) => (at / values.length) * 1000)
          const line = traceBuckets(columnsOfPoints(xs, values), scale, y, 1, undefined)
          const drawn = Array.from({ length: line.count }, (_, at) => line.points[2 * at + 1]!)
          const lowest = Math.fround(y.toPixel(Math.min(...values)))
          const highest = Math.fround(y.toPixel(Math.max(...values)))
          return line.count <= 2 * 101 + 2 && Math.max(...drawn) === lowest && Math.min(...drawn) === highest
        },
      ),
    )
  })
  it('lifts the pen at values that are none, and over gaps', () => {
    const odd = traceBuckets(columnsOfPoints([0, 100, 200], [0, Number.NaN, 1]), scale, y, 1, undefined)
    expect([...odd.points.subarray(0, 2 * odd.count)]).toEqual([0, 100, 10, Number.NaN, 20, 0])
    const gap = traceBuckets(columnsOfPoints([0, 100, 900], [0, 0, 1]), scale, y, 1, 200)
    expect([...gap.points.subarray(0, 2 * gap.count)]).toEqual([0, 100, 10, 100, 90, Number.NaN, 90, 0])
  })
  it('draws one bucket beyond each edge of the view, and nothing of an empty series', () => {
    const xs = [0, 100, 200, 300, 400]
    const zoomed = linearScale([150, 250], [0, 100])
    const line = traceBuckets(columnsOfPoints(xs, [0, 0, 0, 0, 0]), zoomed, y, 1, undefined)
    expect(line.count).toBe(3)
    expect(traceBuckets(columnsOfPoints([], []), scale, y, 1, undefined).count).toBe(0)
  })
})

describe('drawChart', () => {
  it('draws crosses for what is no number, and the names at the ends', () => {
    const svg = draw(model([series('cnn-w64', [0, 1, 2, 3], [1, 0.5, Number.NaN, 0.2])]))
    expect(svg).toContain('cnn-w64')
    expect(svg.match(/stroke-width="1.5"/g)?.length).toBe(2)
  })
  it('draws the smoothed line over the raw one, and says nothing twice', () => {
    const svg = draw(model([series('a', [0, 1, 2], [1, 0, 1])], { smoothing: 0.6 }))
    expect(svg).toContain('stroke-opacity="0.28"')
  })
  it('survives nothing, one point, and only odd values', () => {
    for (const list of [[], [series('a', [3], [7])], [series('a', [0, 1], [Number.NaN, Number.POSITIVE_INFINITY])]]) {
      for (const log of [false, true]) {
        expect(draw(model(list, { y: { log } }))).not.toMatch(/NaN|Infinity|undefined/)
      }
    }
  })
  it('escapes names in files', () => {
    const svg = svgFile(10, 10, '<a>', '#ffffff', draw(model([series('<script>&"', [0, 1], [1, 2])])))
    expect(svg).toContain('&lt;script&gt;&amp;&quot;')
    expect(svg).not.toContain('<script>')
  })
})

describe('readout', () => {
  const y = linearScale([0.8245, 0.8515], [100, 0])
  const x = linearScale([0, 10], [0, 100])
  const a = series('a', [0, 10], [0.83, 0.84], {
    band: { x: Float64Array.of(0, 10), low: Float64Array.of(0.82, 0.83), high: Float64Array.of(0.84, 0.85) },
  })
  const b = series('b', [0, 10], [0.85, 0.83])
  it('is sorted by value and has the bounds', () => {
    expect(readoutAt([a, b], new Map(), 9).map((row) => [row.series.id, row.value, row.range])).toEqual([
      ['a', 0.84, [0.83, 0.85]],
      ['b', 0.83, undefined],
    ])
  })
  it('has digits enough to tell lines apart', () => {
    expect(readoutFormat(y)).toEqual({ kind: 'fixed', decimals: 4 })
    expect(formatRange([0.8466, 0.8482], { kind: 'fixed', decimals: 4 })).toBe('.8466–.8482')
    expect(formatRange([-0.5, 1.5], { kind: 'fixed', decimals: 1 })).toBe('−.5–1.5')
  })
  it('finds the line under the pointer, and none far away', () => {
    expect(nearestSeries([a, b], new Map(), x, y, { x: 100, y: y.toPixel(0.84) + 3 }, 18)?.id).toBe('a')
    expect(nearestSeries([a, b], new Map(), x, y, { x: 100, y: 500 }, 18)).toBeUndefined()
  })
})

describe('placeTooltip', () => {
  const frame = { left: 0, top: 0, width: 400, height: 200 }
  const size = { width: 100, height: 50 }
  it('takes the place with the fewest points under it', () => {
    expect(placeTooltip(size, frame, 100, new Float32Array())).toEqual({ left: 114, top: 0 })
    expect(placeTooltip(size, frame, 100, Float32Array.of(150, 10))).toEqual({ left: 114, top: 150 })
    expect(placeTooltip(size, frame, 380, new Float32Array())).toEqual({ left: 266, top: 0 })
  })
  it('stays inside a frame that is hardly wider than it is', () => {
    expect(placeTooltip({ width: 390, height: 300 }, frame, 200, new Float32Array())).toEqual({ left: 10, top: 0 })
  })
})

it('parts areas where a bound is missing', () => {
  const upper = { points: Float32Array.of(0, 1, 1, Number.NaN, 2, 1, 3, 1), count: 4 }
  const lower = { points: Float32Array.of(0, 0, 1, 0, 2, 0, 3, 0), count: 4 }
  expect(areaRuns(upper, lower)).toEqual([
    [0, 1],
    [2, 4],
  ])
})

it('cuts names in their middle until they fit', () => {
  expect(cutToFit('short', 100, measure)).toBe('short')
  expect(cutToFit('a-very-long-name-seed-42', 72, measure)).toBe('a-very…ed-42')
})

it('says what a chart shows', () => {
  expect(summarise('val/loss', model([series('a', [0, 1, 2], [3, 1, 2])]))).toBe(
    'val/loss over step, 1 line. a: 2 at 2, from 1 to 3.',
  )
  expect(summarise('val/loss', model([]))).toBe('val/loss, no lines')
  expect(summarise('x', model([series('a', [0], [Number.NaN])]))).toContain('a: no value, 1 not a number or infinite')
})

it('a point without a neighbour is drawn as a dot', () => {
  const none = Number.NaN
  expect([
    lonePoints(polyline(1, 5)),
    lonePoints(polyline(1, 5, 2, 6)),
    lonePoints(polyline(1, 5, 2, none, 3, 7, 4, none, 5, 8, 6, 9)),
    lonePoints(polyline()),
  ]).toEqual([
    [[1, 5]],
    [],
    [
      [1, 5],
      [3, 7],
    ],
    [],
  ])
})
