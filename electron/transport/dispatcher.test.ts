import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { appError } from '#shared/rpc/errors.ts'
import { query, stream } from '#shared/rpc/procedure.ts'
import { createDispatcher } from './dispatcher.ts'

const contract = {
  sample: {
    echo: query(z.object({ a: z.object({ b: z.string().min(1).max(2_000) }) }), z.object({})),
    ticks: stream(z.object({}), z.number()),
  },
}
const CONTEXT = { signal: new AbortController().signal, actor: 'test' }

function dispatcher() {
  const logged: unknown[] = []
  const made = createDispatcher(
    contract,
    {
      sample: {
        echo: () => ({}),
        ticks: async function* () {
          yield await Promise.resolve('three' as unknown as number)
        },
      },
    },
    { checkOutputs: true, newLogId: () => 'log-1', onError: (error, method) => void logged.push([method, error]) },
  )
  return { ...made, logged }
}

describe('the dispatcher', () => {
  it('refuses inputs with the name of the field, deep inside too', async () => {
    const { call } = dispatcher()
    await expect(call('sample.echo', { a: { b: 3 } }, CONTEXT)).rejects.toMatchObject({ code: 'invalid', field: 'a.b' })
    await expect(call('sample.echo', undefined, CONTEXT)).rejects.toMatchObject({ code: 'invalid', field: undefined })
  })

  it('says of a text that is too long or empty what a person may do about it', async () => {
    const { call } = dispatcher()
    const refused = (b: string) => expect(call('sample.echo', { a: { b } }, CONTEXT)).rejects
    await refused('x'.repeat(2_001)).toMatchObject({ message: 'a.b: it can have 2,000 characters at most' })
    await refused('').toMatchObject({ message: 'a.b: it is empty' })
  })

  it('knows its own procedures and no other names', async () => {
    const { call, stream: follow, kindOf } = dispatcher()
    for (const method of [
      '',
      'sample',
      'sample.',
      'sample.none',
      'sample.toString',
      '__proto__.toString',
      'sample.echo.x',
      'none.echo',
    ]) {
      await expect(call(method, {}, CONTEXT)).rejects.toMatchObject({ code: 'not_found' })
      expect(kindOf(method)).toBeUndefined()
    }
    await expect(call('sample.ticks', {}, CONTEXT)).rejects.toMatchObject({ code: 'invalid' })
    await expect(follow('sample.echo', {}, CONTEXT)[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: 'invalid',
    })
  })

  it('tells what the system says of disks and rights in words, and keeps all else to the log', () => {
    const { wireError, logged } = dispatcher()
    const system = (code: string) => Object.assign(new Error(`${code}: secret`), { code, path: '/home/ada/churn/x' })
    const told = [
      system('ENOSPC'),
      system('EACCES'),
      system('EROFS'),
      system('ENOENT'),
      new Error('secret'),
      'secret',
    ].map((error) => wireError(error, 'sample.echo'))
    expect(told.map(({ code }) => code)).toEqual([
      'disk_full',
      'forbidden',
      'read_only',
      'internal',
      'internal',
      'internal',
    ])
    expect(told[0]?.message).toBe('The disk is full: /home/ada/churn/x could not be written.')
    expect(JSON.stringify(told)).not.toContain('secret')
    expect(logged).toHaveLength(6)
    expect(wireError(appError('conflict', 'Taken.'), 'sample.echo')).toEqual({
      code: 'conflict',
      message: 'Taken.',
      logId: 'log-1',
    })
    expect(wireError(new DOMException('', 'AbortError'), 'sample.echo').code).toBe('cancelled')
    expect(logged).toHaveLength(6)
  })

  it('checks what its own handlers answer, where it is told to', async () => {
    const events = dispatcher().stream('sample.ticks', {}, CONTEXT)[Symbol.asyncIterator]()
    await expect(events.next()).rejects.toBeInstanceOf(z.ZodError)
  })
})
