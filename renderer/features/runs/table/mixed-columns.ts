import type { Cell, Column } from '#shared/contract/runs.ts'
import { byMetricRank } from '../run/headline.ts'
import { isSeed, isTelling } from './column-text.ts'

/** Where runs of several experiments stand together, each with metrics and parameters of its own. */
export const EXPERIMENT = 'attribute:experiment'

const MOST_CANDIDATES = 40
const SHOWN_METRICS = 4
const SHOWN_PARAMS = 6
/** Of the rows that are looked at, fewer with a value than this part are no column. */
const LEAST_SHARE = 0.08

/** True where runs are of more than one experiment. */
export function isMixed(columns: readonly Column[]): boolean {
  return (columns.find(({ id }) => id === EXPERIMENT)?.values.length ?? 0) > 1
}

/** Columns that may be shown in a mixed table: the metrics and the parameters that most runs have. In the order of their ids, so that a new run changes little. */
export function mixedCandidates(columns: readonly Column[]): readonly Column[] {
  const most = (all: readonly Column[]): readonly Column[] =>
    all.toSorted((a, b) => b.count - a.count || byMetricRank(a, b)).slice(0, MOST_CANDIDATES)
  const metrics = columns.filter(isTelling)
  const params = columns.filter(({ kind, values }) => kind === 'param' && values.length > 1)
  return [...most(metrics), ...most(params)].toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

/**
 * The columns of a mixed table of which a person has chosen none: what fills the rows that they see. Each next column is the one that says most of rows of
 * which little is said yet, so that every experiment has its own before one has all of them.
 *
 * @param candidates In the order of the cells.
 * @param rows Cells of the first rows: of each the experiment, then one for each candidate.
 * @param hasMore Whether there are rows beyond these, perhaps of other experiments.
 */
export function mixedColumns(
  candidates: readonly Column[],
  rows: readonly (readonly Cell[])[],
  hasMore: boolean,
): readonly string[] {
  const places = candidates.map((column, index) => ({ column, at: index + 1 }))
  const metrics = places.filter(({ column }) => column.kind === 'metric')
  const params = places.filter(({ column, at }) => column.kind === 'param' && valuesAt(rows, at) > 1)
  const experiments = valuesAt(rows, 0)
  return [
    ...(experiments > 1 || hasMore ? [EXPERIMENT] : []),
    ...mostTelling(metrics, rows, SHOWN_METRICS),
    ...mostTelling(params, rows, SHOWN_PARAMS),
    'attribute:started',
    'attribute:duration',
  ]
}

/**
 * What a scatter of a mixed table shows while nobody has chosen: the parameter and the metric that most of the rows have together, or null where no row has
 * two of them. Of as many, the more telling metric and the parameter with more values, no seed if possible.
 */
export function mixedScatter(
  candidates: readonly Column[],
  rows: readonly (readonly Cell[])[],
): { readonly x: string; readonly y: string } | null {
  const places = candidates.map((column, index) => ({ column, at: index + 1, values: valuesAt(rows, index + 1) }))
  const metrics = places
    .filter(({ column }) => column.kind === 'metric')
    .toSorted((a, b) => byMetricRank(a.column, b.column))
  const params = places
    .filter(({ column, values }) => column.kind === 'param' && column.numeric && values > 1)
    .toSorted((a, b) => Number(isSeed(a.column)) - Number(isSeed(b.column)) || b.values - a.values)
  let best: { readonly x: string; readonly y: string; readonly both: number } | null = null
  for (const y of metrics) {
    for (const x of params) {
      const both = rows.filter((cells) => hasValue(cells[x.at]) && hasValue(cells[y.at])).length
      if (both > (best?.both ?? 0)) best = { x: x.column.id, y: y.column.id, both }
    }
  }
  return best === null ? null : { x: best.x, y: best.y }
}

type Place = { readonly column: Column; readonly at: number }

function mostTelling(places: readonly Place[], rows: readonly (readonly Cell[])[], slots: number): readonly string[] {
  const said = rows.map(() => 0)
  const left = new Set(places.toSorted((a, b) => byMetricRank(a.column, b.column)))
  const chosen: string[] = []
  while (chosen.length < slots) {
    let best: { readonly place: Place; readonly gain: number } | undefined
    for (const place of left) {
      let gain = 0
      rows.forEach((cells, row) => {
        if (hasValue(cells[place.at])) gain += 1 / (1 + (said[row] ?? 0)) ** 2
      })
      if (best === undefined || gain > best.gain) best = { place, gain }
    }
    if (best === undefined || best.gain === 0) break
    const { column, at } = best.place
    left.delete(best.place)
    if (rows.filter((cells) => hasValue(cells[at])).length < rows.length * LEAST_SHARE) continue
    chosen.push(column.id)
    rows.forEach((cells, row) => void (hasValue(cells[at]) && (said[row] = (said[row] ?? 0) + 1)))
  }
  return chosen
}

const hasValue = (cell: Cell | undefined): boolean => cell !== null && cell !== undefined && cell !== ''

function valuesAt(rows: readonly (readonly Cell[])[], at: number): number {
  return new Set(rows.flatMap((cells) => (hasValue(cells[at]) ? [JSON.stringify(cells[at])] : []))).size
}
