/**
 * All that proves the program, in one command: `npm test`, or `npm test -- unit e2e` for some stages alone.
 *
 * Every stage runs even when an earlier one failed, so that one run shows all there is to mend; ends with 1 when any
 * failed. What failed is named at the end, where one looks first and what is kept of a long output ends; the last line
 * is the count of all tests.
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

list('Skipped', (outcome) => outcome.skipped)
console.log(`\n${table.join('\n')}\n\nin ${seconds(started)}`)
list('Failed', (outcome) => outcome.failed)
console.log(`\n${sentence(total(outcomes))}`)
process.exitCode = outcomes.every((outcome) => outcome.ok) ? 0 : 1

/** The tests that `pick` names, one a line under a title; nothing where there are none. */
function list(title: string, pick: (outcome: Outcome) => readonly string[] | undefined): void {
  const names = outcomes.flatMap((outcome) => (pick(outcome) ?? []).map((name) => `  ${outcome.name}: ${name}`))
  if (names.length > 0) console.log(`\n${title}:\n${names.join('\n')}`)
}

function choose(names: readonly string[]): readonly Stage[] {
  const unknown = names.filter((name) => !stages.some((stage) => stage.name === name))
  if (unknown.length > 0) {
    console.error(`No such stage: ${unknown.join(', ')}. There are ${stages.map((stage) => stage.name).join(', ')}.`)
    process.exit(2)
  }
  return names.length === 0 ? stages : stages.filter((stage) => names.includes(stage.name))
}
