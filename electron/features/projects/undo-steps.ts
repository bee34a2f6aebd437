import { z } from 'zod'
import type { Change } from '#shared/contract/common.ts'

/**
 * Tables whose rows may be put back, with the columns that find a row and the contract's word for what it belongs to. `parent` finds what a
 * row hangs on: where that is gone, the row can't come back. `within` has to be there for a row to be changed.
 */
export const TABLES = {
  run: { key: ['number'], entity: 'run', columns: ['name', 'note', 'experiment', 'lifecycle', 'deleted_at'] },
  tag: { key: ['run', 'key'], entity: 'run', columns: ['value'] },
  experiment: { key: ['id'], entity: 'experiment', columns: ['name', 'lifecycle', 'updated_at'] },
  registered_model: {
    key: ['id'],
    entity: 'model',
    columns: ['name', 'description', 'updated_at', 'deleted_at'],
  },
  model_version: {
    key: ['model', 'version'],
    entity: 'model',
    columns: ['description', 'stage', 'updated_at', 'deleted_at'],
    within: 'SELECT 1 FROM registered_model WHERE id = model_version.model AND deleted_at IS NULL',
  },
  registered_model_tag: {
    key: ['model', 'key'],
    entity: 'model',
    columns: ['value'],
    parent: 'SELECT 1 FROM registered_model WHERE id = @model',
  },
  model_version_tag: {
    key: ['model', 'version', 'key'],
    entity: 'model',
    columns: ['value'],
    parent: 'SELECT 1 FROM model_version WHERE model = @model AND version = @version',
  },
  // An alias of a version that a client deleted since would name nothing.
  registered_model_alias: {
    key: ['model', 'alias'],
    entity: 'model',
    columns: ['version'],
    parent: 'SELECT 1 FROM model_version WHERE model = @model AND version = @version AND deleted_at IS NULL',
  },
} as const satisfies Readonly<
  Record<
    string,
    {
      readonly key: readonly string[]
      readonly entity: Change['entity']
      readonly columns: readonly string[]
      readonly parent?: string
      readonly within?: string
    }
  >
>

const UPDATED = ['run', 'tag', 'experiment', 'registered_model', 'model_version'] as const
const PUT = ['registered_model_tag', 'model_version_tag', 'registered_model_alias'] as const

const Value = z.union([z.string(), z.number(), z.null()])
const Key = z.array(z.union([z.string(), z.number()])).min(1)

/** What a change left of the columns that it is about, so that what was changed again since is told; null for no row. Changes of before this was kept have none. */
const Left = z.record(z.string(), Value).nullable().optional()

/**
 * One thing to put back. `keys` are the values of the table's key columns, a list for each row.
 * `update` sets columns of rows that are there; `insert` and `put` bring rows back (or overwrite them); `remove` takes away rows that the change made.
 */
export const UndoStep = z.discriminatedUnion('do', [
  z.object({
    do: z.literal('update'),
    table: z.enum(UPDATED),
    keys: z.array(Key).readonly(),
    set: z.record(z.string(), Value),
    left: Left,
  }),
  z.object({
    do: z.literal('insert'),
    table: z.literal('tag'),
    rows: z.array(z.tuple([z.number(), z.string(), z.string()])).readonly(),
    left: Left,
  }),
  z.object({
    do: z.literal('put'),
    table: z.enum(PUT),
    key: Key.readonly(),
    set: z.record(z.string(), Value),
    left: Left,
  }),
  z.object({
    do: z.literal('remove'),
    table: z.enum(['tag', 'experiment', ...PUT]),
    keys: z.array(Key).readonly(),
    left: Left,
  }),
])
export type UndoStep = z.infer<typeof UndoStep>

/** The steps of an entry of the log; undefined for a damaged one. */
export function parseSteps(text: string): readonly UndoStep[] | undefined {
  try {
    const parsed = z.array(UndoStep).safeParse(JSON.parse(text))
    return parsed.success && parsed.data.every(isApplicable) ? parsed.data : undefined
  } catch {
    return undefined
  }
}

/** What a step changes, in the contract's word. */
export function entityOf(step: UndoStep): Change['entity'] {
  return TABLES[step.table].entity
}

/** The rows that a step is about, by their keys. */
export function keysOf(step: UndoStep): readonly (readonly (string | number)[])[] {
  switch (step.do) {
    case 'insert':
      return step.rows.map(([run, key]) => [run, key])
    case 'put':
      return [step.key]
    default:
      return step.keys
  }
}

/** The columns that a step is about. When a row was changed last is none: it follows from the others. */
export function columnsOf(step: UndoStep): readonly string[] {
  const columns = step.do === 'update' || step.do === 'put' ? Object.keys(step.set) : TABLES[step.table].columns
  return columns.filter((column) => column !== 'updated_at')
}

/** Names of columns become SQL, so only known ones pass. */
function isApplicable(step: UndoStep): boolean {
  const { key, columns } = TABLES[step.table]
  const known: readonly string[] = columns
  const left = Object.keys(step.left ?? {})
  if (!left.every((name) => known.includes(name))) return false
  if (!keysOf(step).every((values) => values.length === key.length)) return false
  if (step.do === 'insert' || step.do === 'remove') return true
  const names = Object.keys(step.set)
  return (
    names.length > 0 &&
    names.every((name) => known.includes(name)) &&
    (step.do === 'update' || names.length === known.length)
  )
}
