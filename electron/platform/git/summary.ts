import { runGit } from './run-git.ts'
import { insideRepository } from './inside-repository.ts'

export type GitSummary = {
  readonly branch: string | null
  readonly commit: string | null
  readonly uncommitted: number
}

/**
 * Branch, commit and number of uncommitted files of the repository that holds a folder; null outside of one, without git, or when
 * the answer takes over two seconds. Takes no lock of the repository, and starts nothing that it names.
 */
export async function gitSummary(folder: string): Promise<GitSummary | null> {
  if (!insideRepository(folder)) return null
  // Untracked files are not counted one by one: a folder may hold 200,000 of them.
  const answer = await runGit({
    folder,
    arguments: ['status', '--porcelain=v2', '--branch', '--untracked-files=normal', '--ignore-submodules=dirty'],
    timeout: 2_000,
  })
  if (answer.code !== 0) return null
  const lines = answer.output.toString('utf8').split('\n')
  const header = (name: string): string | null =>
    lines.find((line) => line.startsWith(`# branch.${name} `))?.slice(`# branch.${name} `.length) ?? null
  const branch = header('head')
  const commit = header('oid')
  return {
    branch: branch === '(detached)' ? null : branch,
    commit: commit === '(initial)' ? null : commit,
    uncommitted: lines.filter((line) => /^[12u?] /.test(line)).length,
  }
}
