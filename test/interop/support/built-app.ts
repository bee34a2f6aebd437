import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { contract, type BenchtopContract } from '#shared/contract/index.ts'
import { clientOf } from '#shared/rpc/client.ts'
import type { Client } from '#shared/rpc/procedure.ts'
import { buildStale } from '#electron/start/build.ts'
import { postCaller } from '#electron/transport/post-caller.ts'
import { cleanEnvironment } from './run-python.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

export type CommandEnd = {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export type CommandOptions = {
  readonly cwd?: string
  readonly environment?: Readonly<Record<string, string>>
  readonly input?: string
}

/** The app as a person has it: built, with a data folder and a project of its own, driven by its command. */
export type BuiltApp = {
  readonly home: string
  /** A git repository with one commit. */
  readonly project: string
  readonly environment: Readonly<Record<string, string>>
  /** `benchtop ...` to its end. */
  readonly benchtop: (words: readonly string[], options?: CommandOptions) => Promise<CommandEnd>
  /** The same, still running: a process group of its own. */
  readonly start: (words: readonly string[], options?: CommandOptions) => ChildProcess
  /** The pid and address that the backend wrote down last. */
  readonly backend: () => { readonly pid: number; readonly port: number; readonly url: string; readonly token: string }
  /** The contract of the backend that runs now. */
  readonly client: () => Client<BenchtopContract>
  /** The backend's log, for when something went wrong inside it. */
  readonly log: () => string
  readonly close: () => Promise<void>
}

/** The command itself, as it is linked on PATH. */
export const COMMAND = join(root, 'electron', 'cli', 'benchtop.sh')

export type BuiltAppOptions = {
  /** A Python whose folder comes first on PATH. */
  readonly python?: string
  readonly environment?: Readonly<Record<string, string>>
}

/** Opens it; nothing runs before the first command. Close it at the end of the test. */
export async function openBuiltApp(options: BuiltAppOptions = {}): Promise<BuiltApp> {
  await buildStale({ root })
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'benchtop-app-'))
  const home = join(folder, 'home')
  const project = join(folder, 'project')
  mkdirSync(home)
  makeRepository(project)
  // Any free port: the usual one may be this machine's own.
  writeFileSync(join(home, 'address.json'), '{"port":0,"host":"127.0.0.1"}')
  const environment: Record<string, string> = {
    ...cleanEnvironment(process.env),
    ...(options.python === undefined
      ? {}
      : { PATH: `${dirname(options.python)}${delimiter}${process.env['PATH'] ?? ''}` }),
    ...options.environment,
    BENCHTOP_HOME: home,
    HOME: folder,
    SHELL: '/bin/sh',
  }
  for (const name of ['BENCHTOP_LAUNCH', 'BENCHTOP_URL', 'BENCHTOP_CAPTURE_DIR', 'NO_COLOR', 'FORCE_COLOR'])
    delete environment[name]

  const start: BuiltApp['start'] = (words, { cwd = project, environment: more = {} } = {}) =>
    spawn(COMMAND, words, { cwd, env: { ...environment, ...more }, stdio: 'pipe', detached: true })
  const benchtop: BuiltApp['benchtop'] = (words, given = {}) => endOf(start(words, given), given.input)
  const backend: BuiltApp['backend'] = () => ({
    ...(JSON.parse(readFileSync(join(home, 'backend.lock'), 'utf8')) as { pid: number; port: number; url: string }),
    token: readFileSync(join(home, 'token'), 'utf8').trim(),
  })
  return {
    home,
    project,
    environment,
    benchtop,
    start,
    backend,
    client: () => clientOf(contract, postCaller(backend())),
    log: () => textOr(join(home, 'logs', 'backend.log')) + textOr(join(home, 'logs', 'backend-output.log')),
    close: async () => {
      await benchtop(['backend', 'stop', '--force'])
      rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
    },
  }
}

/** Waits for a child's end, with all that it wrote. */
export function endOf(child: ChildProcess, input = ''): Promise<CommandEnd> {
  const pieces: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] }
  child.stdout?.on('data', (piece: Buffer) => pieces.stdout.push(piece))
  child.stderr?.on('data', (piece: Buffer) => pieces.stderr.push(piece))
  child.stdin?.on('error', () => {})
  child.stdin?.end(input)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) =>
      resolve({
        code,
        signal,
        stdout: Buffer.concat(pieces.stdout).toString(),
        stderr: Buffer.concat(pieces.stderr).toString(),
      }),
    )
  })
}

function makeRepository(folder: string): void {
  mkdirSync(folder)
  writeFileSync(join(folder, 'README.md'), 'A study.\n')
  const identity = ['-c', 'user.name=A', '-c', 'user.email=a@b.c']
  for (const words of [
    ['init', '-q'],
    ['add', '.'],
    [...identity, 'commit', '-qm', 'Begin'],
  ])
    execFileSync('git', words, { cwd: folder })
}

function textOr(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
