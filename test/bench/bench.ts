import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { appBench } from './app.ts'
import { ingestBench } from './ingest.ts'
import { type BenchRow, runTableBench } from './run-table.ts'

/**
 * `npm run bench [-- PART...]`: what DESIGN promises, measured on bundles, in one table. Nothing is asserted: a number is true of the machine
 * and of the minute in which it was taken, so the load stands above it.
 */
const PARTS: Readonly<Record<string, () => Promise<readonly BenchRow[]>>> = {
  app: appBench,
  table: runTableBench,
  ingest: ingestBench,
}

const { positionals } = parseArgs({ allowPositionals: true })
const unknown = positionals.find((name) => !Object.hasOwn(PARTS, name))
if (unknown !== undefined) {
  console.error(`There is no part ${unknown}. There are ${Object.keys(PARTS).join(', ')}.`)
  process.exitCode = 2
} else {
  const chosen = positionals.length === 0 ? Object.keys(PARTS) : positionals
  console.log(
    `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.versions.node}, load ${load()}\n`,
  )
  console.log(line({ name: '', value: '', unit: '', target: 'target' }))
  for (const part of chosen)
    for (const row of await (PARTS[part]?.() ?? [])) console.log(line({ ...row, value: shown(row.value) }))
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
