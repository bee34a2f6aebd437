import {
  type DifferenceRow,
  type DifferenceSection,
  differenceOf,
  type MetricCell,
  type TextCell,
} from '#shared/domain/compare/difference.ts'
import type { RunFacts } from '#shared/contract/runs.ts'
import { chooseNumberFormat, formatDelta, formatNumber } from '#shared/lib/format.ts'
import { byMetricRank } from '../run/headline.ts'

export const SECTION_NAMES: Readonly<Record<DifferenceSection['name'], string>> = {
  metrics: 'Metrics',
  params: 'Parameters',
  code: 'Code and machine',
  tags: 'Tags',
  packages: 'Packages',
  environment: 'Environment',
}

/** What differs, with the metrics in the order in which people look. */
export function comparisonOf(facts: readonly RunFacts[]): readonly DifferenceSection[] {
  return differenceOf(facts).map((section) =>
    section.name === 'metrics' ? { ...section, rows: section.rows.toSorted(byMetricRank) } : section,
  )
}

/** The differences as a Markdown table a section, for a note or an issue. */
export function comparisonMarkdown(facts: readonly RunFacts[]): string {
  const head = (title: string): readonly string[] => [
    line([title, ...facts.map(({ name }, column) => (column === 0 ? `${name} (base)` : name))]),
    line(['---', ...facts.map(() => '---')]),
  ]
  return comparisonOf(facts)
    .filter(({ differing }) => differing > 0)
    .map(({ name, rows }) =>
      [...head(SECTION_NAMES[name]), ...rows.filter(({ differs }) => differs).map(rowLine)].join('\n'),
    )
    .join('\n\n')
}

function rowLine(row: DifferenceRow): string {
  const format = chooseNumberFormat(
    row.cells.flatMap((cell) => (cell.kind === 'metric' && cell.value !== null ? [cell.value] : [])),
  )
  const words = (cell: TextCell | MetricCell): string => {
    if (cell.value === null) return 'not set'
    if (cell.kind === 'text') return cell.value
    const value = formatNumber(cell.value, format)
    return cell.delta === null ? value : `${value} (${formatDelta(cell.delta, format)})`
  }
  return line([row.key, ...row.cells.map(words)])
}

function line(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ')).join(' | ')} |`
}
