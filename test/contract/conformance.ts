import { expect, it } from 'vitest'
import { AppError } from '#shared/rpc/errors.ts'
import type { Opened, Transport } from './transports.ts'
import { eventually } from '#test/setup/eventually.ts'

const take = async <T>(events: AsyncIterable<T>, count: number): Promise<T[]> => {
  const taken: T[] = []
  for await (const event of events) {
    taken.push(event)
    if (taken.length === count) break
  }
  return taken
}

/** What every transport must do; a transport that cannot names the case and why. */
export function conformanceSuite(transport: Transport): void {
  const check = (name: string, work: (opened: Opened) => Promise<void>): void => {
    if (transport.without[name] !== undefined) return
    it(name, async () => {
      const opened = await transport.open()
      try {
        await work(opened)
      } finally {
        await opened.close()
      }
    })
  }

  check('values arrive as they were sent', async ({ client }) => {
    const value = {
      text: 'ñ 漢字 \u0000',
      number: NaN,
      low: -Infinity,
      zero: -0,
      list: [1, null, [true]],
      $a: 'a key with a dollar',
      deep: { $n: 3 },
    }
    expect(await client.sample.echo({ value })).toEqual({ value })
  })

  check('many calls at once are answered each to its own', async ({ client }) => {
    const answers = await Promise.all(Array.from({ length: 200 }, (_, value) => client.sample.echo({ value })))
    expect(answers.map(({ value }) => value)).toEqual(Array.from({ length: 200 }, (_, value) => value))
  })

  check('a slow call does not hold up a fast one', async ({ client }) => {
    const order: string[] = []
    await Promise.all([
      client.sample.slow({ ms: 150 }).then(() => order.push('slow')),
      client.sample.echo({ value: 1 }).then(() => order.push('fast')),
    ])
    expect(order).toEqual(['fast', 'slow'])
  })

  check('big columns arrive whole', async ({ client }) => {
    const { x, raw } = await client.sample.columns({ length: 300_000 })
    expect([x.length, x[299_999], raw.length, raw[299_999]]).toEqual([300_000, 299_999 / 3, 300_000, 7])
  })

  check('a refused input names its field', async ({ client }) => {
    await expect(client.sample.strict({ name: '' })).rejects.toMatchObject({ code: 'invalid', field: 'name' })
  })

  check('a known error keeps its words, an unknown one gives only a log id', async ({ client, logged }) => {
    await expect(client.sample.fail({ how: 'known' })).rejects.toMatchObject({
      code: 'conflict',
      message: 'That name is taken.',
      hint: 'Take another.',
      field: 'name',
      retry: true,
    })
    const unknown = await client.sample.fail({ how: 'unknown' }).catch((error: unknown) => error)
    expect(unknown).toBeInstanceOf(AppError)
    expect(unknown).toMatchObject({ code: 'internal', logId: 'log-1' })
    expect(JSON.stringify(unknown) + String(unknown)).not.toContain('secret')
    expect(logged).toHaveLength(1)
  })

  check('an unknown procedure is refused', async ({ client }) => {
    const odd = client as unknown as { readonly sample: Readonly<Record<string, unknown>> }
    expect(odd.sample['toString']).not.toBe('own')
    await expect(
      (client.sample.echo as (input: unknown) => Promise<unknown>)(undefined as never),
    ).rejects.toMatchObject({ code: 'invalid' })
  })

  check('a stream keeps its order and ends', async ({ client }) => {
    expect(await take(client.sample.count({ to: 1_000 }), Infinity)).toEqual(
      Array.from({ length: 1_000 }, (_, number) => number),
    )
  })

  check('a stream that fails gives what it had, then the error', async ({ client }) => {
    const got: number[] = []
    const reading = (async () => {
      for await (const number of client.sample.failing({ after: 3 })) got.push(number)
    })()
    await expect(reading).rejects.toMatchObject({ code: 'corrupt' })
    expect(got).toEqual([0, 1, 2])
  })

  check('leaving a stream stops its source', async ({ client, seen }) => {
    expect(await take(client.sample.endless({}), 5)).toEqual([0, 1, 2, 3, 4])
    await eventually(() => expect(seen.aborted).toBe(1))
    const produced = seen.produced
    await client.sample.echo({ value: 0 })
    expect(seen.produced).toBe(produced)
  })

  check('a cancelled call is rejected at once and stopped at its source', async ({ client, seen }) => {
    const controller = new AbortController()
    const call = client.sample.slow({ ms: 60_000 }, { signal: controller.signal })
    await eventually(() => expect(seen.running).toBe(1))
    controller.abort()
    await expect(call).rejects.toThrow()
    await eventually(() => expect(seen.aborted).toBe(1))
  })

  check('a slow reader holds the sender back', async ({ client, seen }) => {
    const events = client.sample.count({ to: 100_000 })[Symbol.asyncIterator]()
    await events.next()
    for (let round = 0; round < 20; round++) await client.sample.echo({ value: round })
    expect(seen.produced).toBeLessThan(200)
    await events.return?.()
  })

  check('a lost connection fails all that waits', async ({ client, cut, seen }) => {
    const call = client.sample.slow({ ms: 60_000 })
    const streaming = take(client.sample.endless({}), Infinity)
    await eventually(() => expect(seen.running).toBe(2))
    cut()
    await expect(call).rejects.toMatchObject({ code: 'unavailable' })
    await expect(streaming).rejects.toMatchObject({ code: 'unavailable' })
    await eventually(() => expect(seen.aborted).toBe(2))
  })
}
