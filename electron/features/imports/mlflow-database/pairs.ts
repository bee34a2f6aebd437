import type { Cell, Row } from '#electron/db/foreign/connection.ts'
import type { Pair } from '#electron/features/models/index.ts'
import { textOf } from './cells.ts'

/** A value that is not there is an empty one; a key that is not there makes no pair. */
export function pairOf(key: Cell | undefined, value: Cell | undefined): Pair | undefined {
  const name = textOf(key)
  return name === null || name === '' ? undefined : { key: name, value: textOf(value) ?? '' }
}

export function pairsIn(rows: readonly Row[]): readonly Pair[] {
  return rows.flatMap(([key, value]) => pairOf(key, value) ?? [])
}
