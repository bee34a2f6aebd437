import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lastPlace, placeAt, type Queued, turns, waiting } from './queue.ts'

const launch = (id: string, more: Partial<Queued> = {}): Queued => ({
  id,
  state: 'queued',
  position: 1,
  queuedAt: 0,
  device: null,
  ...more,
})

describe('the queue', () => {
  it('begins as many as there is room for, in order, whatever was started at once', () => {
    const launches = [
      launch('c', { position: 3 }),
      launch('a', { position: 1 }),
      launch('b', { position: 2 }),
      launch('at-once', { state: 'running', position: -1 }),
      launch('running', { state: 'stopping', position: 0.5 }),
      launch('over', { state: 'ended', position: 0.1 }),
    ]
    expect(turns(launches, { queueLimit: 3, devices: [] })).toEqual([
      { id: 'a', device: null },
      { id: 'b', device: null },
    ])
    expect(turns(launches, { queueLimit: 1, devices: [] })).toEqual([])
  })

  it('gives each device to one launch at a time, and twice where it is listed twice', () => {
    const launches = [launch('a'), launch('b', { position: 2 }), launch('x', { state: 'running', device: '0' })]
    expect(turns(launches, { queueLimit: 9, devices: ['0', '1'] })).toEqual([{ id: 'a', device: '1' }])
    expect(turns(launches, { queueLimit: 9, devices: ['0', '0'] })).toEqual([{ id: 'a', device: '0' }])
  })

  it('puts a launch exactly where it is asked to be', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.nat(7), fc.nat(7), (count, from, to) => {
        const launches: Queued[] = []
        for (let index = 0; index < count; index++)
          launches.push(launch(`${index}`, { position: lastPlace(launches), queuedAt: index }))
        const moved = launches[from % count]!
        const target = to % count
        const position = placeAt(launches, moved.id, target)
        const after = launches.map((one) => (one.id === moved.id ? { ...one, position } : one))
        const order = launches.filter((one) => one !== moved).map(({ id }) => id)
        order.splice(target, 0, moved.id)
        expect(waiting(after).map(({ id }) => id)).toEqual(order)
      }),
    )
  })
})
