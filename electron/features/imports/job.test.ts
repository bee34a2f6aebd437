import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { ImportProgress, ImportReport } from '#shared/contract/imports.ts'
import { createJob, type Job, type JobEvent } from './job.ts'
import { createTally } from './tally.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const progress = (done: number): ImportProgress => ({
  phase: 'runs',
  current: '',
  done,
  total: null,
  points: 0,
  bytes: 0,
})
const report = (): ImportReport => createTally().report('done', 0, 0, null)

/** Follows a job; what it is told, with the time. */
function listen(job: Job, signal = new AbortController().signal) {
  const heard: { readonly at: number; readonly event: JobEvent }[] = []
  const begin = performance.now()
  const over = (async () => {
    for await (const event of job.follow(signal)) heard.push({ at: performance.now() - begin, event })
  })()
  over.catch(() => {})
  return { heard, over }
}
const doneIn = ({ event }: { readonly event: JobEvent }): number =>
  event.type === 'progress' ? event.progress.done : -1

it('tells of progress at most ten times a second, and in the end the newest', async () => {
  const job = createJob('j', 'p')
  const { heard } = listen(job)
  for (let millisecond = 1; millisecond <= 1_000; millisecond++) {
    for (let each = 0; each < 5; each++) job.progress('/a', progress(millisecond * 10 + each))
    await vi.advanceTimersByTimeAsync(1)
  }
  expect(heard.length).toBeGreaterThanOrEqual(10)
  expect(heard.length).toBeLessThanOrEqual(11)
  const gaps = heard.slice(1).map(({ at }, index) => at - (heard[index]?.at ?? 0))
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(100)
  await vi.advanceTimersByTimeAsync(100)
  expect(doneIn(heard.at(-1)!)).toBe(10_004)
  // Nothing new, nothing told.
  const count = heard.length
  await vi.advanceTimersByTimeAsync(10_000)
  expect(heard).toHaveLength(count)
})

it('holds up no report and no end, and tells each listener all reports', async () => {
  const job = createJob('j', 'p')
  const early = listen(job)
  job.progress('/a', progress(1))
  await vi.advanceTimersByTimeAsync(1)
  job.progress('/a', progress(2))
  job.report('/a', 1, report())
  job.progress('/b', progress(3))
  job.report('/b', 2, report())
  job.end()
  await vi.advanceTimersByTimeAsync(100)
  await early.over
  const late = listen(job)
  await late.over
  const told = ({ heard }: typeof early): unknown =>
    heard.map(({ event }) => [event.type, 'location' in event ? event.location : ''])
  expect(told(early)).toEqual([
    ['progress', '/a'],
    ['report', '/a'],
    ['report', '/b'],
  ])
  expect(told(late)).toEqual([
    ['report', '/a'],
    ['report', '/b'],
  ])
})

it('ends for a listener who leaves, and with its failure', async () => {
  const job = createJob('j', 'p')
  const leaving = new AbortController()
  const gone = listen(job, leaving.signal)
  const staying = listen(job)
  job.progress('/a', progress(1))
  await vi.advanceTimersByTimeAsync(1)
  leaving.abort()
  await gone.over
  job.end(new Error('no'))
  await expect(staying.over).rejects.toThrow('no')
})
