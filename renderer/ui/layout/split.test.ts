import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clampSize, draggedSize, keyedSize } from './split.ts'

const bounds = { minimum: 240, maximum: 600 }

describe('draggedSize', () => {
  it('keeps within bounds, and folds only when pulled well below', () => {
    expect([700, 300, 200, 190].map((wanted) => draggedSize(wanted, bounds, true))).toEqual([600, 300, 240, null])
    expect(draggedSize(10, bounds, false)).toBe(240)
  })
})

describe('keyedSize', () => {
  const key = (name: string, size: number | null, shift = false) =>
    keyedSize(name, shift, size, bounds, 'ArrowLeft', true)
  it('moves by steps, to the bounds, and folds', () => {
    expect(key('ArrowLeft', 300)).toBe(316)
    expect(key('ArrowLeft', 300, true)).toBe(364)
    expect(key('ArrowRight', 300)).toBe(284)
    expect(key('ArrowRight', 240)).toBeNull()
    expect(key('Home', 300)).toBe(240)
    expect(key('End', 300)).toBe(600)
    expect(key('Enter', 300)).toBeNull()
    expect(key('Enter', null)).toBe(240)
    expect(key('ArrowLeft', null)).toBe(240)
    expect(key('a', 300)).toBeUndefined()
  })
})

it('never leaves the bounds, not even when the window is smaller than the minimum', () => {
  fc.assert(
    fc.property(fc.integer({ min: -2000, max: 4000 }), fc.integer({ min: 0, max: 900 }), (size, maximum) => {
      const clamped = clampSize(size, { minimum: 240, maximum })
      return clamped >= 240 && clamped <= Math.max(240, maximum)
    }),
  )
})
