import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { latestCommonStep } from './common-step.ts'
import { createRunsService } from './service.ts'
import { openTestProject, START, type TestProject } from './test-project.fixture.ts'

const runs = createRunsService(() => 'unnamed')
let project: TestProject
beforeEach(() => {
  project = openTestProject()
})
afterEach(() => project.dispose())

type Points = readonly { readonly step: number; readonly value: number }[]

test('it is the largest step of both, with the latest value at it', async () => {
  const points = fc.array(
    fc.record({ step: fc.integer({ min: -200, max: 200 }), value: fc.integer({ min: 0, max: 9 }) }),
    {
      minLength: 1,
      maxLength: 40,
      size: 'max',
    },
  )
  const latestAt = (list: Points, step: number): number | undefined =>
    list.findLast((point) => point.step === step)?.value
  let count = 0
  await fc.assert(
    fc.asyncProperty(points, points, async (one, other) => {
      count++
      const { number, id } = await runs.createRun(project, { source: 'client' })
      for (const [key, list] of [
        ['one', one],
        ['other', other],
      ] as const) {
        await runs.logMetrics(
          project,
          id,
          list.map((point, index) => ({ ...point, key, time: START + index })),
        )
      }
      const series = ['one', 'other'].map((key) => project.metrics.find(number, key, 'logged')!)
      const common = one.map(({ step }) => step).filter((step) => other.some((point) => point.step === step))
      const step = Math.max(...common)
      expect(latestCommonStep(project.metrics, series[0]!, series[1]!)).toEqual(
        common.length === 0 ? null : { step, before: latestAt(one, step), now: latestAt(other, step) },
      )
    }),
    { numRuns: 60 },
  )
  expect(count).toBeGreaterThan(10)
})
