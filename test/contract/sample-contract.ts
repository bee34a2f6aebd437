import { z } from 'zod'
import { appError } from '#shared/rpc/errors.ts'
import { type Handlers, mutation, query, stream } from '#shared/rpc/procedure.ts'

/** A small contract that has every behaviour a transport must carry. */
export const sampleContract = {
  sample: {
    echo: query(z.object({ value: z.unknown() }), z.object({ value: z.unknown() })),
    slow: query(z.object({ ms: z.number() }), z.object({})),
    columns: query(
      z.object({ length: z.number().int() }),
      z.object({ x: z.instanceof(Float64Array), raw: z.instanceof(Uint8Array) }),
    ),
    strict: mutation(z.object({ name: z.string().min(1) }), z.object({ name: z.string() })),
    fail: query(z.object({ how: z.enum(['known', 'unknown']) }), z.object({})),
    count: stream(z.object({ to: z.number().int() }), z.number()),
    endless: stream(z.object({}), z.number()),
    failing: stream(z.object({ after: z.number().int() }), z.number()),
  },
}
export type SampleContract = typeof sampleContract

/** What the backend side saw, for the suite to look at. */
export type Seen = { produced: number; aborted: number; running: number }

export function sampleHandlers(seen: Seen): Handlers<SampleContract> {
  return {
    sample: {
      echo: ({ value }) => ({ value }),
      slow: async ({ ms }, { signal }) => {
        seen.running++
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms)
          signal.addEventListener('abort', () => {
            clearTimeout(timer)
            seen.aborted++
            resolve()
          })
        })
        return {}
      },
      columns: ({ length }) => ({
        x: Float64Array.from({ length }, (_, index) => index / 3),
        raw: new Uint8Array(length).fill(7),
      }),
      strict: ({ name }) => ({ name }),
      fail: ({ how }) => {
        if (how === 'known')
          throw appError('conflict', 'That name is taken.', { field: 'name', hint: 'Take another.', retry: true })
        throw new Error('secret internals: /home/ada/.ssh')
      },
      count: async function* ({ to }) {
        for (let number = 0; number < to; number++) {
          seen.produced++
          yield number
        }
      },
      endless: async function* (_input, { signal }) {
        seen.running++
        try {
          for (let number = 0; !signal.aborted; number++) {
            seen.produced++
            yield number
            await new Promise((resolve) => setImmediate(resolve))
          }
        } finally {
          seen.aborted++
        }
      },
      failing: async function* ({ after }) {
        for (let number = 0; number < after; number++) yield number
        throw appError('corrupt', 'The tail is damaged.')
      },
    },
  }
}
