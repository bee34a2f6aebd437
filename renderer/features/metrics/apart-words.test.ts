import { expect, it } from 'vitest'
import { rangeNames } from './apart-words.ts'

it('ranges are named by their ends, once where both read alike', () => {
  const steps = [
    { from: 1, to: 1_000 },
    { from: 1.79e18, to: 1.79e18 + 9e9 },
  ]
  expect(rangeNames('step', steps)).toEqual([
    { short: '1–1,000', long: 'steps 1 to 1,000' },
    { short: '1.79e18', long: 'steps 1.79e18' },
  ])
  const day = new Date(2026, 4, 3, 14, 20).getTime()
  expect(rangeNames('time', [{ from: day, to: day + 60_000 }], day)[0]?.short).toBe('today 14:20–today 14:21')
})
