import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type ChangeEvent, createPacer, isConcerned } from './invalidation.ts'

const change = (entity: ChangeEvent['entity'], more: Partial<ChangeEvent> = {}): ChangeEvent => ({
  project: 'churn',
  entity,
  ids: ['a'],
  revision: 1,
  ...more,
})

describe('isConcerned', () => {
  it('is a matter of entity, project and run', () => {
    const detail = (run: string, project = 'churn'): readonly [string, unknown] => ['runs.get', { project, run }]
    expect([
      isConcerned(change('run'), ...detail('a')),
      isConcerned(change('run'), ...detail('b')),
      isConcerned(change('run', { ids: [] }), ...detail('b')),
      isConcerned(change('run'), ...detail('a', 'other')),
      isConcerned(change('settings', { project: null }), ...detail('a')),
      isConcerned(change('run'), 'runs.table', { project: 'churn' }),
      isConcerned(change('metric'), 'runs.table', { project: 'churn' }),
      isConcerned(change('run'), 'projects.recent', {}),
    ]).toEqual([true, false, true, false, false, true, true, false])
  })

  it('what changed since the run before depends on that run as well', () => {
    expect(isConcerned(change('metric', { ids: ['before'] }), 'runs.changed', { project: 'churn', run: 'a' })).toBe(
      true,
    )
  })

  it('what a run was made of stays', () => {
    expect(isConcerned(change('run'), 'runs.uncommitted', { project: 'churn', run: 'a' })).toBe(false)
  })
})

describe('createPacer', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('hands over the first at once, then what gathers, and rests when nothing comes', () => {
    const taken: (readonly number[])[] = []
    const pacer = createPacer<number>(100, (items) => taken.push(items))
    pacer.add(1)
    pacer.add(2)
    pacer.add(3)
    expect(taken).toEqual([[1]])
    vi.advanceTimersByTime(100)
    expect(taken).toEqual([[1], [2, 3]])
    vi.advanceTimersByTime(1_000)
    pacer.add(4)
    expect(taken).toEqual([[1], [2, 3], [4]])
    pacer.close()
    pacer.add(5)
    vi.advanceTimersByTime(1_000)
    expect(taken).toHaveLength(3)
  })
})
