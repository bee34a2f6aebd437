import { useState } from 'react'
import type { Axis, SeriesName } from '#shared/contract/metrics.ts'
import { type ApartRange, apartRanges } from '#renderer/charts/apart.ts'
import type { LineChartModel, LineSeries } from '#renderer/charts/model.ts'
import { useRead } from '#renderer/client/index.ts'

type ApartParts = {
  readonly project: string
  readonly series: readonly SeriesName[]
  readonly axis: Axis
  readonly model: LineChartModel
  /** Whether the model shows all of x, rather than a window or what was asked before. */
  readonly whole: boolean
}

const NONE: readonly ApartRange[] = []
/** Pixels of the question for where ranges end: enough to tell their ends, few to send. */
const WIDTH = 100

/** The chart's model with the ranges of x that lie far apart in it, which stay known while one of them is looked at. */
export function useApart({ project, series, axis, model, whole }: ApartParts): {
  readonly model: LineChartModel
  readonly ranges: readonly ApartRange[]
  /** Whether the steps of this metric lay far apart when they were last drawn. */
  readonly wasApart: boolean
} {
  const [kept, setKept] = useState<{ readonly axis: Axis; readonly ranges: readonly ApartRange[] }>()
  const [wasApart, setWasApart] = useState(false)
  const rough = whole && axis !== 'relative' ? apartRanges(model.series) : NONE
  // Of many points, all that lie in one pixel come as one. From where the last range begins, the answer has the point before it, which
  // ends the range before, and the last range in its own pixels.
  const last = rough.at(-1)
  const hidden = last !== undefined && model.series.some(({ columns }) => !columns.exact)
  const ends = useRead(
    'metrics.levels',
    { project, series, axis, from: last?.from ?? 0, width: WIDTH },
    { enabled: hidden, keepPrevious: true },
  )
  const found = hidden && ends.data !== undefined ? apartRanges([...model.series, ...ends.data.map(lineOf)]) : rough
  const known = kept?.axis === axis ? kept.ranges : NONE
  const changed = whole && !isSame(known, found)
  if (changed || (whole && kept?.axis !== axis)) setKept({ axis, ranges: found })
  if (whole && axis === 'step' && wasApart !== found.length > 0) setWasApart(found.length > 0)
  const ranges = changed ? found : known
  return { model: ranges.length === 0 ? model : partedModel(model, ranges), ranges, wasApart }
}

/** The model whose lines end with their range: one from step 200 to a nanosecond says nothing. */
export function partedModel(model: LineChartModel, ranges: readonly ApartRange[]): LineChartModel {
  const ways = ranges.slice(1).map(({ from }, at) => from - (ranges[at]?.to ?? from))
  const gapAfter = Math.min(...ways) / 2
  return {
    ...model,
    x: { ...model.x, apart: ranges },
    series: model.series.map((series) => ({ ...series, gapAfter })),
  }
}

/** What `apartRanges` asks of a line. */
function lineOf({ run, ...columns }: LineSeries['columns'] & { readonly run: string }): LineSeries {
  return { id: run, name: run, run, number: 0, columns }
}

function isSame(a: readonly ApartRange[], b: readonly ApartRange[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
