import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type MetricKey, panelGroups, panelOrder, prefixOf } from './panel-order.ts'

const metric = (key: string, runs = 1, origin: MetricKey['origin'] = 'logged'): MetricKey => ({ key, runs, origin })
const keysOf = (keys: readonly MetricKey[]): readonly string[] => keys.map(({ key }) => key)

it('groups keys as their writers name them', () => {
  expect(
    [
      'train/loss',
      'train/acc/top1',
      'val_loss',
      'val.loss',
      'eval-f1',
      'loss',
      'validation_loss',
      'value',
      '/loss',
      'devices',
    ].map(prefixOf),
  ).toEqual(['train', 'train', 'val', 'val', 'eval', '', 'validation', '', '', ''])
})

it('shows what is validated first, then what is trained, then what has no goal; what most runs have before the rest', () => {
  expect(
    keysOf(
      panelOrder([
        metric('lr', 9),
        metric('train_loss', 2),
        metric('grad_norm', 9),
        metric('loss', 9),
        metric('val_loss', 1),
        metric('val_acc', 1),
        metric('test/f1', 5),
        metric('val_samples', 9),
      ]),
    ),
  ).toEqual(['test/f1', 'val_acc', 'val_loss', 'loss', 'train_loss', 'grad_norm', 'lr', 'val_samples'])
})

it('leaves the machine out', () => {
  expect(panelOrder([metric('system/cpu'), metric('cpu', 1, 'system'), metric('loss', 1, 'log')])).toEqual([
    metric('loss', 1, 'log'),
  ])
})

it('groups keep the order of their first member, and every panel', () => {
  const keys = [metric('train/loss'), metric('val/loss'), metric('val/acc'), metric('lr'), metric('train/acc')]
  expect(panelGroups(keys).map(({ prefix, keys: members }) => [prefix, keysOf(members)])).toEqual([
    ['val', ['val/acc', 'val/loss']],
    ['train', ['train/acc', 'train/loss']],
    ['', ['lr']],
  ])
})

it('is one order, however the keys come', () => {
  const key = fc.record({
    key: fc.constantFrom('val_loss', 'val_acc', 'loss', 'lr', 'train/loss', 'test/f1', 'steps', '学習'),
    runs: fc.nat(3),
    origin: fc.constantFrom('logged' as const, 'log' as const),
  })
  const distinct = fc.uniqueArray(key, { selector: ({ key: name }) => name })
  fc.assert(
    fc.property(distinct, fc.infiniteStream(fc.double()), (keys, order) => {
      const shuffled = keys
        .map((one) => [order.next().value, one] as const)
        .toSorted(([a], [b]) => a - b)
        .map(([, one]) => one)
      expect(panelOrder(shuffled)).toEqual(panelOrder(keys))
    }),
  )
})
