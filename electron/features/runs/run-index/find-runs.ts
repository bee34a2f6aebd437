import type { RunStatus } from '#shared/contract/common.ts'
import { numberAt } from './number-column.ts'
import { DELETED, GONE, idAt, type RunColumns } from './run-columns.ts'
import { codeAt, textAt, textCells } from './text-column.ts'

export type FoundRun = {
  readonly id: string
  readonly name: string
  readonly number: number
  readonly status: RunStatus
  readonly startedAt: number | null
}

/** Runs, newest first, in whose name, id or number (`#12`) every word of the text occurs, case ignored: of the trash, or of all others. */
export function findRuns(columns: RunColumns, text: string, limit: number, trashed = false): readonly FoundRun[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  const found: FoundRun[] = []
  const { name, status } = columns.texts
  const names = textCells(name).dictionary.map((entry) => entry.toLowerCase())
  for (let row = columns.length - 1; row >= 0 && found.length < limit; row--) {
    const lifecycle = columns.lifecycles[row]
    if (lifecycle === GONE || (lifecycle === DELETED) !== trashed) continue
    const number = columns.numbers[row] ?? 0
    const id = idAt(columns, row)
    const lower = names[codeAt(name, row)] ?? ''
    if (
      !words.every(
        (word) => lower.includes(word) || id.startsWith(word) || word === `#${number}` || word === String(number),
      )
    )
      continue
    const { started } = columns.numeric
    found.push({
      id,
      name: textAt(name, row) ?? '',
      number,
      status: (textAt(status, row) ?? 'lost') as RunStatus,
      startedAt: numberAt(started, row),
    })
  }
  return found
}
