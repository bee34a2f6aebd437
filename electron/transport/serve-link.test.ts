import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { connect } from '#shared/rpc/client.ts'
import type { FromBackend } from '#shared/rpc/envelope.ts'
import { query, stream } from '#shared/rpc/procedure.ts'
import { createDispatcher } from './dispatcher.ts'
import { inProcessLinks } from './in-process.ts'
import { serveLink } from './serve-link.ts'
import { eventually } from '#test/setup/eventually.ts'

const contract = {
  sample: {
    wait: query(z.object({}), z.object({})),
    ticks: stream(z.object({}), z.number()),
    sore: stream(z.object({}), z.number()),
    brief: stream(z.object({}), z.number()),
  },
}

function cleanUp(): void {
  throw new Error('The cleaning up went wrong.')
}

/** A link with its backend; `aborted` counts the handlers that were told to stop. */
function served() {
  const seen = { aborted: 0, logged: [] as unknown[] }
  const heard = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve) =>
      signal.addEventListener(
        'abort',
        () => {
          seen.aborted++
          resolve()
        },
        { once: true },
      ),
    )
  const dispatcher = createDispatcher(
    contract,
    {
      sample: {
        wait: async (_input, { signal }) => {
          await heard(signal)
          return {}
        },
        ticks: async function* (_input, { signal }) {
          yield 0
          await heard(signal)
        },
        sore: async function* (_input, { signal }) {
          try {
            yield 0
            await heard(signal)
          } finally {
            cleanUp()
          }
        },
        brief: async function* () {
          yield 1
          yield 2
        },
      },
    },
    { checkOutputs: true, newLogId: () => 'log-1', onError: (error) => void seen.logged.push(error) },
  )
  const links = inProcessLinks()
  serveLink(links.backend, dispatcher, { build: 'b1', actor: 'test' })
  return { seen, ...links }
}

describe('serveLink', () => {
  const unhandled = vi.fn<(reason: unknown) => void>()
  beforeEach(() => void process.on('unhandledRejection', unhandled))
  afterEach(() => {
    process.off('unhandledRejection', unhandled)
    unhandled.mockClear()
  })

  it('ends with a peer that gives one id to two calls, and stops what both asked for', async () => {
    const { caller, seen } = served()
    const closed = vi.fn<() => void>()
    caller.onMessage(() => {})
    caller.onClose(closed)
    caller.send({ t: 'call', id: 1, method: 'sample.wait', input: {} })
    caller.send({ t: 'call', id: 1, method: 'sample.wait', input: {} })
    await eventually(() => expect([closed.mock.calls.length, seen.aborted]).toEqual([1, 1]))
  })

  it('an id may be used again once its call is over', async () => {
    const { caller } = served()
    const got: FromBackend[] = []
    caller.onMessage((message) => got.push(message))
    for (let round = 0; round < 2; round++) {
      caller.send({ t: 'call', id: 1, method: 'sample.brief', input: {} })
      await eventually(() => expect(got.filter(({ t }) => t === 'end')).toHaveLength(round + 1))
    }
  })

  it('a stream that throws while it is left is told to the log, and ends nothing else', async () => {
    const { caller, seen } = served()
    const { client } = connect(contract, caller)
    for await (const tick of client.sample.sore({})) if (tick === 0) break
    await eventually(() => expect(seen.logged).toEqual([new Error('The cleaning up went wrong.')]))
    expect(unhandled).not.toHaveBeenCalled()
  })

  it('words about calls that are over are passed over', async () => {
    const { caller } = served()
    const { client } = connect(contract, caller)
    caller.send({ t: 'cancel', id: 99 })
    caller.send({ t: 'more', id: 99, count: 5 })
    const got: number[] = []
    for await (const tick of client.sample.brief({})) got.push(tick)
    expect(got).toEqual([1, 2])
  })
})

describe('connect', () => {
  it('leaves nothing on a signal that outlives its calls and streams', async () => {
    const { caller } = served()
    const { client } = connect(contract, caller)
    const { signal } = new AbortController()
    const on = vi.spyOn(signal, 'addEventListener')
    const off = vi.spyOn(signal, 'removeEventListener')
    for (let round = 0; round < 3; round++) for await (const _ of client.sample.brief({}, { signal }));
    for await (const tick of client.sample.ticks({}, { signal })) if (tick === 0) break
    expect(off.mock.calls.length).toBeGreaterThanOrEqual(on.mock.calls.length)
  })

  it('a stream that was cancelled before it began asks for nothing more', async () => {
    const { caller, seen } = served()
    const { client } = connect(contract, caller)
    const got: number[] = []
    for await (const tick of client.sample.ticks({}, { signal: AbortSignal.abort() })) got.push(tick)
    await eventually(() => expect(seen.aborted).toBe(0))
    expect(got).toEqual([])
  })

  it('what cannot be sent rejects, and is not waited for', async () => {
    const { caller } = served()
    const { client } = connect(contract, caller)
    const circular: Record<string, unknown> = {}
    circular['self'] = circular
    await expect(client.sample.wait(circular as Record<string, never>)).rejects.toThrow(RangeError)
  })
})
