import type { Stats } from 'node:fs'
import { lstat } from 'node:fs/promises'
import { isAbort } from '#shared/rpc/errors.ts'
import { fileInside, rootsOf } from '#electron/features/artifacts/index.ts'
import { systemError } from '#electron/platform/system-error.ts'
import { writeWhole } from './copy-file.ts'
import { stops, told, wordsOf } from './file-faults.ts'
import { putServedFiles, type ServedFile, servedFiles } from './served-file-queries.ts'
import type { ServerFiles } from './source.ts'
import type { ComingFiles, TakeFiles } from './take-files.ts'

/** A disk may keep a time less exactly than it tells it, milliseconds. */
const SAME_TIME = 2
/** Files that are written down at once. */
const NOTED = 64

/**
 * Brings the files of a run or a model from a server. Its lists have sizes and no times, so one of the same size counts as the same, unless the server tells of a
 * file by itself when it was changed and that is another time than when it came: that is asked in imports that somebody asked for. One that is not the same
 * takes the place of what came before, unless that was changed here since, or never came from there.
 */
export async function downloadFiles(
  options: TakeFiles,
  { owner, shown }: ComingFiles,
  files: ServerFiles,
): Promise<void> {
  const { project, tally, signal } = options
  const { own } = rootsOf(project, owner)
  const before = servedFiles(project.db, owner)
  let written: ServedFile[] = []
  let copied = 0
  const note = async (): Promise<void> => {
    const some = written
    written = []
    if (some.length > 0) await project.commits.enqueue(() => putServedFiles(project.db, owner, some))
  }
  const noteFile = async (file: ServedFile): Promise<void> => {
    written.push(file)
    if (written.length >= NOTED) await note()
  }
  try {
    for await (const { path, size } of files.list(signal)) {
      signal.throwIfAborted()
      const skip = (why: string): void => tally.note({ kind: 'skipped', what: `${shown}: ${path}`, why })
      const to = await fileInside(own, path)
      if (to === undefined || to === own) {
        skip('its path leads out of its folder')
        continue
      }
      const here = await lstat(to).catch(() => undefined)
      if (here !== undefined && size !== null && here.size === size) {
        const known = before.get(path)
        // It came before this was written down, or just before the process was killed: else nothing would ever replace it.
        if (here.isFile() && known === undefined)
          await noteFile({ path, size, modifiedAt: here.mtimeMs, lastModified: null })
        if (options.growing || !(await isChangedThere(files, path, known, signal))) continue
      }
      if (here !== undefined && !isAsWritten(here, before.get(path))) {
        skip(`${before.has(path) ? 'it was changed here since it came' : 'another file is here'}: what is here stays`)
        continue
      }
      options.onFile(`${shown}: ${path}`)
      try {
        let bytes = 0
        const { body, lastModified } = await files.read(path, signal)
        await writeWhole(body, to, signal, (more) => {
          bytes += more
          options.onBytes(more)
        })
        const { size: length, mtimeMs } = await lstat(to)
        await noteFile({ path, size: length, modifiedAt: mtimeMs, lastModified })
        copied++
        tally.add('copiedFiles')
        tally.add('copiedBytes', bytes)
      } catch (error) {
        if (stops(error) || isAbort(error)) throw systemError(error) ?? error
        skip(wordsOf(error))
      }
    }
  } catch (error) {
    if (isAbort(error) || stops(error) || signal.aborted) throw error
    tally.note({ kind: 'skipped', what: `files of ${shown}`, why: wordsOf(error) })
  } finally {
    await note()
  }
  if (copied > 0) told(project, owner)
}

/** True when the server says another time of it than when it came. */
async function isChangedThere(
  files: ServerFiles,
  path: string,
  known: ServedFile | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  if (known === undefined || known.lastModified === null) return false
  const now = await files.lastModified(path, signal)
  return now !== null && now !== known.lastModified
}

/** Nobody wrote to it since. */
function isAsWritten(here: Stats, before: ServedFile | undefined): boolean {
  return (
    before !== undefined &&
    here.isFile() &&
    here.size === before.size &&
    Math.abs(here.mtimeMs - before.modifiedAt) < SAME_TIME
  )
}
