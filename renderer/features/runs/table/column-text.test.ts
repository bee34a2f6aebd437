import { describe, expect, it } from 'vitest'
import type { Column } from '#shared/contract/runs.ts'
import { columnParts, columnTitle, columnWords, usualColumns, usualHeat, usualScatter } from './column-text.ts'

const column = (id: string, more: Partial<Column> = {}): Column => {
  const { kind, key } = columnParts(id)
  return { id, kind, key, count: 1, numeric: true, min: 0, max: 1, values: [], histogram: [], ...more }
}
const values = (count: number): Column['values'] =>
  Array.from({ length: count }, (_, index) => ({ value: String(index), count: 1 }))

it('an id that is none is shown by what follows its kind', () => {
  expect(['metric:val_acc:best', 'metric:val_acc:odd', 'other:x', 'x'].map(columnParts)).toEqual([
    { kind: 'metric', key: 'val_acc', aggregate: 'best' },
    { kind: 'attribute', key: 'val_acc:odd' },
    { kind: 'attribute', key: 'x' },
    { kind: 'attribute', key: 'x' },
  ])
})

it('a header says the name, and under it the aggregate or the kind', () => {
  expect(
    ['attribute:duration', 'attribute:constructor', 'param:lr', 'metric:val_acc:best', 'tag:team'].map(columnTitle),
  ).toEqual([
    { title: 'Took', subtitle: undefined },
    { title: 'constructor', subtitle: undefined },
    { title: 'lr', subtitle: 'param' },
    { title: 'val_acc', subtitle: 'best' },
    { title: 'team', subtitle: 'tag' },
  ])
  expect(['attribute:duration', 'param:lr', 'metric:val_acc:best'].map(columnWords)).toEqual([
    'Took',
    'lr',
    'val_acc best',
  ])
})

describe('what is shown while nobody has chosen', () => {
  it('the telling metrics that many runs have, the parameters that differ, and when', () => {
    const columns = [
      column('metric:loss:best', { count: 5 }),
      column('metric:loss:last', { count: 5 }),
      column('metric:val_loss:best', { count: 5 }),
      column('metric:rare_f1:best', { count: 1 }),
      column('metric:acc:best', { count: 5 }),
      column('metric:f1:best', { count: 4 }),
      column('metric:system/cpu:best', { count: 9 }),
      column('param:lr', { count: 5, values: values(3) }),
      column('param:same', { count: 5, values: values(1) }),
      column('param:depth', { count: 4, values: values(2) }),
      column('tag:team', { count: 5, values: values(2) }),
    ]
    expect(usualColumns(columns)).toEqual([
      'metric:val_loss:best',
      'metric:acc:best',
      'metric:f1:best',
      'metric:loss:best',
      'param:depth',
      'param:lr',
      'attribute:started',
      'attribute:duration',
    ])
    expect(usualColumns([])).toEqual(['attribute:started', 'attribute:duration'])
  })

  it('the last of a metric of which nobody knows whether more is better: it has no best', () => {
    const columns = ['best', 'last', 'max'].map((aggregate) => column(`metric:grad_norm:${aggregate}`, { count: 5 }))
    expect(usualColumns(columns)).toEqual(['metric:grad_norm:last', 'attribute:started', 'attribute:duration'])
  })

  it('at most six parameters', () => {
    const many = Array.from({ length: 20 }, (_, index) => column(`param:p${index}`, { values: values(2) }))
    expect(usualColumns(many).filter((id) => id.startsWith('param:'))).toHaveLength(6)
  })

  it('heat on the second metric that has a goal', () => {
    expect(usualHeat(['param:lr', 'metric:steps:last', 'metric:acc:best', 'metric:loss:best'])).toEqual([
      'metric:loss:best',
    ])
    expect(usualHeat(['metric:acc:best'])).toEqual([])
  })

  it('a scatter of the number parameter with the most values, no seed if possible, over the first metric', () => {
    const columns = [
      column('param:seed', { values: values(9) }),
      column('param:lr', { values: values(3) }),
      column('param:fixed', { values: values(9), min: 1, max: 1 }),
      column('param:name', { values: values(9), numeric: false }),
      column('metric:acc:best'),
    ]
    expect(usualScatter(columns)).toEqual({ x: 'param:lr', y: 'metric:acc:best' })
    expect(usualScatter(columns.filter(({ id }) => id !== 'param:lr'))).toEqual({
      x: 'param:seed',
      y: 'metric:acc:best',
    })
    expect([
      usualScatter([column('metric:acc:best')]),
      usualScatter([column('param:lr', { values: values(3) })]),
    ]).toEqual([null, null])
  })
})
