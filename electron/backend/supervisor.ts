import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The backend's exit codes: 0 ended by itself; REFUSED was said in words and must not be tried again. */
export const EXIT_REFUSED = 78
/** The variable by which a backend knows that it takes a dead one's place. */
export const AGAIN = 'BENCHTOP_AGAIN'

/**
 * Brings the backend back when it dies. A shell loop, because it costs a megabyte where a second Node would cost forty-five. It gives
 * up after 20 deaths in a row, each within a minute of its start.
 */
const LOOP = `
deaths=0
while :; do
  started=$(date +%s)
  "$@"
  code=$?
  [ $code -eq 0 ] && exit 0
  [ $code -eq ${EXIT_REFUSED} ] && exit $code
  [ $(( $(date +%s) - started )) -gt 60 ] && deaths=0
  deaths=$((deaths + 1))
  [ $deaths -ge 20 ] && exit $code
  export ${AGAIN}=1
  sleep 0.2
done`

export type BackendCommand = {
  readonly node: string
  readonly entry: string
  readonly arguments: readonly string[]
  readonly logFile: string
  readonly dataFolder: string
}

/** Starts the backend detached from whoever asks, under its supervisor; returns at once. */
export function startDetached({ node, entry, arguments: given, logFile, dataFolder }: BackendCommand): void {
  mkdirSync(dirname(logFile), { recursive: true })
  const output = openSync(logFile, 'a', 0o600)
  const command = [node, '--disable-warning=ExperimentalWarning', entry, ...given]
  const [program, programArguments] =
    process.platform === 'win32' ? [node, command.slice(1)] : ['/bin/sh', ['-c', LOOP, 'benchtop-backend', ...command]]
  const child = spawn(program, programArguments, {
    detached: true,
    stdio: ['ignore', output, output],
    cwd: '/',
    env: { ...withoutPrivateNames(process.env), ...keepingCode(dataFolder) },
  })
  child.on('error', () => {})
  child.unref()
  closeSync(output)
}

/** Where Node keeps what it compiled, so that the next start need not: a quarter of the time until the backend answers. */
export function keepingCode(dataFolder: string): Readonly<Record<string, string>> {
  return { NODE_COMPILE_CACHE: join(dataFolder, 'compiled') }
}

/** A backend started from inside a launched run must not take itself for that run's child. */
function withoutPrivateNames(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(
      ([name]) =>
        !/^(BENCHTOP_(LAUNCH|CAPTURE_DIR|HOOK|URL|AGAIN)|MLFLOW_TRACKING_URI|ELECTRON_RUN_AS_NODE|NODE_OPTIONS)$/.test(
          name,
        ),
    ),
  )
}
