import { runGit } from './run-git.ts'

export type UntrackedFiles = {
  /** Up to a thousand, relative to the root. */
  readonly names: readonly string[]
  readonly count: number
  readonly leftOut: readonly string[]
}

const NAMES = 1_000
const BYTES = 64 << 20
const PATIENCE = 10_000

/** Names of files that git neither follows nor ignores. A folder may hold 200,000 of them: the names are counted, the first are kept. */
export async function untrackedFiles(
  root: string,
  options: { readonly signal?: AbortSignal } = {},
): Promise<UntrackedFiles> {
  const answer = await runGit({
    folder: root,
    arguments: ['ls-files', '--others', '--exclude-standard', '-z'],
    timeout: PATIENCE,
    limit: BYTES,
    ...options,
  })
  const { names, count } = takeNames(answer.output)
  const whole = answer.code === 0
  return {
    names,
    count,
    leftOut: [
      ...(count > names.length
        ? [`The names of ${count - names.length} untracked files after the first ${NAMES}.`]
        : []),
      ...(whole ? [] : [`Untracked files after the first ${count}: ${why(answer.stopped, answer.errors)}.`]),
    ],
  }
}

function takeNames(output: Buffer): { readonly names: readonly string[]; readonly count: number } {
  const names: string[] = []
  let count = 0
  for (let at = 0; ;) {
    const end = output.indexOf(0, at)
    if (end < 0) return { names, count }
    if (count < NAMES) names.push(output.toString('utf8', at, end))
    count++
    at = end + 1
  }
}

function why(stopped: 'timeout' | 'too_large' | 'cancelled' | 'absent' | null, errors: string): string {
  if (stopped === 'timeout') return `git took longer than ${PATIENCE / 1000} s`
  if (stopped === 'too_large') return 'there are too many'
  return stopped === null ? errors : stopped
}
