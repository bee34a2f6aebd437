import fc from 'fast-check'
import { expect, it } from 'vitest'
import { runStyle } from './run-colour.ts'

it('gives the first ten runs their own colour, then the same ten another stroke', () => {
  expect([1, 10, 11, 21, 31, 91].map((n) => runStyle(n))).toEqual([
    { hue: 1, stroke: 0, colour: 'var(--run-1)', dash: [] },
    { hue: 10, stroke: 0, colour: 'var(--run-10)', dash: [] },
    { hue: 1, stroke: 1, colour: 'var(--run-1)', dash: [6, 3] },
    { hue: 1, stroke: 2, colour: 'var(--run-1)', dash: [2, 2.5] },
    { hue: 1, stroke: 3, colour: 'var(--run-1)', dash: [8, 3, 2, 3] },
    { hue: 1, stroke: 0, colour: 'var(--run-1)', dash: [] },
  ])
})

it('never gives two of ninety runs in a row the same look', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 89 }), (n, apart) => {
      const [a, b] = [runStyle(n), runStyle(n + apart)]
      return a.hue !== b.hue || a.stroke !== b.stroke
    }),
  )
})
