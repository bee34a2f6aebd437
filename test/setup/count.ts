import { z } from 'zod'

/** How many tests passed, failed and were skipped. */
export type Count = { readonly passed: number; readonly failed: number; readonly skipped: number }

export const nothing: Count = { passed: 0, failed: 0, skipped: 0 }

/** What we read of the report that vitest's json reporter writes. */
const Report = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
  testResults: z.array(
    z.object({
      assertionResults: z.array(
        z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()).default([]) }),
      ),
    }),
  ),
})

/** The counts of a report, which tests were not run, and which failed: each with the first line of why. */
export type Tally = {
  readonly count: Count
  readonly skipped: readonly string[]
  readonly failed: readonly string[]
}

/** Reads a report; throws when the text is none. */
export function readReport(text: string): Tally {
  const report = Report.parse(JSON.parse(text))
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults)
  return {
    count: {
      passed: report.numPassedTests,
      failed: report.numFailedTests,
      skipped: report.numPendingTests + report.numTodoTests,
    },
    skipped: tests.filter(({ status }) => !['passed', 'failed'].includes(status)).map(({ fullName }) => fullName),
    failed: tests
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages: [why = ''] }) => [fullName, firstLine(why)].filter(Boolean).join(': ')),
  }
}

/** Only as much of a message as a summary bears: the whole of it stands further up, where the test ran. */
function firstLine(message: string): string {
  const line = message.split('\n', 1)[0] ?? ''
  return line.length > longestLine ? `${line.slice(0, longestLine)}…` : line
}
const longestLine = 200

/** What a stage came to. `ok` is its exit status; the rest is there where tests were counted. */
export type Outcome = { readonly name: string; readonly ok: boolean } & Partial<Tally>

/**
 * The sum over all stages. A stage that failed without one failed test (types, lint, a test file that does not load,
 * an error after the last test) counts as one failure, so that the closing line never reads well when the exit is bad.
 */
export function total(outcomes: readonly Outcome[]): Count {
  return outcomes.map(countOf).reduce(add, nothing)
}

function countOf({ ok, count = nothing }: Outcome): Count {
  return ok || count.failed > 0 ? count : { ...count, failed: 1 }
}

function add(one: Count, other: Count): Count {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
  }
}

/** `12 passed, 0 failed, 1 skipped` */
export function sentence({ passed, failed, skipped }: Count): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`
}
