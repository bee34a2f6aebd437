import { expect, it } from 'vitest'
import type { Cell, Column } from '#shared/contract/runs.ts'
import { columnParts } from './column-text.ts'
import { EXPERIMENT, isMixed, mixedCandidates, mixedColumns, mixedScatter } from './mixed-columns.ts'

const column = (id: string, more: Partial<Column> = {}): Column => {
  const { kind, key } = columnParts(id)
  const values = [
    { value: '1', count: 1 },
    { value: '2', count: 1 },
  ]
  return { id, kind, key, count: 1, numeric: true, min: 0, max: 1, values, histogram: [], ...more }
}

/** Rows of runs, each with the columns that it has. */
function tableOf(runs: readonly (readonly [experiment: string, Readonly<Record<string, Cell>>])[]) {
  const ids = [...new Set(runs.flatMap(([, values]) => Object.keys(values)))]
  return {
    candidates: ids.map((id) => column(id)),
    rows: runs.map(([experiment, values]): readonly Cell[] => [experiment, ...ids.map((id) => values[id] ?? null)]),
  }
}
const many = <T>(count: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, i) => make(i))

it('gives each experiment a column of its own before one has all of them', () => {
  const { candidates, rows } = tableOf([
    ...many(
      6,
      (i) =>
        ['vision', { 'metric:val/acc:best': i, 'metric:val/loss:best': i, 'param:lr': i, 'param:epochs': 9 }] as const,
    ),
    ...many(5, (i) => ['churn', { 'metric:auc:best': i, 'metric:logloss:best': i, 'param:depth': i }] as const),
    ...many(4, (i) => ['text', { 'metric:f1:best': i, 'metric:loss:best': i, 'param:lr': i + 10 }] as const),
  ])
  const columns = mixedColumns(candidates, rows, false)
  expect(columns.slice(0, 4)).toEqual([EXPERIMENT, 'metric:val/acc:best', 'metric:auc:best', 'metric:f1:best'])
  // What is the same in all rows is none, and each run has something in the first three.
  expect(columns.slice(5)).toEqual(['param:lr', 'param:depth', 'attribute:started', 'attribute:duration'])
})

it('takes what most rows have first, and leaves out what hardly any has', () => {
  const { candidates, rows } = tableOf([
    ...many(30, (i) => [i % 2 === 0 ? 'a' : 'b', { 'metric:f1:best': i, 'param:lr': i }] as const),
    ['a', { 'metric:val_loss:best': 1, 'param:odd': 1 }],
    ['b', { 'metric:f1:best': 1, 'param:odd': 2 }],
  ])
  expect(mixedColumns(candidates, rows, false)).toEqual([
    EXPERIMENT,
    'metric:f1:best',
    'param:lr',
    'attribute:started',
    'attribute:duration',
  ])
})

it('a scatter is over what runs have together, not over a parameter of one experiment and a metric of another', () => {
  const { candidates, rows } = tableOf([
    ...many(9, (i) => ['vision', { 'metric:val_acc:best': i, 'param:layers': 3, 'param:seed': i }] as const),
    ...many(5, (i) => ['churn', { 'metric:rmse:best': i, 'param:depth': i, 'param:seed': 1 }] as const),
  ])
  expect(mixedScatter(candidates, rows)).toEqual({ x: 'param:seed', y: 'metric:val_acc:best' })
  expect(mixedScatter(candidates, rows.slice(9))).toEqual({ x: 'param:depth', y: 'metric:rmse:best' })
  const apart = tableOf([
    ['a', { 'metric:val_acc:best': 1 }],
    ['b', { 'param:lr': 1 }],
    ['b', { 'param:lr': 2 }],
  ])
  expect(mixedScatter(apart.candidates, apart.rows)).toBeNull()
})

it('names the experiment where there may be another one', () => {
  const { candidates, rows } = tableOf([['a', { 'metric:f1:best': 1 }]])
  expect([mixedColumns(candidates, rows, false)[0], mixedColumns(candidates, rows, true)[0]]).toEqual([
    'metric:f1:best',
    EXPERIMENT,
  ])
})

it('is for runs of several experiments, with candidates that a new run does not put in another order', () => {
  const experiments = (count: number) =>
    column(EXPERIMENT, { values: many(count, (index) => ({ value: String(index), count: 1 })) })
  expect([isMixed([]), isMixed([experiments(1)]), isMixed([experiments(2)])]).toEqual([false, false, true])
  const columns = [
    experiments(2),
    ...many(60, (index) => column(`metric:m${index}:last`, { count: index })),
    column('metric:m59:best', { count: 99 }),
    column('metric:system/cpu:best', { count: 99 }),
    column('param:same', { count: 99, values: [{ value: '1', count: 99 }] }),
    column('param:lr', { count: 1 }),
  ]
  const ids = mixedCandidates(columns).map(({ id }) => id)
  expect(ids).toHaveLength(41)
  expect(ids).toEqual(ids.toSorted())
  expect(ids).toContain('param:lr')
  expect(ids).not.toContain('metric:m19:last')
})
