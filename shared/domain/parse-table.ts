/** A table of texts; rows may be shorter or longer than the header. */
export type TextTable = {
  readonly header: readonly string[]
  readonly rows: readonly (readonly string[])[]
  readonly truncated: boolean
}

/**
 * Reads CSV (RFC 4180) or TSV, up to `limit` rows. The separator is the one that the first line has most of: tab, semicolon or comma. A
 * quote that is never closed reads to the end. Never throws.
 */
export function parseTable(text: string, limit: number): TextTable {
  const body = text.replace(/^\uFEFF/, '')
  const line = body.slice(0, 10_000).split(/\r?\n/, 1)[0] ?? ''
  const count = (separator: string): number => line.split(separator).length
  const separator = ['\t', ';', ','].reduce((best, one) => (count(one) > count(best) ? one : best), ',')
  const rows: string[][] = []
  let row: string[] = []
  let cell = ''
  let quoted = false
  const endRow = (): void => {
    row.push(cell)
    cell = ''
    if (row.length > 1 || row[0] !== '') rows.push(row)
    row = []
  }
  let index = 0
  for (; index < body.length && rows.length <= limit; index++) {
    const letter = body[index] ?? ''
    if (quoted) {
      if (letter !== '"') cell += letter
      else if (body[index + 1] === '"') {
        cell += '"'
        index++
      } else quoted = false
    } else if (letter === '"' && cell === '') quoted = true
    else if (letter === separator) {
      row.push(cell)
      cell = ''
    } else if (letter === '\n') endRow()
    else if (letter !== '\r' || body[index + 1] !== '\n') cell += letter
  }
  if (index >= body.length && (cell !== '' || row.length > 0)) endRow()
  const [header = [], ...rest] = rows
  return { header, rows: rest.slice(0, limit), truncated: index < body.length || rest.length > limit }
}
