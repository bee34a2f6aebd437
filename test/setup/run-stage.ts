import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readReport, type Outcome, type Tally } from './count.ts'
import type { Stage } from './stages.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** No stage takes nearly this long; one that hangs must not hold a build machine for hours. */
const longestStage = 25 * 60_000

/** Where a stage's output goes: to ours, or nowhere. */
type Output = 'inherit' | 'ignore'

/** Runs one stage and counts its tests. `reports` is a folder that its report may be written into. */
export async function runStage(stage: Stage, reports: string, output: Output = 'inherit'): Promise<Outcome> {
  if (!stage.counted) return { name: stage.name, ok: await run(stage.command, stage.args, output) }
  const report = join(reports, `${stage.name}.json`)
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const ok = await run(stage.command, [...stage.args, ...reporters], output)
  const tally = read(report)
  return tally === undefined ? { name: stage.name, ok: false } : { name: stage.name, ok, ...tally }
}

function read(report: string): Tally | undefined {
  try {
    return readReport(readFileSync(report, 'utf8'))
  } catch (error) {
    console.error(`vitest left no report: ${error instanceof Error ? error.message : String(error)}`)
    return undefined
  }
}

/** The children find our own Node and tools first, whatever the machine has. */
function run(command: string, args: readonly string[], output: Output): Promise<boolean> {
  const tools = join(root, 'node_modules', '.bin')
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, PATH: `${tools}${delimiter}${process.env['PATH'] ?? ''}` },
      stdio: ['ignore', output, output],
      timeout: longestStage,
      killSignal: 'SIGKILL',
    })
    child.on('error', (error) => {
      console.error(`${command} did not start: ${error.message}`)
      resolve(false)
    })
    child.on('close', (code, signal) => {
      if (signal !== null) console.error(`${command} was ended by ${signal}`)
      resolve(code === 0)
    })
  })
}
