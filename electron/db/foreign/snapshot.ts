import { chmod, constants, copyFile, open, rm, stat, statfs } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { appError } from '#shared/rpc/errors.ts'

const ATTEMPTS = 8
const BETWEEN = 250
/** Bytes of a write-ahead log's header: its salts change when the log begins anew. */
const LOG_HEADER = 32

/**
 * Copies a database with what belongs to it (the write-ahead log or the journal of a writer that was killed) into a folder, as it was at one moment:
 * it looks before and after, and begins again when a writer came between. Gives the copy's path. The source is only read; no lock is taken.
 * Throws AppError: `disk_full`, `busy` (written to without a pause), `unavailable`.
 */
export async function copyDatabase(file: string, folder: string, signal?: AbortSignal): Promise<string> {
  const target = join(folder, basename(file))
  await checkSpace(file, folder)
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    signal?.throwIfAborted()
    const before = await marksOf(file)
    await copyWritable(file, target)
    // The log after the database: then whatever was carried over meanwhile is in the log too.
    for (const ending of ['-wal', '-journal']) await copyIfThere(`${file}${ending}`, `${target}${ending}`)
    if ((await marksOf(file)) === before) return target
    await wait(BETWEEN, undefined, signal === undefined ? {} : { signal })
  }
  throw appError('busy', `${file} is being written to without a pause.`, {
    hint: 'Try again when the training or the server that uses it is quiet.',
    retry: true,
  })
}

/**
 * What tells whether copying met a writer. With a write-ahead log the file may change (what is carried over stands in the log as well) as long as the
 * log isn't begun anew; without one it may not.
 */
async function marksOf(file: string): Promise<string> {
  const log = await headOf(`${file}-wal`)
  const own = log === '' ? await marksOfFile(file) : ''
  return [log, own, await marksOfFile(`${file}-journal`)].join('|')
}

async function marksOfFile(file: string): Promise<string> {
  try {
    const { size, mtimeNs, ino } = await stat(file, { bigint: true })
    return `${size} ${mtimeNs} ${ino}`
  } catch (error) {
    if (isMissing(error)) return ''
    throw error
  }
}

async function headOf(file: string): Promise<string> {
  try {
    const handle = await open(file, 'r')
    try {
      const bytes = Buffer.alloc(LOG_HEADER)
      const { bytesRead } = await handle.read(bytes, 0, LOG_HEADER, 0)
      return bytes.toString('hex', 0, bytesRead)
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (isMissing(error)) return ''
    throw error
  }
}

async function copyIfThere(from: string, to: string): Promise<void> {
  try {
    await rm(to, { force: true })
    await copyWritable(from, to)
  } catch (error) {
    if (!isMissing(error)) throw error
  }
}

async function copyWritable(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_FICLONE)
  await chmod(to, 0o600)
}

async function checkSpace(file: string, folder: string): Promise<void> {
  const { size } = await stat(file)
  const { bavail, bsize } = await statfs(folder)
  if (size * 1.2 > bavail * bsize)
    throw appError('disk_full', `There is no room for a copy of ${file} in ${folder}.`, {
      hint: 'A database in use is read from a copy. Free some space there.',
      retry: true,
    })
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === 'ENOENT'
}
