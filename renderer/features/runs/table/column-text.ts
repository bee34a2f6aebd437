import type { Column } from '#shared/contract/runs.ts'
import { type ColumnParts, parseColumnId } from '#shared/domain/column-id.ts'
import { goalOf } from '#shared/domain/compare/goal.ts'
import { isOfMachine } from '#shared/domain/system-series.ts'
import { byMetricRank } from '../run/headline.ts'

/** The parts of a column's id. One that is none (of a view that was kept by another version) is shown by what follows its kind. */
export function columnParts(id: string): ColumnParts {
  return parseColumnId(id) ?? { kind: 'attribute', key: id.slice(id.indexOf(':') + 1) }
}

const ATTRIBUTES: Readonly<Record<string, string>> = {
  started: 'Started',
  duration: 'Took',
  status: 'State',
  experiment: 'Experiment',
  user: 'User',
  script: 'Script',
  branch: 'Branch',
  commit: 'Commit',
  note: 'Note',
  id: 'Id',
  ended: 'Ended',
}

/** What a column's header says: its name, and under it the aggregate or the kind. */
export function columnTitle(id: string): { readonly title: string; readonly subtitle: string | undefined } {
  const parts = columnParts(id)
  if (parts.kind === 'attribute') {
    const known = Object.hasOwn(ATTRIBUTES, parts.key) ? ATTRIBUTES[parts.key] : undefined
    return { title: known ?? parts.key, subtitle: undefined }
  }
  return { title: parts.key, subtitle: parts.kind === 'metric' ? parts.aggregate : parts.kind }
}

const SHOWN_METRICS = 4
const SHOWN_PARAMS = 6

/** Whether it is the one value of a metric that is shown before anyone asks: its best, or its last where no value is better. */
export function isTelling({ kind, key, id }: Column): boolean {
  return kind === 'metric' && !isOfMachine({ key }) && id.endsWith(goalOf(key) === 'neutral' ? ':last' : ':best')
}

/** The columns of someone who has chosen none: the telling metrics that most runs have, the parameters that differ, and when. */
export function usualColumns(columns: readonly Column[]): readonly string[] {
  const metrics = columns.filter(isTelling)
  const params = columns.filter(({ kind, values }) => kind === 'param' && values.length > 1)
  // A few runs that failed early must not put the columns in another order.
  const rare = (all: readonly Column[]): ((column: Column) => number) => {
    const most = Math.max(...all.map(({ count }) => count))
    return ({ count }) => (count * 2 < most ? 1 : 0)
  }
  const isRareMetric = rare(metrics)
  const isRareParam = rare(params)
  return [
    ...metrics
      .toSorted((a, b) => isRareMetric(a) - isRareMetric(b) || byMetricRank(a, b))
      .slice(0, SHOWN_METRICS)
      .map(({ id }) => id),
    ...params
      .toSorted((a, b) => isRareParam(a) - isRareParam(b) || (a.key < b.key ? -1 : 1))
      .slice(0, SHOWN_PARAMS)
      .map(({ id }) => id),
    'attribute:started',
    'attribute:duration',
  ]
}

/** The column that has heat while a person has not chosen: the second metric that has a goal; the first is read as numbers. */
export function usualHeat(columns: readonly string[]): readonly string[] {
  return columns
    .filter((id) => {
      const parts = columnParts(id)
      return parts.kind === 'metric' && goalOf(parts.key) !== 'neutral'
    })
    .slice(1, 2)
}

/** A column in words, for a list of choices: `val_acc best`, `lr`, `Took`. */
export function columnWords(id: string): string {
  const { title } = columnTitle(id)
  const parts = columnParts(id)
  return parts.kind === 'metric' ? `${title} ${parts.aggregate}` : title
}

/** Whether a parameter only tells repetitions apart. */
export function isSeed({ key }: Pick<Column, 'key'>): boolean {
  return /seed/i.test(key)
}

/** What a scatter shows while nobody has chosen: the number parameter with the most values, no seed if possible, and the first metric. */
export function usualScatter(columns: readonly Column[]): { readonly x: string; readonly y: string } | null {
  const [x] = columns
    .filter(({ kind, numeric, min, max }) => kind === 'param' && numeric && min !== max)
    .toSorted(
      (a, b) => Number(isSeed(a)) - Number(isSeed(b)) || b.values.length - a.values.length || (a.key < b.key ? -1 : 1),
    )
  const y = usualColumns(columns).find((id) => columnParts(id).kind === 'metric')
  return x === undefined || y === undefined ? null : { x: x.id, y }
}
