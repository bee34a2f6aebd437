import { copyFile, mkdir } from 'node:fs/promises'
import { dirname, join, matchesGlob } from 'node:path'
import { walk, type WalkedFile } from './walk.ts'

/** Folders that hold no run's outputs. */
const PRUNED =
  /^(\.git|\.hg|\.svn|\.benchtop|\.dvc|node_modules|__pycache__|\.?venv|\.tox|\.nox|\.mypy_cache|\.ruff_cache|\.pytest_cache|\.ipynb_checkpoints|\.cache|\.idea|\.vscode|site-packages)$/
/** Files that a person edits while a run is under way, or that Python leaves behind. */
const SOURCES = /(\.(py|pyx|pyi|ipynb|pyc|swp|swo|tmp|lock)|~)$/i

/** File times are as coarse as a second or two on some disks. */
const COARSE = 2_000
const ENTRIES = 400_000
const PATIENCE = 20_000
const MANY = 10_000

export type Written = { readonly files: readonly WalkedFile[]; readonly leftOut: readonly string[] }

/**
 * Files under a folder that were written between two moments (milliseconds since 1970): by their times, so what other programs wrote meanwhile is among
 * them. Newest last; bounded in entries, time and number, and says what was left out.
 */
export async function writtenFiles(
  folder: string,
  from: number,
  until: number,
  signal?: AbortSignal,
): Promise<Written> {
  const walked = await walk(folder, {
    prunes: (name, path) => PRUNED.test(name) || isVirtualEnvironment(path),
    takes: (path) => !SOURCES.test(path),
    entries: ENTRIES,
    milliseconds: PATIENCE,
    ...(signal === undefined ? {} : { signal }),
  })
  const files = walked.files
    // Rounded down by the disk: a file written in the run's first moment may look older than it.
    .filter(({ modifiedAt }) => modifiedAt >= Math.floor(from / 1000) * 1000 && modifiedAt <= until + COARSE)
    .toSorted((a, b) => a.modifiedAt - b.modifiedAt)
  return {
    files: files.slice(-MANY),
    leftOut: [
      ...(walked.cutShort === null ? [] : [`Written files: not all were looked at, because ${walked.cutShort}.`]),
      ...(files.length > MANY ? [`${files.length - MANY} written files, the oldest.`] : []),
    ],
  }
}

/** Environments by other names are told by their usual place. */
function isVirtualEnvironment(path: string): boolean {
  return /(^|\/)(lib|Lib)\/python3\.\d+$/.test(path)
}

/** The paths that a "keep" rule takes: globs relative to the project's folder. A rule that is not a glob takes nothing. */
export function keptPaths(paths: readonly string[], rules: readonly string[]): readonly string[] {
  return paths.filter((path) =>
    rules.some((rule) => {
      try {
        return matchesGlob(path, rule)
      } catch {
        return false
      }
    }),
  )
}

/** Copies a file to where artifacts lie, making its folders. A reflink where the disk can. False when it could not be copied. */
export async function keepFile(source: string, target: string): Promise<boolean> {
  try {
    await mkdir(dirname(target), { recursive: true })
    // COPYFILE_FICLONE: shares the bytes with the original until either changes.
    await copyFile(source, target, 2)
    return true
  } catch {
    return false
  }
}

/** Where a kept file goes among the run's artifacts. */
export function keptPlace(path: string): string {
  return join('kept', path)
}
