import { spawn } from 'node:child_process'
import { ASK_FILTERS, ASK_FILTERS_PLAIN, filterOverrides } from './filter-overrides.ts'

export type GitRequest = {
  /** The folder that git runs in. */
  readonly folder: string
  readonly arguments: readonly string[]
  /** Written to git's standard input. */
  readonly input?: string | Uint8Array
  /** Variables besides those that every call gets. */
  readonly environment?: Readonly<Record<string, string>>
  /** Milliseconds after which git is killed; 5,000 by default. */
  readonly timeout?: number
  /** Bytes of output that are kept; git is killed once it has written more. 8 MiB by default. */
  readonly limit?: number
  readonly signal?: AbortSignal
}

/**
 * What became of a call. `code` is null when git did not end by itself; `stopped` says why: it took too long, said too much, was
 * cancelled, or is not on this machine.
 */
export type GitAnswer = {
  readonly code: number | null
  readonly output: Buffer
  readonly errors: string
  readonly stopped: 'timeout' | 'too_large' | 'cancelled' | 'absent' | null
}

const TIMEOUT = 5_000
const LIMIT = 8 << 20
const ERROR_LIMIT = 16 << 10

/**
 * Settings of the repository or of the user that would run a program, write beside the index or colour the output. A repository
 * is somebody else's input: opening one must not start what its configuration names. (Verbs that show a diff add `--no-ext-diff
 * --no-textconv`; for those that read files see `filter-overrides.ts`.)
 */
const NEUTRAL = [
  'core.fsmonitor=false',
  'core.untrackedCache=false',
  'core.splitIndex=false',
  'core.hooksPath=/dev/null',
  'core.pager=cat',
  'core.quotePath=false',
  'color.ui=false',
  'gc.auto=0',
  'maintenance.auto=false',
].flatMap((setting) => ['-c', setting])

/** Verbs that compare files with what is kept, and pass them through filters for it. */
const READS_FILES: ReadonlySet<string> = new Set(['diff', 'status'])

/**
 * Runs git with a list of arguments, no shell, no lock taken for its own convenience, no prompt and no network. Never throws for what git
 * does: the caller reads the answer.
 */
export async function runGit(request: GitRequest): Promise<GitAnswer> {
  if (!READS_FILES.has(request.arguments[0] ?? '')) return run(request, [])
  const overrides = await foreignFilters(request)
  if (overrides === undefined)
    return { ...unanswered(null), errors: 'the repository has a filter that cannot be switched off' }
  return run(request, overrides)
}

/** What switches the repository's own filters off; see there. */
async function foreignFilters({ folder, environment, signal }: GitRequest): Promise<readonly string[] | undefined> {
  const ask = (words: readonly string[]): Promise<GitAnswer> =>
    run({ folder, arguments: words, ...(environment && { environment }), ...(signal && { signal }) }, [])
  const answer = await ask(ASK_FILTERS)
  // 1 is "there are none".
  if (answer.code === 0) return filterOverrides(answer.output.toString('utf8'), true)
  if (answer.code === 1 || answer.stopped !== null) return []
  return filterOverrides((await ask(ASK_FILTERS_PLAIN)).output.toString('utf8'), false)
}

function run(request: GitRequest, settings: readonly string[]): Promise<GitAnswer> {
  const { signal } = request
  if (signal?.aborted === true) return Promise.resolve(unanswered('cancelled'))
  return new Promise((resolve) => {
    const child = spawn('git', [...NEUTRAL, ...settings, ...request.arguments], {
      cwd: request.folder,
      env: { ...process.env, ...cleanedEnvironment(), ...request.environment },
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    })
    const chunks: Buffer[] = []
    const limit = request.limit ?? LIMIT
    let size = 0
    let errors = ''
    let stopped: GitAnswer['stopped'] = null
    const stop = (why: NonNullable<GitAnswer['stopped']>): void => {
      stopped ??= why
      child.kill('SIGKILL')
    }
    const onAbort = (): void => stop('cancelled')
    const timer = setTimeout(() => stop('timeout'), request.timeout ?? TIMEOUT)
    signal?.addEventListener('abort', onAbort, { once: true })
    const finish = (answer: GitAnswer): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      resolve(answer)
    }
    child.stdout.on('data', (chunk: Buffer) => {
      const room = limit - size
      if (room > 0) chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk)
      size += chunk.length
      if (size > limit) stop('too_large')
    })
    child.stderr.on('data', (chunk: Buffer) => {
      if (errors.length < ERROR_LIMIT) errors += chunk.toString('utf8')
    })
    // Git may end before it has read all of its input.
    child.stdin.on('error', () => {})
    child.stdin.end(request.input)
    child.on('exit', () => {
      if (stopped === null) return
      // A helper that git had started may hold the pipes for longer than git itself lives.
      child.stdout.destroy()
      child.stderr.destroy()
    })
    child.on('error', () => finish(unanswered('absent')))
    child.on('close', (code) =>
      finish({ code: stopped === null ? code : null, output: Buffer.concat(chunks), errors: errors.trim(), stopped }),
    )
  })
}

/** The output of a call that went well, without its last line break; undefined otherwise. */
export async function gitText(request: GitRequest): Promise<string | undefined> {
  const answer = await runGit(request)
  return answer.code === 0 ? answer.output.toString('utf8').replace(/\r?\n$/, '') : undefined
}

function unanswered(stopped: GitAnswer['stopped']): GitAnswer {
  return { code: null, output: Buffer.alloc(0), errors: '', stopped }
}

/** Whatever repository the backend itself was started in (a hook sets these) is not the one that is asked about. */
function cleanedEnvironment(): Record<string, string | undefined> {
  return {
    GIT_DIR: undefined,
    GIT_WORK_TREE: undefined,
    GIT_INDEX_FILE: undefined,
    GIT_OBJECT_DIRECTORY: undefined,
    GIT_ALTERNATE_OBJECT_DIRECTORIES: undefined,
    GIT_PREFIX: undefined,
    GIT_EXTERNAL_DIFF: undefined,
    GIT_CONFIG_PARAMETERS: undefined,
    GIT_CONFIG_COUNT: undefined,
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_LAZY_FETCH: '1',
    // No transport at all: older gits fetch what a partial clone lacks, by a program that the repository may name.
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_PAGER: 'cat',
    LC_ALL: 'C',
  }
}
