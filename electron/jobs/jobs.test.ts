import { expect, test } from 'vitest'
import { createJobs } from './jobs.ts'

test('no more than the limit run at a time, in their order', async () => {
  const jobs = createJobs(2)
  const begun: number[] = []
  const doors = [0, 1, 2, 3].map(() => Promise.withResolvers<void>())
  const results = doors.map((door, index) =>
    jobs.run(async () => {
      begun.push(index)
      await door.promise
      return index
    }),
  )
  expect([begun, jobs.pending()]).toEqual([[0, 1], 4])
  doors[1]!.resolve()
  expect(await results[1]).toBe(1)
  expect(begun).toEqual([0, 1, 2])
  for (const door of doors) door.resolve()
  expect(await Promise.all(results)).toEqual([0, 1, 2, 3])
  expect(jobs.pending()).toBe(0)
})

test('a piece that fails fails alone; closing aborts what runs and drops what waits', async () => {
  const jobs = createJobs(1)
  await expect(jobs.run(() => Promise.reject(new Error('this one')))).rejects.toThrow('this one')
  let aborted = false
  const running = jobs.run(
    (signal) =>
      new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(((aborted = true), undefined)))),
  )
  let begun = false
  const waits = jobs.run(() => Promise.resolve((begun = true)))
  const dropped = expect(waits).rejects.toThrow(/abort/i)
  await jobs.close()
  await running
  await dropped
  expect([aborted, begun]).toEqual([true, false])
})
