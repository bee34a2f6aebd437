import { describe, expect, it } from 'vitest'
import { createRecent, readAnew } from './recent.ts'

const SWEEP = { pid: 7, started: 'boot:1' }

describe('readings of a process', () => {
  it('are shared by runs that begin together, each process and thing for itself, and made anew a while later', async () => {
    let now = 0
    let count = 0
    const read = async (): Promise<number> => ++count
    const recent = createRecent(() => now)
    expect(await Promise.all([recent(SWEEP)('git', read), recent(SWEEP)('git', read)])).toEqual([1, 1])
    now = 1_999
    expect(await recent(SWEEP)('git', read)).toBe(1)
    expect(await recent(SWEEP)('python', read)).toBe(2)
    expect(await recent({ ...SWEEP, started: 'boot:2' })('git', read)).toBe(3)
    now = 2_000
    expect(await recent(SWEEP)('git', read)).toBe(4)
    expect(await readAnew('git', read)).toBe(5)
  })

  it('are not shared when they failed', async () => {
    const recent = createRecent(() => 0)
    await expect(recent(SWEEP)('git', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await recent(SWEEP)('git', () => Promise.resolve('yes'))).toBe('yes')
  })
})
