import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Change } from '#shared/contract/common.ts'
import { createChangeFeed } from './change-feed.ts'

const run = (ids: readonly string[], project = 'churn') => ({ project, entity: 'run' as const, ids })

describe('the change feed', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  /** What a watcher has been told so far. */
  function watching(feed: ReturnType<typeof createChangeFeed>) {
    const controller = new AbortController()
    const told: Change[] = []
    const ended = (async () => {
      for await (const change of feed.watch(controller.signal)) told.push(change)
    })()
    return { told, ended, leave: () => controller.abort() }
  }
  const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds)

  it('tells the first at once, then what gathered, by entity and project, ten times a second', async () => {
    const feed = createChangeFeed()
    const { told } = watching(feed)
    await pass(0)
    feed.changed(run(['a']))
    await pass(0)
    expect(told).toEqual([{ ...run(['a']), revision: 1 }])
    feed.changed(run(['b']))
    feed.changed(run(['b', 'c']))
    feed.changed({ project: 'churn', entity: 'metric', ids: ['b'] })
    feed.changed(run(['z'], 'other'))
    feed.changed({ project: null, entity: 'settings', ids: [] })
    await pass(99)
    expect(told).toHaveLength(1)
    await pass(1)
    expect(told.slice(1)).toEqual([
      { ...run(['b', 'c']), revision: 3 },
      { project: 'churn', entity: 'metric', ids: ['b'], revision: 4 },
      { ...run(['z'], 'other'), revision: 1 },
      { project: null, entity: 'settings', ids: [], revision: 1 },
    ])
  })

  it('“any of them” is the word for very many, and outlasts what comes after it', async () => {
    const feed = createChangeFeed()
    const { told } = watching(feed)
    await pass(0)
    feed.changed(run(['first']))
    await pass(0)
    for (let index = 0; index <= 200; index++) feed.changed(run([`run-${index}`]))
    feed.changed({ project: 'churn', entity: 'model', ids: ['m'] })
    feed.changed({ project: 'churn', entity: 'model', ids: [] })
    feed.changed({ project: 'churn', entity: 'model', ids: ['n'] })
    await pass(100)
    expect(told.slice(1).map(({ entity, ids }) => [entity, ids])).toEqual([
      ['run', []],
      ['model', []],
    ])
  })

  it('each watcher is told all, and one that leaves is told no more', async () => {
    const feed = createChangeFeed()
    const [stays, leaves] = [watching(feed), watching(feed)]
    await pass(0)
    feed.changed(run(['a']))
    await pass(150)
    leaves.leave()
    await leaves.ended
    feed.changed(run(['b']))
    await pass(150)
    expect([stays.told.map(({ ids }) => ids), leaves.told.map(({ ids }) => ids)]).toEqual([[['a'], ['b']], [['a']]])
  })

  it('a watcher that leaves while it waits, or between two batches, ends', async () => {
    const feed = createChangeFeed()
    const idle = watching(feed)
    const busy = watching(feed)
    await pass(0)
    idle.leave()
    await idle.ended
    feed.changed(run(['a']))
    await pass(10)
    busy.leave()
    await busy.ended
    expect(vi.getTimerCount()).toBe(0)
  })
})
