import { accessSync, constants, existsSync, lstatSync, mkdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs'
import { homedir, platform } from 'node:os'
import { basename, delimiter, join, sep } from 'node:path'
import type { Change } from '#shared/contract/common.ts'
import type { SystemInfo, system as procedures } from '#shared/contract/system.ts'
import { appError } from '#shared/rpc/errors.ts'
import type { FeatureHandlers } from '#shared/rpc/procedure.ts'

export type SystemOptions = {
  readonly info: () => Omit<SystemInfo, 'platform' | 'node' | 'pid' | 'secrets' | 'installCommand' | 'live'>
  /** Runs and transfers under way. */
  readonly live: () => number
  readonly watch: (signal: AbortSignal) => AsyncIterable<Change>
  readonly stop: () => void
  /** Makes a key for one use. */
  readonly ticket: () => string
  /** The `benchtop` command that comes with this installation. */
  readonly command: string
  readonly path?: string
}

/** The `system` feature: the backend itself. */
export function createSystem(options: SystemOptions): FeatureHandlers<typeof procedures> {
  const path = options.path ?? process.env['PATH'] ?? ''
  return {
    info: () => ({
      ...options.info(),
      pid: process.pid,
      platform: platform(),
      node: process.versions.node,
      secrets: 'file',
      live: options.live(),
      installCommand: isOnPath(path)
        ? null
        : `ln -s ${quoted(options.command)} ${quoted(join(ownFolder(path), 'benchtop'))}`,
    }),
    changes: (_input, { signal }) => options.watch(signal),
    ticket: () => ({ ticket: options.ticket() }),
    installCommand: () => ({ path: install(options.command, ownFolder(path)) }),
    stop: ({ force }) => {
      const live = options.live()
      if (live > 0 && !force) {
        throw appError('busy', `${live === 1 ? 'A run is' : `${live} runs are`} live.`, {
          hint: 'They go on without this window; stop the backend when they are done.',
        })
      }
      // After the answer has gone out.
      setTimeout(options.stop, 50)
      return {}
    },
  }
}

function isOnPath(path: string): boolean {
  return path.split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, 'benchtop')))
}

/** A folder of PATH under the home folder that can be written; `~/.local/bin` when there is none yet. */
function ownFolder(path: string): string {
  const home = homedir()
  const own = path
    .split(delimiter)
    .find((folder) => folder.startsWith(home + sep) && !folder.includes('node_modules') && isWritable(folder))
  return own ?? join(home, '.local', 'bin')
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}

function install(command: string, folder: string): string {
  if (!existsSync(command)) throw appError('not_found', `${command} is not there.`, { hint: 'Build the app first.' })
  const link = join(folder, 'benchtop')
  mkdirSync(folder, { recursive: true })
  const there = lstatSync(link, { throwIfNoEntry: false })
  if (there?.isSymbolicLink() === true && isOurs(link, command)) rmSync(link)
  else if (there !== undefined) throw appError('conflict', `${link} is there already and is not ours.`)
  symlinkSync(command, link)
  return link
}

/** A link to this installation or another one of Benchtop, or to one that was taken away. Others install by links too: those are theirs. */
function isOurs(link: string, command: string): boolean {
  const target = readlinkSync(link)
  return target === command || !existsSync(link) || /^benchtop\.(cjs|sh)$/.test(basename(target))
}

/** A word as a shell reads it. */
function quoted(word: string): string {
  return /^[\w./:@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
}
