import {
  type DifferenceRow,
  differenceOf,
  type DifferenceSection,
  type MetricCell,
  type TextCell,
} from '#shared/domain/compare/difference.ts'
import { chooseNumberFormat, formatDelta, formatNumber } from '#shared/lib/format.ts'
import type { RunFacts } from '#shared/contract/runs.ts'
import { connectCli, projectOf } from '../backend-client.ts'
import { findRun } from '../find-run.ts'
import { printTable, type TableStyle, type TableValue } from '../print-table.ts'

export type CompareOptions = {
  readonly runs: readonly string[]
  readonly all: boolean
  readonly project?: string
  readonly style: TableStyle
}

/** `benchtop compare RUN RUN...`: what differs; the first run is the base. */
export async function compareCommand(options: CompareOptions): Promise<string> {
  const cli = await connectCli()
  const project = await projectOf(cli, options.project, false)
  const ids: string[] = []
  for (const run of options.runs) ids.push(await findRun(cli, project, run))
  const facts = await cli.client.runs.facts({ project, runs: ids })
  return compareText(facts, options)
}

/** The comparison as text. */
export function compareText(facts: readonly RunFacts[], { all, style }: Pick<CompareOptions, 'all' | 'style'>): string {
  const sections = differenceOf(facts).map((section) => ({
    ...section,
    rows: all ? section.rows : section.rows.filter(({ differs }) => differs),
  }))
  const titles = facts.map(({ name, number }) => `${name} #${number}`)
  if (style !== 'table') {
    const rows = sections.flatMap(({ name, rows: of }) =>
      of.map(({ key, cells }): TableValue[] => [name, key, ...cells.map(({ value }) => value)]),
    )
    return printTable(
      { columns: ['section', 'key', ...titles].map((title) => ({ title, align: 'left' })), rows },
      style,
    )
  }
  const shown = sections.filter(({ rows }) => rows.length > 0)
  if (shown.length === 0) return 'Nothing that was recorded differs.\n'
  const rows = shown.flatMap((section): TableValue[][] => [
    [heading(section), ...titles.map(() => '')],
    ...section.rows.map((row) => [`  ${nameOf(row)}`, ...cellsOf(row)]),
  ])
  return printTable({ columns: ['', ...titles].map((title) => ({ title, align: 'left' })), rows }, 'table')
}

const NAMES: Readonly<Record<DifferenceSection['name'], string>> = {
  metrics: 'Metrics',
  params: 'Parameters',
  code: 'Code',
  tags: 'Tags',
  packages: 'Packages',
  environment: 'Environment',
}

function heading({ name, rows, differing }: DifferenceSection): string {
  return `${NAMES[name]} (${differing} ${differing === 1 ? 'differs' : 'differ'}${rows.length === differing ? '' : ` of ${rows.length}`})`
}

function nameOf({ key, aggregate }: DifferenceRow): string {
  return aggregate === null || aggregate === 'last' ? key : `${key} ${aggregate}`
}

function cellsOf(row: DifferenceRow): readonly string[] {
  const numbers = row.cells.flatMap((cell) => (cell.kind === 'metric' && cell.value !== null ? [cell.value] : []))
  const format = chooseNumberFormat(numbers)
  return row.cells.map((cell, index) => (cell.kind === 'metric' ? metricText(cell, format) : valueText(cell, index)))
}

function metricText({ value, delta, gap, best }: MetricCell, format: ReturnType<typeof chooseNumberFormat>): string {
  if (value === null) return 'not set'
  const change = delta === null ? '' : `  ${formatDelta(delta, format)}${gap === null ? '' : ` (${gap.toFixed(1)} sd)`}`
  return `${formatNumber(value, format)}${best ? '*' : ''}${change}`
}

function valueText({ value, same }: TextCell, index: number): string {
  if (index > 0 && same) return 'same'
  return value ?? 'not set'
}
