import { exactNumber } from '#shared/lib/format.ts'

/** A value of a table: null is absent. */
export type TableValue = string | number | null

export type Table = {
  readonly columns: readonly { readonly title: string; readonly align: 'left' | 'right' }[]
  readonly rows: readonly (readonly TableValue[])[]
}

export type TableStyle = 'table' | 'json' | 'csv'

/** A table for eyes (columns aligned), for programs (JSON with exact numbers) or for a spreadsheet (RFC 4180). */
export function printTable(
  table: Table,
  style: TableStyle,
  shown: (value: number, column: number) => string = exactNumber,
): string {
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
  const cells = table.rows.map((row) =>
    row.map((value, column) =>
      value === null ? '–' : typeof value === 'number' ? shown(value, column) : oneLine(value),
    ),
  )
  const widths = table.columns.map(({ title }, column) =>
    Math.max(width(title), ...cells.map((row) => width(row[column] ?? ''))),
  )
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => {
        const gap = ' '.repeat(Math.max(0, (widths[column] ?? 0) - width(cell)))
        return table.columns[column]?.align === 'right' ? gap + cell : cell + gap
      })
      .join('  ')
      .trimEnd()
  return [line(table.columns.map(({ title }) => title)), ...cells.map(line)].map((text) => `${text}\n`).join('')
}

/** JSON has no NaN: as a text, the way MLflow writes it. */
function jsonValue(value: TableValue): TableValue {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value
}

function csvCell(value: TableValue): string {
  if (value === null) return ''
  const text = typeof value === 'number' ? String(value) : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Control characters of a parameter must not steer the terminal. */
function oneLine(text: string): string {
  const flat = text.replace(/\s+/g, ' ').replace(/[\u0000-\u001f\u007f-\u009f]/g, '�')
  return flat.length > 60 ? `${flat.slice(0, 30)}…${flat.slice(-29)}` : flat
}

const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}]/u

function width(text: string): number {
  let columns = 0
  for (const character of text) columns += wide.test(character) ? 2 : 1
  return columns
}
