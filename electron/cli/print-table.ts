import { exactNumber } from '#shared/lib/format.ts'
import { rawJson } from '#shared/lib/raw-json.ts'
import { truncateMiddle } from '#shared/lib/truncate-middle.ts'

/** A value of a table: null is absent. */
export type TableValue = string | number | bigint | null

export type Table = {
  readonly columns: readonly { readonly title: string; readonly align: 'left' | 'right' }[]
  readonly rows: readonly (readonly TableValue[])[]
}

export type TableStyle = 'table' | 'json' | 'csv'

export type TableOptions = {
  /** How a number is shown to eyes; by default exactly. */
  readonly shown?: (value: number, column: number) => string
  /** The most characters of a text; longer ones lose their middle. */
  readonly longest?: number
  readonly headless?: boolean
}

/** A table for eyes (columns aligned), for programs (JSON with exact numbers) or for a spreadsheet (RFC 4180). */
export function printTable(table: Table, style: TableStyle, options: TableOptions = {}): string {
  if (style === 'json')
    return `${JSON.stringify(
      table.rows.map((row) =>
        Object.fromEntries(table.columns.map(({ title }, index) => [title, jsonValue(row[index] ?? null)])),
      ),
      null,
      2,
    )}\n`
  if (style === 'csv')
    return [table.columns.map(({ title }) => csvCell(title)), ...table.rows.map((row) => row.map(csvCell))]
      .map((cells) => `${cells.join(',')}\r\n`)
      .join('')
  return forEyes(table, options)
}

function forEyes(
  { columns, rows }: Table,
  { shown = exactNumber, longest = 60, headless = false }: TableOptions,
): string {
  const body = rows.map((row) =>
    row.map((value, column) =>
      value === null ? '–' : typeof value === 'number' ? shown(value, column) : oneLine(String(value), longest),
    ),
  )
  const lines = headless ? body : [columns.map(({ title }) => oneLine(title, longest)), ...body]
  const widths = columns.map((_, column) => Math.max(0, ...lines.map((row) => displayWidth(row[column] ?? ''))))
  return lines
    .map((row) => {
      const cells = row.map((cell, column) => {
        const gap = ' '.repeat(Math.max(0, (widths[column] ?? 0) - displayWidth(cell)))
        return columns[column]?.align === 'right' ? gap + cell : cell + gap
      })
      return `${cells.join('  ').trimEnd()}\n`
    })
    .join('')
}

/** JSON has no NaN: as a text, the way MLflow writes it. */
function jsonValue(value: TableValue): unknown {
  if (typeof value === 'bigint') return rawJson(String(value))
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value
}

function csvCell(value: TableValue): string {
  if (value === null) return ''
  const text = String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

// oxlint-disable-next-line no-control-regex -- control characters are what this is about
const CONTROLS = /[\u0000-\u001f\u007f-\u009f]/g

/** A text in one line of at most `longest` characters, its middle cut. Control characters of a parameter must not steer the terminal. */
export function oneLine(text: string, longest = 60): string {
  // A value of a megabyte is not searched for its line ends.
  const near = text.length > 4 * longest ? `${text.slice(0, 2 * longest)}…${text.slice(-2 * longest)}` : text
  const indent = /^ */.exec(near)?.[0] ?? ''
  return indent + truncateMiddle(near.slice(indent.length).replace(/\s+/g, ' ').replace(CONTROLS, '�'), longest)
}

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}]/u
const NONE = /[\p{Mn}\p{Me}\p{Cf}]/u

/** Columns of a terminal that a text takes: two for CJK and emoji, none for accents that combine. */
export function displayWidth(text: string): number {
  let columns = 0
  for (const character of text) columns += NONE.test(character) ? 0 : WIDE.test(character) ? 2 : 1
  return columns
}
