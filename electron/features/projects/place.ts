import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { appError } from '#shared/rpc/errors.ts'
import { folderKey } from './registry.ts'

/** Where a project's database lies, and why not in its folder if so. */
export type Place = { readonly place: string; readonly why: string | null }

/**
 * The folder that opens when a person names one: `~` resolved, links followed, and a git worktree led to its main tree, so that
 * all worktrees share one history. Throws `not_found` or `invalid`.
 */
export function projectFolder(given: string): string {
  const expanded = absoluteFolder(given)
  const stat = statSync(expanded, { throwIfNoEntry: false })
  if (stat === undefined) throw appError('not_found', `There is no folder ${expanded}.`, { field: 'folder' })
  if (!stat.isDirectory()) throw appError('invalid', `${expanded} is a file, not a folder.`, { field: 'folder' })
  return mainTree(realpathSync(expanded))
}

/** A folder as a person writes it, `~` resolved, whether it is there or not. Throws `invalid` for one that is not told from the root. */
export function absoluteFolder(given: string): string {
  const expanded = given === '~' || given.startsWith('~/') ? join(homedir(), given.slice(1)) : given
  if (!isAbsolute(expanded) || expanded.includes('\0'))
    throw appError('invalid', 'Give the folder from the root: /home/ada/churn.', { field: 'folder' })
  return expanded
}

function mainTree(folder: string): string {
  const git = join(folder, '.git')
  if (statSync(git, { throwIfNoEntry: false })?.isFile() !== true) return folder
  const match = /^gitdir: (.+)$/m.exec(readFileSync(git, 'utf8').slice(0, 4_096))
  const gitDirectory = match?.[1] === undefined ? undefined : resolve(folder, match[1].trim())
  // A worktree's is <main>/.git/worktrees/<name>; a submodule's <main>/.git/modules/<name> is a project of its own.
  const found = gitDirectory === undefined ? null : /^(.*)[/\\]\.git[/\\]worktrees[/\\][^/\\]+$/.exec(gitDirectory)
  return found?.[1] !== undefined && existsSync(found[1]) ? realpathSync(found[1]) : folder
}

/**
 * `<folder>/.benchtop`, unless the folder is read-only or on a network or synced disk, where SQLite's write-ahead log breaks: then
 * a place in the data folder, with a pointer left where one can be written. A history stays where it began.
 */
export function placeFor(folder: string, dataFolder: string): Place {
  const inside = join(folder, '.benchtop')
  const elsewhere = join(dataFolder, 'projects', folderKey(folder))
  const network = networkDisk(folder)
  const began = (place: string): boolean => existsSync(join(place, 'project.db'))
  if (network === null && began(inside)) return { place: inside, why: null }
  const why = network ?? cannotHold(folder, inside)
  if (why !== null) return { place: elsewhere, why }
  return began(elsewhere)
    ? { place: elsewhere, why: 'The folder could not be written when its history began.' }
    : { place: inside, why: null }
}

function cannotHold(folder: string, inside: string): string | null {
  const there = statSync(inside, { throwIfNoEntry: false })
  if (there?.isDirectory() === false) return 'A file named .benchtop stands where the history would lie.'
  return writable(there === undefined ? folder : inside) ? null : 'The folder is read-only.'
}

/** Makes the place; `.benchtop` ignores itself in git. A pointer tells a person where the database went. */
export function makePlace(folder: string, { place, why }: Place): void {
  try {
    mkdirSync(join(place, 'artifacts'), { recursive: true })
    const ignore = join(place, '.gitignore')
    if (why === null && !existsSync(ignore)) writeFileSync(ignore, '*\n')
  } catch (error) {
    throw placeError(error, place)
  }
  if (why === null) return
  const inside = join(folder, '.benchtop')
  try {
    mkdirSync(inside, { recursive: true })
    writeFileSync(join(inside, '.gitignore'), '*\n')
    writeFileSync(join(inside, 'database-is-elsewhere.txt'), `${why}\nThe database of this project is in ${place}\n`)
  } catch {
    // A read-only folder can't hold the pointer; the app says where the database is.
  }
}

function placeError(error: unknown, place: string): unknown {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return appError('disk_full', `The disk that holds ${place} is full.`, { hint: 'Free some space.', cause: error })
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM')
    return appError('read_only', `${place} cannot be written.`, { field: 'folder', cause: error })
  return error
}

function writable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** statfs magic numbers (linux/magic.h) of disks on which a shared-memory log can't be trusted. */
const NETWORK: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
  [0x01021997, '9P'],
  [0x47504653, 'GPFS'],
  [0x0bd00bd0, 'Lustre'],
])
const SYNCED: readonly (readonly [RegExp, string])[] = [
  [/[/\\]Library[/\\]Mobile Documents[/\\]/, 'iCloud'],
  [/[/\\]OneDrive(?: - [^/\\]+)?(?:[/\\]|$)/, 'OneDrive'],
  [/[/\\]Dropbox(?: \([^)]+\))?(?:[/\\]|$)/, 'Dropbox'],
  [/[/\\]Google ?Drive(?:[/\\]|$)/, 'Google Drive'],
]

/** Why a folder's disk can't hold a live database; null when it can. */
export function networkDisk(folder: string): string | null {
  const synced = SYNCED.find(([pattern]) => pattern.test(folder))
  if (synced !== undefined) return `The folder is synced by ${synced[1]}, which would tear a live database.`
  try {
    const kind = NETWORK.get(Number(statfsSync(folder).type) >>> 0)
    return kind === undefined ? null : `The folder is on a network disk (${kind}), where a live database would break.`
  } catch {
    return null
  }
}
