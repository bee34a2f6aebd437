import { expect, test } from 'vitest'
import { createEventHub } from './event-hub.ts'

test('everybody who listens gets each event in order, until they stop', async () => {
  const hub = createEventHub<number>()
  const [first, second] = [new AbortController(), new AbortController()]
  const gather = async (signal: AbortSignal): Promise<number[]> => {
    const seen: number[] = []
    for await (const event of hub.listen(signal)) seen.push(event)
    return seen
  }
  hub.emit(0)
  const gathered = [gather(first.signal), gather(second.signal)]
  hub.emit(1)
  hub.emit(2)
  await new Promise((resolve) => setImmediate(resolve))
  first.abort()
  hub.emit(3)
  await new Promise((resolve) => setImmediate(resolve))
  second.abort()
  expect(await Promise.all(gathered)).toEqual([
    [1, 2],
    [1, 2, 3],
  ])
})
