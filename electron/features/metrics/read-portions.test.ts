import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openTestStore, pointsOf, trainingPoints } from '#test/fixtures/metrics/open-test-store.ts'
import { readInPortions } from './read-portions.ts'

const never = new AbortController().signal

test('reads what the store reads at once, whatever the steps are', async () => {
  const step = fc.oneof(fc.integer({ min: -20, max: 60 }), fc.constantFrom(0.5, -0.5, 1e300, -1e300, 2 ** 53))
  const point = fc.tuple(step, fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 }))
  const { store } = openTestStore({ layout: { chunkPoints: 16, linesABlock: 2 } })
  let run = 0
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(point, { maxLength: 120 }), { minLength: 1, maxLength: 3 }), async (batches) => {
      const id = store.seriesFor(++run, 'm', 'logged')
      for (const [index, batch] of batches.entries()) {
        await store.append(pointsOf(id, batch))
        if (index < 2) await store.compactNow()
      }
      if (batches.flat().length > 0) expect(await readInPortions(store, id, never)).toEqual(store.series(id))
    }),
    { numRuns: 60 },
  )
})

test('goes on between other work, and has every point that was there before it, also through compactions', async () => {
  const { store } = openTestStore({ layout: { chunkPoints: 256, linesABlock: 2 } })
  const id = store.seriesFor(1, 'loss', 'logged')
  await store.append(trainingPoints(id, 0, 400_000))
  await store.compactNow()
  expect(store.cuts(id).length).toBeGreaterThan(500)
  const reading = readInPortions(store, id, never, 0)
  let turns = 0
  let read = false
  void reading.then(() => (read = true))
  for (; !read; turns++) {
    // Late ones, which chunks take in while they are read.
    await store.append(pointsOf(id, [[(turns * 7_919) % 400_000, 1, turns]]))
    if (turns % 5 === 0) void store.compactNow()
  }
  const { step } = await reading
  const seen = new Set(step)
  expect([turns > 2, seen.size, step.every((at, i) => i === 0 || at >= (step[i - 1] as number))]).toEqual([
    true,
    400_000,
    true,
  ])
})

test('reads steps and times of 64 bits in all their digits', async () => {
  const { store } = openTestStore({ layout: { chunkPoints: 4, linesABlock: 2 } })
  const id = store.seriesFor(1, 'm', 'logged')
  const near = 2 ** 60
  const step = Float64Array.from([1, 2, 3, 4, 5, near, near, near])
  const rest = { step: Int16Array.from([0, 0, 0, 0, 0, -3, 0, 7]), time: Int16Array.from([0, 0, 0, 0, 0, 0, 1, 0]) }
  const points = { series: new Uint32Array(8).fill(id), step, time: new Float64Array(8).fill(near), value: step }
  await store.append({ ...points, rest })
  await store.compactNow()
  const read = await readInPortions(store, id, never, 0)
  expect({ ...read, rest: { step: [...(read.rest?.step ?? [])], time: [...(read.rest?.time ?? [])] } }).toEqual({
    ...{ step, time: points.time, value: step },
    rest: { step: [...rest.step], time: [...rest.time] },
  })
})

test('ends with what aborts it, and with the series', async () => {
  const { store } = openTestStore({ layout: { chunkPoints: 64, linesABlock: 2 } })
  const id = store.seriesFor(1, 'loss', 'logged')
  await store.append(trainingPoints(id, 0, 200_000))
  await store.compactNow()
  const controller = new AbortController()
  const aborted = readInPortions(store, id, controller.signal, 0)
  controller.abort(new Error('enough'))
  await expect(aborted).rejects.toThrow('enough')
  const deleted = readInPortions(store, id, never, 0)
  store.deleteRun(1)
  await expect(deleted).rejects.toMatchObject({ code: 'not_found' })
})
