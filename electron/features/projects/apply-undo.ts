import type { ReadDb, WriteDb } from '#electron/db/connection.ts'
import type { SqlValue } from '#electron/db/statement.ts'
import type { ProjectContext } from './context.ts'
import { columnsOf, keysOf, TABLES, type UndoStep } from './undo-steps.ts'

/** What became of a step: rows that were put back, and rows that were changed again since and stay. */
export type StepOutcome = { readonly done: number; readonly kept: number }

/** Puts one thing back, as far as it is still as the change left it. Part of the caller's write. Throws `conflict` where something else took the place. */
export function applyStep({ db }: ProjectContext, step: UndoStep): StepOutcome {
  const keys = keysOf(step)
  // What only follows from other columns is no change of its own, nor is an experiment that was made for a move.
  const counts = columnsOf(step).length > 0 && !(step.do === 'remove' && step.table === 'experiment')
  const rows = step.left === undefined ? [] : rowsOf(db, step)
  let done = 0
  for (const [index, key] of keys.entries()) {
    const isLeft = step.left === undefined || sameRow(rows[index] ?? null, step.left)
    if (isLeft && putBack(db, step, key, index)) done++
  }
  return counts ? { done, kept: keys.length - done } : { done: 0, kept: 0 }
}

type Row = Readonly<Record<string, SqlValue>>

/** What the rows of a step hold in the columns that it is about, in the order of its keys; null for no row. One statement however many they are. */
function rowsOf(db: ReadDb, step: UndoStep): readonly (Row | null)[] {
  const keys = keysOf(step)
  const names = columnsOf(step)
  const same = TABLES[step.table].key.map(
    (name, at) => `${step.table}."${name}" = json_extract(asked.value, '$[${at}]')`,
  )
  const found = db
    .prepare(
      `SELECT ${['asked.key', ...names.map((name) => `${step.table}."${name}"`)].join(', ')}
         FROM json_each(?) AS asked CROSS JOIN ${step.table} ON ${same.join(' AND ')}`,
    )
    .rows<readonly [number, ...SqlValue[]]>(JSON.stringify(keys))
  const rows = Array.from<Row | null>({ length: keys.length }).fill(null)
  for (const [at, ...values] of found)
    rows[at] = Object.fromEntries(names.map((name, index) => [name, values[index] ?? null]))
  return rows
}

/**
 * The steps with what the change left of what they are about; call it once the change is made. A step over rows that were left differently becomes one for each
 * such state.
 */
export function withLeft({ db }: ProjectContext, steps: readonly UndoStep[]): readonly UndoStep[] {
  return steps.flatMap((step) => {
    const rows = rowsOf(db, step)
    const groups = Map.groupBy(rows.keys(), (index) => JSON.stringify(rows[index] ?? null))
    return [...groups].map(([text, indexes]): UndoStep => {
      const left = JSON.parse(text) as UndoStep['left']
      switch (step.do) {
        case 'put':
          return { ...step, left }
        case 'insert':
          return { ...step, rows: picked(step.rows, indexes), left }
        default:
          return { ...step, keys: picked(step.keys, indexes), left }
      }
    })
  })
}

function picked<Item>(items: readonly Item[], indexes: readonly number[]): Item[] {
  return indexes.flatMap((index) => items.slice(index, index + 1))
}

function sameRow(row: Row | null, left: Readonly<Record<string, SqlValue>> | null): boolean {
  if (row === null || left === null) return row === left
  return Object.entries(left).every(([name, value]) => row[name] === value)
}

function whereOf({ table }: UndoStep): string {
  return TABLES[table].key.map((name) => `"${name}" = ?`).join(' AND ')
}

/** True when there was something to put back, or to put it on. */
function putBack(db: WriteDb, step: UndoStep, key: readonly (string | number)[], index: number): boolean {
  switch (step.do) {
    case 'insert': {
      const [run, name, value] = step.rows[index] ?? [0, '', '']
      // The run may be gone for good: then there is nothing to hang the tag on.
      const { changes } = db.run(
        `INSERT INTO tag (run, key, value) SELECT @run, @name, @value WHERE EXISTS (SELECT 1 FROM run WHERE number = @run)
           ON CONFLICT (run, key) DO UPDATE SET value = excluded.value`,
        { run, name, value },
      )
      return changes > 0
    }
    case 'put':
      return putRow(db, step)
    case 'remove': {
      // An experiment that has gained runs since stays.
      const unused =
        step.table === 'experiment' ? ' AND NOT EXISTS (SELECT 1 FROM run WHERE run.experiment = experiment.id)' : ''
      return db.run(`DELETE FROM ${step.table} WHERE ${whereOf(step)}${unused}`, ...key).changes > 0
    }
    case 'update': {
      const set = Object.keys(step.set).map((name) => `${name} = ?`)
      const table = TABLES[step.table]
      const within = 'within' in table ? ` AND EXISTS (${table.within})` : ''
      const update = `UPDATE ${step.table} SET ${set.join(', ')} WHERE ${whereOf(step)}${within}`
      return db.run(update, ...Object.values(step.set), ...key).changes > 0
    }
  }
}

function putRow(db: WriteDb, step: Extract<UndoStep, { readonly do: 'put' }>): boolean {
  const { key, parent } = TABLES[step.table]
  const row: Record<string, SqlValue> = { ...step.set }
  for (const [index, name] of key.entries()) row[name] = step.key[index] ?? null
  const names = Object.keys(row)
  const set = Object.keys(step.set).map((name) => `${name} = excluded.${name}`)
  const { changes } = db.run(
    `INSERT INTO ${step.table} (${names.join(', ')}) SELECT ${names.map((name) => `@${name}`).join(', ')} WHERE EXISTS (${parent})
       ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${set.join(', ')}`,
    row,
  )
  return changes > 0
}
