import { expect, test } from 'vitest'
import { openTestStore, trainingPoints } from '#test/fixtures/metrics/open-test-store.ts'

const NANOSECONDS = 1_790_000_000_000_000_000

test('the nearest point before a view of nanoseconds is the last of the small steps, though all are as far away in doubles', async () => {
  const { store } = openTestStore()
  const series = store.seriesFor(1, 'loss', 'logged')
  await store.append(trainingPoints(series, 1, 9_000))
  const before = (): readonly number[] => [
    ...store.level(series, { axis: 'step', from: NANOSECONDS, to: Infinity, width: 100 }).x,
  ]
  expect(before()).toEqual([9_000])
  await store.compactNow()
  expect(before()).toEqual([9_000])
  expect([...store.level(series, { axis: 'step', from: -Infinity, to: -NANOSECONDS, width: 100 }).x]).toEqual([1])
})
