import { describe, expect, it } from 'vitest'
import { deltaTone } from './delta-badge.tsx'

describe('deltaTone', () => {
  const format = { kind: 'fixed', decimals: 4 } as const
  it('goes by the goal, not by the sign', () => {
    expect([
      deltaTone(0.0121, 'up', format),
      deltaTone(0.0121, 'down', format),
      deltaTone(-0.0431, 'down', format),
      deltaTone(-0.0431, 'up', format),
    ]).toEqual(['better', 'worse', 'better', 'worse'])
  })
  it('is neutral under half a unit, for neutral metrics and for NaN', () => {
    expect([
      deltaTone(0.00004, 'up', format),
      deltaTone(44, 'neutral', { kind: 'integer' }),
      deltaTone(Number.NaN, 'up', format),
    ]).toEqual(['neutral', 'neutral', 'neutral'])
  })
  it('colours infinities', () => {
    expect(deltaTone(Number.POSITIVE_INFINITY, 'down', format)).toBe('worse')
  })
})
