import { z } from 'zod'
import type { Change } from '#shared/contract/common.ts'
import type { SqlValue } from '#electron/db/statement.ts'
import type { ProjectContext } from './context.ts'

/**
 * Tables whose rows may be put back, with the columns that find a row and the contract's word for what it belongs to. `parent` finds what a
 * row hangs on: where that is gone, the row can't come back.
 */
const TABLES = {
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
    }
  >
>

const UPDATED = ['run', 'tag', 'experiment', 'registered_model', 'model_version'] as const
const PUT = ['registered_model_tag', 'model_version_tag', 'registered_model_alias'] as const

const Value = z.union([z.string(), z.number(), z.null()])
const Key = z.array(z.union([z.string(), z.number()])).min(1)

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
  }),
  z.object({
    do: z.literal('insert'),
    table: z.literal('tag'),
    rows: z.array(z.tuple([z.number(), z.string(), z.string()])).readonly(),
  }),
  z.object({ do: z.literal('put'), table: z.enum(PUT), key: Key.readonly(), set: z.record(z.string(), Value) }),
  z.object({
    do: z.literal('remove'),
    table: z.enum(['tag', 'experiment', ...PUT]),
    keys: z.array(Key).readonly(),
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

/** Names of columns become SQL, so only known ones pass. */
function isApplicable(step: UndoStep): boolean {
  if (step.do === 'insert') return true
  const { key, columns } = TABLES[step.table]
  const known: readonly string[] = columns
  if (step.do === 'remove') return step.keys.every((values) => values.length === key.length)
  const names = Object.keys(step.set)
  const keys = step.do === 'put' ? [step.key] : step.keys
  return (
    keys.every((values) => values.length === key.length) &&
    names.length > 0 &&
    names.every((name) => known.includes(name)) &&
    (step.do === 'update' || names.length === known.length)
  )
}

/** Puts one thing back. Part of the caller's write. Throws `conflict` where something else took the place. */
export function applyStep({ db }: ProjectContext, step: UndoStep): void {
  if (step.do === 'insert') {
    for (const [run, key, value] of step.rows) {
      // The run may be gone for good: then there is nothing to hang the tag on.
      db.run(
        `INSERT INTO tag (run, key, value) SELECT @run, @key, @value WHERE EXISTS (SELECT 1 FROM run WHERE number = @run)
           ON CONFLICT (run, key) DO UPDATE SET value = excluded.value`,
        { run, key, value },
      )
    }
    return
  }
  if (step.do === 'put') {
    const { key, parent } = TABLES[step.table]
    const row: Record<string, SqlValue> = { ...step.set }
    for (const [index, name] of key.entries()) row[name] = step.key[index] ?? null
    const names = Object.keys(row)
    const set = Object.keys(step.set).map((name) => `${name} = excluded.${name}`)
    db.run(
      `INSERT INTO ${step.table} (${names.join(', ')}) SELECT ${names.map((name) => `@${name}`).join(', ')} WHERE EXISTS (${parent})
         ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${set.join(', ')}`,
      row,
    )
    return
  }
  const where = TABLES[step.table].key.map((name) => `${name} = ?`).join(' AND ')
  if (step.do === 'remove') {
    // An experiment that has gained runs since stays.
    const unused =
      step.table === 'experiment' ? ' AND NOT EXISTS (SELECT 1 FROM run WHERE run.experiment = experiment.id)' : ''
    for (const key of step.keys) db.run(`DELETE FROM ${step.table} WHERE ${where}${unused}`, ...key)
    return
  }
  const names = Object.keys(step.set)
  const values: readonly SqlValue[] = Object.values(step.set)
  const update = `UPDATE ${step.table} SET ${names.map((name) => `${name} = ?`).join(', ')} WHERE ${where}`
  for (const key of step.keys) db.run(update, ...values, ...key)
}
