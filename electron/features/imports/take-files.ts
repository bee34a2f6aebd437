import { basename, join } from 'node:path'
import type { ImportArtifacts } from '#shared/contract/imports.ts'
import { appError } from '#shared/rpc/errors.ts'
import { type ArtifactOwner, rootsOf } from '#electron/features/artifacts/index.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import { systemError } from '#electron/platform/system-error.ts'
import { createBreath } from './breathe.ts'
import { copyWhole, freeBytes, sharesBlocks } from './copy-file.ts'
import { downloadFiles } from './download-files.ts'
import { stops, told, wordsOf } from './file-faults.ts'
import { noteLookedFor } from './looked-for.ts'
import { hasArtifactRoot, setArtifactRoot } from './queries.ts'
import type { SourceArtifacts } from './source.ts'
import type { Tally } from './tally.ts'
import { unlikeFiles } from './unlike-files.ts'

/** Files of a run or a model that is here. */
export type ComingFiles = {
  readonly owner: ArtifactOwner
  /** As a report calls it. */
  readonly shown: string
  readonly artifacts: SourceArtifacts
}

export type TakeFiles = {
  readonly project: ProjectContext
  readonly mode: ImportArtifacts
  /** Where files are looked for beside what the records say. */
  readonly filesFolders?: readonly string[]
  /** Somebody may be writing to the folders: what a copying program has not renamed yet is left out. */
  readonly growing: boolean
  readonly tally: Tally
  readonly signal: AbortSignal
  /** How many files there are to come, once it is known. */
  readonly onTotal: (files: number | null) => void
  /** Before each file. */
  readonly onFile: (path: string) => void
  readonly onBytes: (bytes: number) => void
}

/** So many runs and models without their files are named; of more, nobody reads the list. */
const MOST_MISSING = 20

/** What stays free for everything else, bytes. */
const RESERVE = 64 << 20

/** Brings the files of runs and models, or notes where they are. A single file that can't be read is a note; a disk that is full ends it with `disk_full`. */
export async function takeFiles(options: TakeFiles, coming: readonly ComingFiles[]): Promise<void> {
  const { mode, tally, signal } = options
  const folders = coming.filter(({ artifacts }) => artifacts.at === 'folder')
  if (mode === 'copy') await checkRoom(options, folders)
  const served = coming.filter(({ artifacts }) => artifacts.at === 'server')
  if (mode === 'reference' && served.length > 0)
    tally.note({
      kind: 'skipped',
      what: `files of ${served.length} runs and models`,
      why: 'they stay on the server: an import that copies brings them',
    })
  const breathe = createBreath()
  let missing = 0
  for (const item of coming) {
    signal.throwIfAborted()
    await breathe()
    const { artifacts, owner, shown } = item
    if (artifacts.at === 'missing' && ++missing <= MOST_MISSING)
      tally.note({ kind: 'noticed', what: shown, why: `its files were not found: ${artifacts.address}` })
    if (artifacts.at === 'remote') await refer(options, owner, artifacts.address)
    if (artifacts.at === 'folder' && mode === 'reference') {
      if (await refer(options, owner, artifacts.path)) tally.add('referencedFolders')
    }
    if (mode === 'reference') continue
    if (artifacts.at === 'folder') await copyFolder(options, item, artifacts.path)
    if (artifacts.at === 'server') await downloadFiles(options, item, artifacts.files)
  }
  if (missing > 0) noteLookedFor(options, tally)
  if (missing > MOST_MISSING)
    tally.note({
      kind: 'noticed',
      what: `${missing - MOST_MISSING} more runs and models`,
      why: 'their files were not found either',
    })
}

async function refer({ project }: TakeFiles, owner: ArtifactOwner, location: string | null): Promise<boolean> {
  if (location !== null && rootsOf(project, owner).reference === location) return false
  const changed = await project.commits.enqueue(() => setArtifactRoot(project.db, owner.kind, owner.id, location))
  if (changed) told(project, owner)
  return changed
}

/** Refuses before the first byte when there is no room for all of them. */
async function checkRoom(options: TakeFiles, coming: readonly ComingFiles[]): Promise<void> {
  const { project, signal } = options
  let files = 0
  let bytes = 0
  let first: string | undefined
  for (const { owner, artifacts } of coming) {
    if (artifacts.at !== 'folder') continue
    const quiet = { onLink: () => {}, onError: () => {} }
    for await (const file of unlikeFiles(artifacts.path, rootsOf(project, owner).own, signal, quiet)) {
      files++
      bytes += file.size
      first ??= join(artifacts.path, file.path)
    }
  }
  options.onTotal(coming.length > 0 ? files : null)
  const free = bytes === 0 ? null : await freeBytes(project.place)
  if (free === null || bytes + RESERVE <= free || first === undefined) return
  if (await sharesBlocks(first, project.artifactsFolder)) return
  throw appError(
    'disk_full',
    `The files need ${megabytes(bytes)}, and ${megabytes(free)} are free on the disk of ${project.name}.`,
    { hint: 'Free some space, or leave the files where they are: --reference.', retry: true },
  )
}

async function copyFolder(options: TakeFiles, { owner, shown }: ComingFiles, from: string): Promise<void> {
  const { project, tally, signal } = options
  const { own } = rootsOf(project, owner)
  let copied = 0
  let failed = 0
  const tell = {
    onLink: (path: string) =>
      tally.note({
        kind: 'skipped',
        what: join(from, path),
        why: 'it is a link that leads out of its folder, or no file',
      }),
    onLater: (path: string) =>
      tally.note({ kind: 'skipped', what: join(from, path), why: 'a later one is here: what is here stays' }),
    onError: (path: string, error: unknown) => {
      failed++
      tally.note({ kind: 'skipped', what: join(from, path), why: wordsOf(error) })
    },
  }
  for await (const file of unlikeFiles(from, own, signal, tell)) {
    if (options.growing && isDraft(file.path, file.modifiedAt, Date.now())) continue
    options.onFile(`${shown}: ${file.path}`)
    try {
      await copyWhole(join(from, file.path), join(own, file.path), file.modifiedAt)
      copied++
      options.onBytes(file.size)
      tally.add('copiedFiles')
      tally.add('copiedBytes', file.size)
    } catch (error) {
      if (stops(error)) throw systemError(error) ?? error
      tell.onError(file.path, error)
    }
  }
  // They are here now, so those that were only shown from there are not needed any more.
  const isShown = failed === 0 && hasArtifactRoot(project.db, owner.kind, owner.id)
  const moved = isShown && (await refer(options, owner, null))
  if (copied > 0 && !moved) told(project, owner)
}

/** How long a file may count as being written, milliseconds. */
const WRITTEN_FOR = 10 * 60_000

/** rsync writes `.model.pkl.aB3xY9`, and renames it when it is whole. */
function isDraft(path: string, modifiedAt: number, now: number): boolean {
  return /^\..+\.[a-zA-Z0-9]{6}$/.test(basename(path)) && Math.abs(now - modifiedAt) < WRITTEN_FOR
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6).toLocaleString('en')} MB`
}
