/**
 * All that proves the program, in one command: `npm test`, or `npm test -- unit e2e` for some stages alone.
 *
 * Every stage runs even when an earlier one failed, so that one run shows all there is to mend; ends with 1 when any
 * failed. The last line is the count of all tests.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sentence, total, type Outcome } from './count.ts'
import { seconds } from './process.ts'
import { runStage } from './run-stage.ts'
import { stages, type Stage } from './stages.ts'

const chosen = choose(process.argv.slice(2))
const reports = mkdtempSync(join(tmpdir(), 'benchtop-reports-'))
const started = performance.now()
const outcomes: Outcome[] = []
const table: string[] = []

try {
  for (const stage of chosen) {
    console.log(`\n=== ${stage.name}`)
    const begun = performance.now()
    const outcome = await runStage(stage, reports)
    outcomes.push(outcome)
    const count = outcome.count === undefined ? '' : `  ${sentence(outcome.count)}`
    const row = `${outcome.ok ? 'ok    ' : 'FAILED'}  ${stage.name.padEnd(9)} ${seconds(begun).padStart(8)}${count}`
    table.push(row)
    console.log(`=== ${row}`)
  }
} finally {
  rmSync(reports, { recursive: true, force: true })
}

const skipped = outcomes.flatMap((outcome) => outcome.skipped ?? [])
if (skipped.length > 0) console.log(`\nSkipped:\n${skipped.map((name) => `  ${name}`).join('\n')}`)
console.log(`\n${table.join('\n')}\n\nin ${seconds(started)}\n\n${sentence(total(outcomes))}`)
process.exitCode = outcomes.every((outcome) => outcome.ok) ? 0 : 1

function choose(names: readonly string[]): readonly Stage[] {
  const unknown = names.filter((name) => !stages.some((stage) => stage.name === name))
  if (unknown.length > 0) {
    console.error(`No such stage: ${unknown.join(', ')}. There are ${stages.map((stage) => stage.name).join(', ')}.`)
    process.exit(2)
  }
  return names.length === 0 ? stages : stages.filter((stage) => names.includes(stage.name))
}
