import type { GitFacts } from '#shared/contract/runs.ts'
import { gitText, runGit } from './run-git.ts'
import { untrackedFiles } from './untracked-files.ts'

/** The state of a repository's files: the facts, and what was not committed as a unified diff. Nothing is masked yet. */
export type WorkingTree = { readonly facts: GitFacts; readonly diff: string | null }

/** Bounds of the diff: lines changed and bytes of text. */
const DIFF_LINES = 20_000
const DIFF_BYTES = 2 << 20
const DIFF_FILES = 400
const PATIENCE = 10_000

/**
 * Reads the repository that holds a folder, within bounds of time and size; what was left out is said in words. Takes no lock, starts nothing that the
 * repository names. Null outside of a repository, and without git.
 */
export async function workingTree(
  folder: string,
  options: { readonly diff: boolean; readonly signal?: AbortSignal },
): Promise<WorkingTree | null> {
  const signal = options.signal === undefined ? {} : { signal: options.signal }
  const root = await gitText({ folder, arguments: ['rev-parse', '--show-toplevel'], ...signal })
  if (root === undefined || root === '') return null
  const [commit, branch, remote] = await Promise.all([
    gitText({ folder: root, arguments: ['rev-parse', '--verify', '-q', 'HEAD'], ...signal }),
    gitText({ folder: root, arguments: ['symbolic-ref', '--short', '-q', 'HEAD'], ...signal }),
    remoteOf(root, signal),
  ])
  const base = commit ?? (await emptyTree(root))
  const [changed, untracked] = await Promise.all([changedFiles(root, base, signal), untrackedFiles(root, signal)])
  const diff = options.diff ? await diffOf(root, base, changed.files, signal) : { text: null, leftOut: [] }
  return {
    diff: diff.text,
    facts: {
      root,
      commit: commit ?? null,
      branch: branch ?? null,
      remote: remote ?? null,
      added: changed.files.reduce((sum, file) => sum + file.added, 0),
      removed: changed.files.reduce((sum, file) => sum + file.removed, 0),
      files: changed.files.length,
      untracked: untracked.names,
      untrackedCount: untracked.count,
      leftOut: [...changed.leftOut, ...diff.leftOut, ...untracked.leftOut],
    },
  }
}

type Signal = { readonly signal?: AbortSignal }

/** The tree without files: what a repository without a commit is compared with. */
async function emptyTree(root: string): Promise<string> {
  const hash = await gitText({ folder: root, arguments: ['hash-object', '-t', 'tree', '--stdin'], input: '' })
  return hash ?? '4b825dc642cb6eb9a060e54bf8d69288fbee4904'
}

async function remoteOf(root: string, signal: Signal): Promise<string | undefined> {
  const text = await gitText({ folder: root, arguments: ['remote', '-v'], ...signal })
  const remotes = (text ?? '').split('\n').flatMap((line) => {
    const [name, url] = line.split(/\s+/)
    return url === undefined ? [] : [{ name, url }]
  })
  return (remotes.find(({ name }) => name === 'origin') ?? remotes[0])?.url
}

type ChangedFile = { readonly path: string; readonly added: number; readonly removed: number }
type Changed = { readonly files: readonly ChangedFile[]; readonly leftOut: readonly string[] }

/** Never a program of the repository's choosing, never a rename search (quadratic); prefixes as `git apply` wants them, whatever the user likes to see. */
const PLAIN = [
  '--no-ext-diff',
  '--no-textconv',
  '--no-renames',
  '--no-color',
  '--src-prefix=a/',
  '--dst-prefix=b/',
  '--ignore-submodules=dirty',
]

async function changedFiles(root: string, base: string, signal: Signal): Promise<Changed> {
  const answer = await runGit({
    folder: root,
    arguments: ['diff', '--numstat', '-z', ...PLAIN, base, '--'],
    timeout: PATIENCE,
    ...signal,
  })
  const records = answer.output.toString('utf8').split('\0')
  // What follows the last NUL is nothing, or half a record.
  const files = records.slice(0, -1).flatMap((record) => {
    const [added, removed, ...path] = record.split('\t')
    return path.length === 0
      ? []
      : [{ path: path.join('\t'), added: Number(added) || 0, removed: Number(removed) || 0 }]
  })
  if (answer.code === 0) return { files, leftOut: [] }
  const why =
    answer.stopped === 'timeout' ? `git took longer than ${PATIENCE / 1000} s` : `git failed: ${answer.errors}`
  return { files, leftOut: [`Changed files after the first ${files.length}: ${why}.`] }
}

type Diff = { readonly text: string | null; readonly leftOut: readonly string[] }

async function diffOf(root: string, base: string, files: readonly ChangedFile[], signal: Signal): Promise<Diff> {
  if (files.length === 0) return { text: '', leftOut: [] }
  const { taken, left } = choose(files)
  const paths = left.length === 0 ? [] : taken.map(({ path }) => `:(literal,top)${path}`)
  const leftOut = left.map(({ path, added, removed }) => `The diff of ${path}: ${added + removed} lines.`)
  if (taken.length === 0) return { text: '', leftOut: shortened(leftOut) }
  const answer = await runGit({
    folder: root,
    arguments: ['diff', ...PLAIN, base, '--', ...paths],
    timeout: PATIENCE,
    limit: DIFF_BYTES,
    ...signal,
  })
  if (answer.code === 0) return { text: answer.output.toString('utf8'), leftOut: shortened(leftOut) }
  if (answer.stopped === 'too_large') {
    // Whole files up to where it was cut.
    const text = answer.output.toString('utf8')
    const cut = text.lastIndexOf('\ndiff --git ')
    return {
      text: cut < 0 ? '' : text.slice(0, cut + 1),
      leftOut: shortened([...leftOut, `The diff after its first ${cut < 0 ? 0 : cut} bytes: it is larger than 2 MiB.`]),
    }
  }
  return { text: null, leftOut: [`The diff: ${answer.stopped === 'timeout' ? 'git took too long' : answer.errors}.`] }
}

/** The smallest files first, as far as they fit. */
function choose(files: readonly ChangedFile[]): {
  readonly taken: readonly ChangedFile[]
  readonly left: readonly ChangedFile[]
} {
  let lines = 0
  const bySize = files.toSorted((a, b) => a.added + a.removed - b.added - b.removed)
  const fits = bySize.findIndex(
    (file, index) => (lines += file.added + file.removed) > DIFF_LINES || index >= DIFF_FILES,
  )
  return fits < 0 ? { taken: files, left: [] } : { taken: bySize.slice(0, fits), left: bySize.slice(fits) }
}

function shortened(lines: readonly string[]): readonly string[] {
  return lines.length <= 20 ? lines : [...lines.slice(0, 20), `${lines.length - 20} more files' diffs.`]
}
