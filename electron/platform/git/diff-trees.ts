import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { err, ok, type Result } from '#shared/lib/result.ts'
import { type GitAnswer, gitText, runGit } from './run-git.ts'

/** The code that a run had: a commit, and what was not committed on top of it. */
export type CodeState = {
  /** Null for a repository that had no commit yet. */
  readonly commit: string | null
  /** A unified diff; empty when all was committed. */
  readonly diff: string
}

export type TreeDifference = {
  readonly diff: string
  readonly added: number
  readonly removed: number
  readonly files: number
  /** True when the diff was cut after its last whole file within the limit; the counts are of all. */
  readonly truncated: boolean
}

export type DiffTreesOptions = {
  readonly signal?: AbortSignal
  /** For everything together, milliseconds; 8,000 by default. */
  readonly timeout?: number
  /** Bytes of the diff; 4 MiB by default. */
  readonly limit?: number
}

const TIMEOUT = 8_000
const LIMIT = 4 << 20
/** Pairs of files that are tried as renames: the search is quadratic. */
const RENAMES = '-l200'

/**
 * The difference between two states of a repository's code. The states are built in an index and an object store of their own, that borrow
 * the repository's objects: nothing of the repository is written, locked or checked out. The failure is a sentence for a person.
 */
export async function diffTrees(
  repository: string,
  from: CodeState,
  to: CodeState,
  options: DiffTreesOptions = {},
): Promise<Result<TreeDifference, string>> {
  const deadline = performance.now() + (options.timeout ?? TIMEOUT)
  const objects = await gitText({
    folder: repository,
    arguments: ['rev-parse', '--path-format=absolute', '--git-path', 'objects'],
  })
  const gitFolder = await gitText({ folder: repository, arguments: ['rev-parse', '--absolute-git-dir'] })
  if (objects === undefined || gitFolder === undefined) return err(`There is no git repository at ${repository}.`)
  const scratch = mkdtempSync(join(tmpdir(), 'benchtop-code-'))
  try {
    mkdirSync(join(scratch, 'objects', 'info'), { recursive: true })
    writeFileSync(join(scratch, 'objects', 'info', 'alternates'), `${objects}\n`)
    const git: Git = (verb, extra = {}) =>
      runGit({
        folder: scratch,
        arguments: verb,
        environment: {
          GIT_DIR: gitFolder,
          // Over core.worktree, which a submodule's repository has.
          GIT_WORK_TREE: scratch,
          GIT_INDEX_FILE: join(scratch, 'index'),
          GIT_OBJECT_DIRECTORY: join(scratch, 'objects'),
        },
        timeout: Math.max(1, deadline - performance.now()),
        ...(options.signal === undefined ? {} : { signal: options.signal }),
        ...extra,
      })
    const before = await treeOf(git, from)
    if (!before.ok) return before
    const after = await treeOf(git, to)
    if (!after.ok) return after
    return await difference(git, before.value, after.value, options.limit ?? LIMIT)
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

type Git = (verb: readonly string[], extra?: { readonly input?: string; readonly limit?: number }) => Promise<GitAnswer>

/** The id of the tree that a state's files make. */
async function treeOf(git: Git, { commit, diff }: CodeState): Promise<Result<string, string>> {
  // A commit comes from a database that may be somebody else's: it must not be taken for an option.
  if (commit !== null && !/^[0-9a-f]{7,64}$/.test(commit)) return err(`${commit.slice(0, 80)} is not a commit.`)
  if (commit !== null && diff.trim() === '') {
    const tree = await git(['rev-parse', '--verify', '-q', `${commit}^{tree}`])
    return tree.code === 0 ? ok(tree.output.toString('utf8').trim()) : missing(commit, tree)
  }
  const read = await git(commit === null ? ['read-tree', '--empty'] : ['read-tree', `${commit}^{commit}`])
  if (read.code !== 0) return missing(commit ?? '', read)
  if (diff.trim() !== '') {
    const applied = await git(['apply', '--cached', '--whitespace=nowarn', '-'], { input: diff })
    if (applied.code !== 0) {
      return err(slow(applied) ?? 'The recorded changes do not fit the commit that they were made on.')
    }
  }
  const written = await git(['write-tree'])
  return written.code === 0
    ? ok(written.output.toString('utf8').trim())
    : err(slow(written) ?? `git could not build the files: ${written.errors}`)
}

function missing(commit: string, answer: GitAnswer): Result<string, string> {
  return err(slow(answer) ?? `The repository has no commit ${commit.slice(0, 12)} any more.`)
}

function slow({ stopped }: GitAnswer): string | undefined {
  if (stopped === 'timeout') return 'git took too long.'
  if (stopped === 'absent') return 'git is not installed.'
  return stopped === 'cancelled' ? 'Cancelled.' : undefined
}

async function difference(
  git: Git,
  before: string,
  after: string,
  limit: number,
): Promise<Result<TreeDifference, string>> {
  if (before === after) return ok({ diff: '', added: 0, removed: 0, files: 0, truncated: false })
  const common = ['-r', '--no-color', '--no-ext-diff', '--no-textconv', '-M', RENAMES]
  const counted = await git(['diff-tree', '--shortstat', ...common, before, after])
  const shown = await git(['diff-tree', '-p', '--src-prefix=a/', '--dst-prefix=b/', ...common, before, after], {
    limit,
  })
  const failed = [counted, shown].find(({ code, stopped }) => code !== 0 && stopped !== 'too_large')
  if (failed !== undefined) return err(slow(failed) ?? `git could not compare the two: ${failed.errors}`)
  const text = shown.output.toString('utf8')
  const truncated = shown.stopped === 'too_large'
  const stat = counted.output.toString('utf8')
  const count = (pattern: RegExp): number => Number(pattern.exec(stat)?.[1] ?? 0)
  return ok({
    diff: truncated ? text.slice(0, Math.max(0, text.lastIndexOf('\ndiff --git ') + 1)) : text,
    files: count(/(\d+) files? changed/),
    added: count(/(\d+) insertions?/),
    removed: count(/(\d+) deletions?/),
    truncated,
  })
}
