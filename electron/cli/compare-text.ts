import type { CodeDifference, RunFacts } from '#shared/contract/runs.ts'
import {
  type DifferenceRow,
  differenceOf,
  type DifferenceSection,
  type MetricCell,
  type SectionName,
  type TextCell,
} from '#shared/domain/compare/difference.ts'
import { chooseNumberFormat, formatDelta, formatNumber } from '#shared/lib/format.ts'
import { oneLine, printTable, type TableStyle, type TableValue } from './print-table.ts'

export type Comparison = {
  readonly facts: readonly RunFacts[]
  /** The code of each run but the first, against the first one's. */
  readonly code: readonly CodeDifference[]
  /** What is the same, too. */
  readonly all: boolean
  /** The code's difference line by line, too. */
  readonly diff: boolean
}

const NAMES: Readonly<Record<SectionName, string>> = {
  metrics: 'Metrics',
  params: 'Parameters',
  code: 'Code',
  tags: 'Tags',
  packages: 'Packages',
  environment: 'Environment',
}

/** What differs between runs, the first being the base. */
export function compareText(comparison: Comparison, style: TableStyle): string {
  const { facts, all } = comparison
  const sections = differenceOf(facts).map((section) => withLines(section, comparison))
  const titles = facts.map(({ name, number }) => `${oneLine(name, 40)} #${number}`)
  if (style !== 'table') {
    const rows = sections.flatMap(({ name, rows: of }) =>
      of
        .filter(({ differs }) => all || differs)
        .map(({ key, cells }): TableValue[] => [name, key, ...cells.map(({ value }) => value)]),
    )
    return printTable({ columns: ['section', 'key', ...titles].map(leftColumn), rows }, style)
  }
  const rows = sections.flatMap((section): TableValue[][] => sectionRows(section, comparison, titles))
  const table =
    rows.length === 0
      ? 'Nothing that was recorded differs.\n'
      : printTable({ columns: ['', ...titles].map(leftColumn), rows }, 'table')
  return `${table}${comparison.diff ? diffText(comparison, titles) : ''}`
}

function leftColumn(title: string): { readonly title: string; readonly align: 'left' } {
  return { title, align: 'left' }
}

/** The size of the code's difference stands with the other facts of the code. */
function withLines(section: DifferenceSection, { code }: Comparison): DifferenceSection {
  if (section.name !== 'code' || code.length === 0) return section
  const cells = [null, ...code].map((found): TextCell => ({
    kind: 'text',
    value: found === null ? null : linesText(found),
    same: found === null || (found.diff !== null && found.files === 0),
  }))
  const differs = cells.some(({ same }) => !same)
  const row: DifferenceRow = { key: 'lines', differs, goal: 'neutral', aggregate: null, cells }
  // Lines of which nothing is recorded are told, but nobody knows that they differ.
  const known = code.some(({ diff, files }) => diff !== null && files > 0)
  return { ...section, rows: [...section.rows, row], differing: section.differing + Number(known) }
}

function linesText({ diff, added, removed, files, why }: CodeDifference): string {
  if (diff === null) return why ?? 'not known'
  if (files === 0) return 'same'
  return `+${added} −${removed} in ${files} ${files === 1 ? 'file' : 'files'}`
}

/** A run of which nothing of a section is recorded differs in all of it, which is one fact and not a hundred. */
function sectionRows(
  { name, rows, differing }: DifferenceSection,
  { facts, all }: Comparison,
  titles: readonly string[],
): TableValue[][] {
  const shown = all ? rows : rows.filter(({ differs }) => differs)
  if (shown.length === 0) return []
  const empty = titles.map(() => '')
  const missing = facts.map((_, run) => rows.every(({ cells }) => cells[run]?.value === null))
  if (name === 'packages' && missing.some(Boolean) && !all)
    return [[NAMES[name], ...facts.map((_, run) => (missing[run] === true ? 'not recorded' : `${rows.length}`))]]
  const of = shown.length === differing ? '' : ` of ${shown.length}`
  return [
    [`${NAMES[name]} (${differing} ${differing === 1 ? 'differs' : 'differ'}${of})`, ...empty],
    ...shown.map((row) => [`  ${nameOf(row)}`, ...cellsOf(row)]),
  ]
}

function nameOf({ key, aggregate }: DifferenceRow): string {
  return aggregate === null || aggregate === 'last' ? key : `${key} ${aggregate}`
}

function cellsOf({ key, cells }: DifferenceRow): readonly string[] {
  const numbers = cells.flatMap((cell) => (cell.kind === 'metric' && cell.value !== null ? [cell.value] : []))
  const format = chooseNumberFormat(numbers)
  return cells.map((cell, index) => {
    if (cell.kind === 'metric') return metricText(cell, format)
    // The base of the lines is what the others are compared with: it has none of its own.
    if (key === 'lines' && index === 0) return ''
    return index > 0 && cell.same ? 'same' : (cell.value ?? 'not set')
  })
}

function metricText({ value, delta, gap, best }: MetricCell, format: ReturnType<typeof chooseNumberFormat>): string {
  if (value === null) return 'not set'
  const change = delta === null ? '' : `  ${formatDelta(delta, format)}${gap === null ? '' : ` (${gap.toFixed(1)} sd)`}`
  return `${formatNumber(value, format)}${best ? '*' : ''}${change}`
}

function diffText({ code }: Comparison, titles: readonly string[]): string {
  return code
    .map(({ diff, why }, index) => {
      const head = `\n${titles[0] ?? ''} → ${titles[index + 1] ?? ''}\n`
      const note = why === null ? '' : `${why}\n`
      return `${head}${note}${diff === null || diff === '' ? '' : plainLines(diff)}`
    })
    .join('')
}

/** A diff keeps its line ends and tabs; any other control character of a source must not steer the terminal. */
function plainLines(diff: string): string {
  const text = diff
    .split('\n')
    .map((line) =>
      line
        .split('\t')
        .map((part) => shownPart(part))
        .join('\t'),
    )
    .join('\n')
  return text.endsWith('\n') ? text : `${text}\n`
}

function shownPart(part: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  return part.replace(/[\u0000-\u001f\u007f-\u009f]/g, '�')
}
