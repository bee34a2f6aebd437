import type { FilterColumn } from '#shared/domain/filter/columns.ts'
import type { Clause, Entity } from '#shared/domain/filter/ast.ts'

/** The values of a key by row, read from what is searched; undefined where a row has none. */
export type Column =
  | {
      readonly kind: 'number'
      readonly values: readonly (number | undefined)[]
      /** What whole numbers are more than these doubles, where that is anything. */
      readonly rests?: readonly number[] | undefined
    }
  | {
      readonly kind: 'text'
      readonly values: readonly (string | undefined)[]
      /** Turns a compared value into the spelling of the values (`finished` into `FINISHED`). */
      readonly canonical?: (text: string) => string
    }
  /** Several texts a row: one that matches is enough. */
  | { readonly kind: 'texts'; readonly values: readonly (readonly string[])[] }

/** What is searched: rows, and which keys they can have. */
export type Searched = {
  readonly length: number
  /** Attributes by the names that clients use for them, case included. */
  readonly attributes: Readonly<Record<string, () => Column>>
  /** The keyed things that rows have, each read when a filter names a key of it. */
  readonly keyed: Partial<Readonly<Record<Exclude<Entity, 'attribute'>, (key: string) => Column>>>
  /** Clauses that mean here what the language has no column for: 1 for each row where one holds, undefined for all other clauses. */
  readonly holds?: (clause: Clause) => Uint8Array | undefined
  /** Epoch milliseconds. */
  readonly now: number
}

export const textColumn = (values: readonly (string | null | undefined)[]): Column => ({
  kind: 'text',
  values: values.map((value) => value ?? undefined),
})
export const numberColumn = (
  values: readonly (number | null | undefined)[],
  rests?: readonly number[],
): Column & { readonly kind: 'number' } => ({
  kind: 'number',
  values: values.map((value) => value ?? undefined),
  rests,
})

/** The column as the filter language reads it. */
export function filterColumn(column: Column): FilterColumn {
  if (column.kind === 'number') {
    return {
      kind: 'number',
      values: Float64Array.from(column.values, (value) => value ?? Number.NaN),
      present: Uint8Array.from(column.values, (value) => (value === undefined ? 0 : 1)),
    }
  }
  const lookup = new Map<string, number>()
  const codeOf = (text: string): number => {
    const known = lookup.get(text)
    if (known !== undefined) return known
    lookup.set(text, lookup.size)
    return lookup.size - 1
  }
  if (column.kind === 'text') {
    const codes = Int32Array.from(column.values, (value) => (value === undefined ? -1 : codeOf(value)))
    const { canonical } = column
    return { kind: 'text', codes, dictionary: [...lookup.keys()], ...(canonical === undefined ? {} : { canonical }) }
  }
  const offsets = new Uint32Array(column.values.length + 1)
  const codes: number[] = []
  column.values.forEach((texts, row) => {
    for (const text of texts) codes.push(codeOf(text))
    offsets[row + 1] = codes.length
  })
  return { kind: 'texts', offsets, codes, dictionary: [...lookup.keys()] }
}
