import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { delimiter } from 'node:path'
import { parseEnvironment } from './process-facts.ts'

export type Environment = Readonly<Record<string, string>>

/** `problem` says why the shell's own environment could not be had; `environment` is then this process's. */
export type LoginEnvironment = { readonly environment: Environment; readonly problem: string | null }

const PATIENCE = 10_000

/** What belongs to how this process itself was started, and would mislead a training. */
const PRIVATE =
  /^(BENCHTOP_.*|npm_.*|INIT_CWD|NODE_OPTIONS|NODE_ENV|ELECTRON_.*|VITEST.*|CONDA_.*|_CE_.*|VIRTUAL_ENV.*|PYTHONHOME|PYTHONPATH|MLFLOW_TRACKING_.*|MLFLOW_RUN_ID|OLDPWD|PWD|SHLVL|_)$/

/** What only says how the shell was asked. All else that it sets is the user's own doing. */
const OF_THE_ASKING = /^(BENCHTOP_RESOLVING_ENVIRONMENT|SHLVL|PWD|OLDPWD|_)$/

/**
 * The environment that a new terminal would have, as the user's login shell makes it: an app started from a desktop knows little of PATH.
 * Waits at most ten seconds for shells that ask something. `given` is this process's own environment.
 */
export async function loginEnvironment(
  given: Readonly<Record<string, string | undefined>> = process.env,
  patience: number = PATIENCE,
): Promise<LoginEnvironment> {
  const own = withoutPrivate(given)
  const shell = given['SHELL'] ?? '/bin/sh'
  const marker = `--benchtop-${randomBytes(8).toString('hex')}--`
  // `command env` rather than `env`: an alias of that name must not answer.
  const print = `printf '%s' '${marker}'; command env -0; printf '%s' '${marker}'`
  const answer = await ask(shell, shellArguments(shell, print), own, patience)
  if (typeof answer !== 'string') return { environment: own, problem: answer.problem }
  const [, block] = answer.split(marker)
  if (block === undefined) return { environment: own, problem: `${shell} did not print its environment.` }
  const environment = Object.fromEntries(
    Object.entries(parseEnvironment(block.split('\0'))).filter(([name]) => !OF_THE_ASKING.test(name)),
  )
  return { environment: { ...environment, PATH: joinPaths(environment['PATH'], own['PATH']) }, problem: null }
}

function shellArguments(shell: string, script: string): readonly string[] {
  const name = shell.slice(shell.lastIndexOf('/') + 1)
  // A plain POSIX shell reads ~/.profile with -l; bash, zsh and fish need -i too for what people put into their rc files.
  return /^(bash|zsh|fish)$/.test(name) ? ['-i', '-l', '-c', script] : ['-l', '-c', script]
}

function ask(
  shell: string,
  given: readonly string[],
  environment: Environment,
  patience: number,
): Promise<string | { readonly problem: string }> {
  return new Promise((resolve) => {
    const child = spawn(shell, given, {
      // A session of its own: an interactive shell takes the terminal otherwise.
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...environment, TERM: 'dumb', BENCHTOP_RESOLVING_ENVIRONMENT: '1' },
      cwd: environment['HOME'] ?? '/',
    })
    const pieces: Buffer[] = []
    child.stdout.on('data', (piece: Buffer) => pieces.push(piece))
    const timer = setTimeout(() => {
      if (child.pid !== undefined) kill(child.pid)
      resolve({ problem: `${shell} took longer than ${patience / 1000} s to start.` })
    }, patience)
    child.on('error', (error) => {
      clearTimeout(timer)
      resolve({ problem: `${shell} could not be started: ${error.message}` })
    })
    child.on('close', () => {
      clearTimeout(timer)
      resolve(Buffer.concat(pieces).toString('utf8'))
    })
  })
}

function kill(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has just ended.
  }
}

function withoutPrivate(environment: Readonly<Record<string, string | undefined>>): Environment {
  const kept = Object.entries(environment).flatMap(([name, value]) =>
    value === undefined || PRIVATE.test(name) ? [] : [[name, value] as const],
  )
  const bin = environment['VIRTUAL_ENV'] === undefined ? undefined : `${environment['VIRTUAL_ENV']}/bin`
  return Object.fromEntries(
    kept.map(([name, value]) => [
      name,
      name === 'PATH'
        ? value
            .split(delimiter)
            .filter((place) => place !== bin && !place.endsWith('node_modules/.bin') && !place.includes('node-gyp-bin'))
            .join(delimiter)
        : value,
    ]),
  )
}

/** The shell's places first; ours after them, where a system sets PATH by other means than a profile. */
function joinPaths(first: string | undefined, second: string | undefined): string {
  const places = [...(first ?? '').split(delimiter), ...(second ?? '').split(delimiter)].filter((place) => place !== '')
  return [...new Set(places)].join(delimiter)
}
