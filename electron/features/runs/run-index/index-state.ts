import { parseColumnId } from '#shared/domain/column-id.ts'
import { appError } from '#shared/rpc/errors.ts'
import { MIRRORED_TAGS } from '../mirrored-tags.ts'
import type { DatasetColumns } from './dataset-columns.ts'
import { aggregateColumn, attributeColumn, type ValueColumn } from './filter-columns.ts'
import type { RunColumns } from './run-columns.ts'
import type { Signatures } from './signatures.ts'

/** What a question about the runs is answered from. */
export type IndexState = {
  readonly columns: RunColumns
  readonly datasets: () => DatasetColumns
  readonly signatures: () => Signatures
  /** Milliseconds since 1970: ends the duration of what still runs, and is "now" in filters. */
  readonly now: number
}

/** The column of an id; undefined where no run has it. Throws `invalid` for what is no id. */
export function valueColumn({ columns, now }: IndexState, id: string): ValueColumn | undefined {
  const parsed = parseColumnId(id)
  if (parsed === undefined) throw appError('invalid', `There is no column ${id}.`, { field: 'columns' })
  switch (parsed.kind) {
    case 'attribute':
      return attributeColumn(columns, parsed.key, now)
    case 'metric': {
      const metric = columns.metrics.get(parsed.key)
      return metric === undefined
        ? undefined
        : { kind: 'number', column: aggregateColumn(metric, parsed.key, parsed.aggregate) }
    }
    case 'param': {
      const column = columns.params.get(parsed.key)
      return column === undefined ? undefined : { kind: 'text', column }
    }
    case 'tag': {
      const mirror = MIRRORED_TAGS.get(parsed.key)
      const column = mirror === undefined ? columns.tags.get(parsed.key) : columns.texts[mirror]
      return column === undefined ? undefined : { kind: 'text', column }
    }
  }
}
