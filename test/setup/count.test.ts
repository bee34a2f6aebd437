import { expect, it } from 'vitest'
import { readReport, sentence, total } from './count.ts'

const tests = [
  { fullName: 'runs are kept', status: 'passed', failureMessages: [] },
  { fullName: 'runs are found', status: 'failed', failureMessages: ['Error: expected 1 to be 2\n    at line 3'] },
  { fullName: 'torch trains (needs torch)', status: 'skipped' },
]
const report = {
  numPassedTests: 7,
  numFailedTests: 1,
  numPendingTests: 2,
  numTodoTests: 1,
  testResults: [{ assertionResults: tests }],
}

it('counts a report of vitest', () => {
  expect(readReport(JSON.stringify(report))).toEqual({
    count: { passed: 7, failed: 1, skipped: 3 },
    skipped: ['torch trains (needs torch)'],
    failed: ['runs are found: Error: expected 1 to be 2'],
  })
  expect(() => readReport('{"numPassedTests": "many"}')).toThrow(/numPassedTests/)
  expect(() => readReport('')).toThrow()
})

it('sums the stages into one sentence', () => {
  const some = { passed: 3, failed: 0, skipped: 1 }
  const outcomes = [
    { name: 'types', ok: true },
    { name: 'unit', ok: true, count: some },
    { name: 'e2e', ok: false, count: { passed: 1, failed: 2, skipped: 0 } },
  ]
  expect(sentence(total(outcomes))).toBe('4 passed, 2 failed, 1 skipped')
})

it.each([
  ['a stage without tests', { name: 'lint', ok: false }],
  ['a test file that does not load', { name: 'unit', ok: false, count: { passed: 0, failed: 0, skipped: 0 } }],
])('counts %s that failed as one failure', (_, outcome) => {
  expect(total([outcome]).failed).toBe(1)
})
