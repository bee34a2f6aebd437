import { rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { appError } from '#shared/rpc/errors.ts'
import { connectForeign, type ForeignConnection, type ForeignReader } from './connection.ts'
import { foreignError, troubleOf } from './errors.ts'
import { cutOff, readHeader } from './header.ts'
import { newReadingFolder } from './reading-folder.ts'
import { type Loss, salvage } from './salvage.ts'
import { copyDatabase } from './snapshot.ts'

export type ForeignOptions = {
  /** Tables that are saved when the file is damaged. */
  readonly tables: readonly string[]
  /** What rows are searched by: `['metrics', 'run_uuid']`. Where an index lacks, a copy is made that has it. */
  readonly searched: readonly (readonly [string, ...string[]])[]
  /** Is told why something could not be asked of this database. */
  readonly refused: (why: string) => void
  /** Is told once when the file is damaged: what SQLite found, and what was lost. */
  readonly damaged: (findings: readonly string[], losses: readonly Loss[]) => void
}

/** Another program's SQLite file, open for reading. */
export type ForeignDatabase = {
  /**
   * Runs the work in one transaction. It must be short (writers wait for it) and may be run again: it waits for a lock, and moves to a saved copy
   * when damage is met. Throws AppError: `busy`, `corrupt`, `unavailable`.
   */
  readonly read: <T>(work: (db: ForeignReader) => T, signal?: AbortSignal) => Promise<T>
  readonly close: () => Promise<void>
}

/** A lock is waited for so long, in milliseconds: MLflow's own clients wait 20 s for ours. */
const PATIENCE = 15_000
/** Bigger ones are only looked through when damage is met. */
const CHECKED = 16 * 2 ** 20
/** What an integrity check says of data that is odd yet whole, or of room that nothing uses. */
const HARMLESS = /never used|freelist|NULL value in|CHECK constraint|non-unique entry|(TEXT|NUMERIC) value in/i

/**
 * Opens another program's database without ever writing a byte beside it: where it lies when SQLite can do so with a shared lock alone; otherwise (a
 * write-ahead log, a journal that waits to be played back, no locks on a network disk, a missing index) from a copy in the system's folder for
 * temporary files, which goes with `close`. Throws AppError: `not_found`, `invalid` (empty, a folder), `corrupt`, and what `read` throws.
 */
export async function openForeign(
  file: string,
  options: ForeignOptions,
  signal?: AbortSignal,
): Promise<ForeignDatabase> {
  const folders: string[] = []
  const newFolder = async (): Promise<string> => {
    const folder = await newReadingFolder()
    folders.push(folder)
    return folder
  }
  let connection: ForeignConnection | undefined
  let moving: Promise<unknown> | undefined
  const close = async (): Promise<void> => {
    await moving?.catch(() => {})
    connection?.close()
    connection = undefined
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  let mended = false

  const onCopy = async (): Promise<ForeignConnection> => {
    connection?.close()
    connection = undefined
    const copy = await copyDatabase(file, await newFolder(), signal)
    connection = connectForeign(copy, { ...options, readonly: false })
    return connection
  }
  const onSaved = async (): Promise<ForeignConnection> => {
    mended = true
    const short = await cutOff(file)
    const findings = short === null ? (connection === undefined ? [] : check(connection)) : [short]
    connection?.close()
    connection = undefined
    const folder = await newFolder()
    const copy = await copyDatabase(file, folder, signal)
    const saved = join(folder, `saved-${basename(file)}`)
    options.damaged(findings, await salvage(copy, saved, options.tables, signal))
    connection = connectForeign(saved, { ...options, readonly: false })
    index(connection, options.searched)
    return connection
  }
  const save = async (): Promise<void> => {
    // Whoever reads meanwhile waits for it.
    moving ??= onSaved().finally(() => (moving = undefined))
    await moving
  }
  const read = async <T>(work: (db: ForeignReader) => T, asked?: AbortSignal): Promise<T> => {
    for (const deadline = Date.now() + PATIENCE; ;) {
      asked?.throwIfAborted()
      if (moving !== undefined) {
        await moving
        continue
      }
      if (connection === undefined) throw appError('unavailable', `${file} is no longer open.`)
      try {
        return connection.read(work)
      } catch (error) {
        const trouble = troubleOf(error)
        if (trouble === 'busy' && Date.now() < deadline) await wait(25)
        else if (trouble === 'damaged' && !mended) await save()
        else throw foreignError(error, file)
      }
    }
  }

  try {
    await checkFile(file)
    if (await liesAlone(file)) connection = connectForeign(file, { ...options, readonly: true })
    else await onCopy()
    const state = async () =>
      read(({ schema }) => options.searched.filter((wanted) => isLacking(schema, wanted)), signal)
    let lacking: ForeignOptions['searched']
    try {
      lacking = await state()
    } catch (error) {
      if (troubleOf((error as Error).cause) !== 'hot') throw error
      await onCopy()
      lacking = await state()
    }
    if (!mended && (await stat(file)).size <= CHECKED && (await read(() => isDamaged(connection), signal))) await save()
    else if (lacking.length > 0 && !mended)
      index(connection?.raw.readonly === true ? await onCopy() : connection, lacking)
    // SQLite reads the missing end of a last page as zeroes, and finds nothing wrong where they are no rows of its own: a long value ends with them then.
    const short = mended ? null : await cutOff(file)
    if (short !== null) options.damaged([short], [])
    return { read, close }
  } catch (error) {
    await close()
    throw foreignError(error, file)
  }
}

async function checkFile(file: string): Promise<void> {
  if ((await stat(file)).isDirectory()) throw appError('invalid', `${file} is a folder.`)
  const header = await readHeader(file)
  if (header.kind === 'empty') throw appError('invalid', `${file} is empty: it has 0 bytes.`)
  if (header.kind === 'other')
    throw appError('corrupt', `${file} is not an SQLite database, or it is encrypted or damaged at its start.`)
}

/** No log is there to be read with it, nor would opening it make one. */
async function liesAlone(file: string): Promise<boolean> {
  const header = await readHeader(file)
  if (header.kind !== 'sqlite' || header.writeAhead) return false
  return (await stat(`${file}-wal`).catch(() => undefined)) === undefined
}

function isLacking(schema: ForeignReader['schema'], [table, ...columns]: readonly [string, ...string[]]): boolean {
  const known = schema.columns(table)
  return columns.every((column) => known.has(column)) && !schema.isIndexed(table, ...columns)
}

function index(connection: ForeignConnection | undefined, searched: ForeignOptions['searched']): void {
  if (connection === undefined) return
  for (const [table, ...columns] of searched)
    if (connection.read(({ schema }) => isLacking(schema, [table, ...columns])))
      connection.raw.exec(
        `CREATE INDEX "benchtop ${table} ${columns.join(' ')}" ON "${table}" ("${columns.join('", "')}")`,
      )
}

function isDamaged(connection: ForeignConnection | undefined): boolean {
  return connection !== undefined && check(connection).some((line) => line !== 'ok' && !HARMLESS.test(line))
}

/** What SQLite finds, in its own words; the first few lines. */
function check({ raw }: ForeignConnection): readonly string[] {
  try {
    const rows = raw.pragma('integrity_check(20)') as readonly { readonly integrity_check: string }[]
    return rows.map((row) => row.integrity_check)
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
}
