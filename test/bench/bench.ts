import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { appBench } from './app.ts'
import { ingestBench } from './ingest.ts'
import { mlflowBench } from './mlflow.ts'
import { type BenchRow, runTableBench } from './run-table.ts'

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { 'no-real': { type: 'boolean' }, seconds: { type: 'string' } },
})

/**
 * `npm run bench [-- PART... --no-real --seconds N]`: what DESIGN promises, measured on bundles, in one table. Nothing is asserted: a number is true of the machine
 * and of the minute in which it was taken, so the load stands above it. MLflow's own server is put under the same load unless --no-real: four
 * minutes more.
 */
const PARTS: Readonly<Record<string, () => Promise<readonly string[]>>> = {
  app: async () => rows(await appBench()),
  table: async () => rows(await runTableBench()),
  ingest: async () => rows(await ingestBench()),
  mlflow: () => mlflowBench({ real: values['no-real'] !== true, seconds: Number(values.seconds ?? 6) }),
}

const unknown = positionals.find((name) => !Object.hasOwn(PARTS, name))
if (unknown !== undefined) {
  console.error(`There is no part ${unknown}. There are ${Object.keys(PARTS).join(', ')}.`)
  process.exitCode = 2
} else {
  const chosen = positionals.length === 0 ? Object.keys(PARTS) : positionals
  console.log(
    `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.versions.node}, load ${load()}\n`,
  )
  for (const part of chosen) for (const text of await (PARTS[part]?.() ?? [])) console.log(text)
}

function rows(measured: readonly BenchRow[]): readonly string[] {
  return [
    line({ name: '', value: '', unit: '', target: 'target' }),
    ...measured.map((row) => line({ ...row, value: shown(row.value) })),
    '',
  ]
}

function load(): string {
  try {
    return readFileSync('/proc/loadavg', 'utf8').split(' ').slice(0, 3).join(' ')
  } catch {
    return 'unknown'
  }
}

function line({ name, value, unit, target }: Readonly<Record<'name' | 'value' | 'unit' | 'target', string>>): string {
  return `${name.padEnd(62)} ${value.padStart(12)} ${unit.padEnd(11)} ${target}`.trimEnd()
}

function shown(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0 })
}
