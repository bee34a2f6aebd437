import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Comparable, differenceOf } from './difference.ts'
import { goalOf } from './goal.ts'
import { canonicalValue, isSeedName, sameValue, seedGroupKey } from './seeds.ts'
import { gapInSd, spreadOf } from './statistics.ts'

it('names tell goals', () => {
  const names = [
    'val_loss',
    'eval/F1',
    'valAccuracy',
    'top5_error',
    'neg_mean_squared_error',
    'lr',
    'epoch_seconds',
    "train's auc",
    'recall@10',
    'train-logloss',
    'glossary',
    'macro avg/f1-score',
  ]
  expect(names.map(goalOf)).toEqual([
    'down',
    'up',
    'up',
    'down',
    'up',
    'neutral',
    'neutral',
    'up',
    'up',
    'down',
    'neutral',
    'up',
  ])
})

describe('statistics', () => {
  it('mean and sample deviation of the NIST series NumAcc3', () => {
    // NIST StRD: 1000000.2 then 500 times 1000000.1 and 1000000.3; mean 1000000.2, sd 0.1.
    const values = [
      1_000_000.2,
      ...Array.from({ length: 1_000 }, (_, index) => (index % 2 === 0 ? 1_000_000.1 : 1_000_000.3)),
    ]
    const spread = spreadOf(values)
    expect(spread?.mean).toBeCloseTo(1_000_000.2, 9)
    expect(spread?.sd).toBeCloseTo(0.1, 9)
  })
  it('what is not finite does not count', () => {
    expect(spreadOf([1, Number.NaN, 3, Infinity])).toEqual({ count: 2, mean: 2, sd: Math.SQRT2, min: 1, max: 3 })
    expect([spreadOf([]), spreadOf([5])?.sd]).toEqual([null, null])
  })
  it('a gap needs a spread', () => {
    expect([gapInSd(-0.5, 0.25), gapInSd(1, null), gapInSd(1, 0), gapInSd(Number.NaN, 1)]).toEqual([
      2,
      null,
      null,
      null,
    ])
  })
})

describe('seeds', () => {
  it('names of seeds', () => {
    expect(
      [
        'seed',
        'random_state',
        'trainer.seed',
        'np-seed',
        'fold',
        'seed_everything',
        'speed',
        'n_fold',
        'needs_seed',
      ].map(isSeedName),
    ).toEqual([true, true, true, true, true, false, false, false, true])
  })
  it('numbers are equal by value', () => {
    expect([
      sameValue('1e-3', '0.001'),
      sameValue('1', '1.0'),
      sameValue('nan', 'nan'),
      sameValue('', '0'),
      sameValue('a', 'A'),
    ]).toEqual([true, true, true, false, false])
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        (value) =>
          sameValue(String(value), value.toExponential(17)) &&
          canonicalValue(value.toExponential(17)) === canonicalValue(String(value)),
      ),
    )
  })
  it('a group is everything but the seed, in any order', () => {
    const group = (params: readonly (readonly [string, string])[]): string => seedGroupKey('train.py', '0', params)
    expect(
      group([
        ['lr', '0.10'],
        ['seed', '1'],
      ]),
    ).toBe(
      group([
        ['seed', '2'],
        ['lr', '1e-1'],
      ]),
    )
    expect(group([['lr', '0.1']])).not.toBe(group([['lr', '0.2']]))
  })
})

describe('difference', () => {
  const run = (id: string, given: Partial<Comparable>): Comparable => ({
    id,
    params: {},
    metrics: [],
    tags: {},
    packages: {},
    environment: {},
    facts: {},
    seedSpread: {},
    ...given,
  })
  const metric = (key: string, last: number, min = last, max = last) => ({ key, origin: 'logged', last, min, max })

  it('compares with the first run', () => {
    const sections = differenceOf([
      run('a', {
        params: { lr: '1e-3', wd: '0' },
        metrics: [metric('val_acc', 0.8, 0.1, 0.9), metric('system/cpu_utilization_percentage', 90)],
        seedSpread: { val_acc: 0.01 },
      }),
      run('b', { params: { lr: '0.001' }, metrics: [metric('val_acc', 0.85, 0.1, 0.88), metric('lr', Number.NaN)] }),
    ])
    expect(sections.map(({ name, differing, rows }) => [name, differing, rows.length])).toEqual([
      ['metrics', 2, 2],
      ['params', 1, 2],
      ['code', 0, 0],
      ['tags', 0, 0],
      ['packages', 0, 0],
      ['environment', 0, 0],
    ])
    expect(sections[0]?.rows[1]).toMatchObject({
      key: 'val_acc',
      goal: 'up',
      aggregate: 'max',
      cells: [
        { value: 0.9, best: true, delta: null },
        { value: 0.88, best: false },
      ],
    })
    const cell = sections[0]?.rows[1]?.cells[1]
    expect(cell?.kind === 'metric' && [cell.delta?.toFixed(6), cell.gap?.toFixed(6)]).toEqual(['-0.020000', '2.000000'])
    expect(sections[1]?.rows.map(({ key, differs, cells }) => [key, differs, cells.map((one) => one.value)])).toEqual([
      ['lr', false, ['1e-3', '0.001']],
      ['wd', true, ['0', null]],
    ])
  })

  it('a run does not differ from itself', () => {
    const record = fc.dictionary(fc.string(), fc.string(), { maxKeys: 5 })
    fc.assert(
      fc.property(record, record, fc.array(fc.tuple(fc.string(), fc.double())), (params, tags, values) => {
        const one = run('a', { params, tags, metrics: values.map(([key, value]) => metric(key, value)) })
        return differenceOf([one, { ...one, id: 'b' }]).every(({ differing }) => differing === 0)
      }),
    )
  })
})
