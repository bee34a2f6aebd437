import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { simpleGit } from 'simple-git'

export type GitSummary = {
  readonly branch: string | null
  readonly commit: string | null
  readonly uncommitted: number
}

/**
 * Branch, commit and number of uncommitted files of the repository that holds a folder; null outside of one, without git, or when
 * the answer takes over two seconds. Takes no lock of the repository.
 */
export async function gitSummary(folder: string): Promise<GitSummary | null> {
  if (!insideRepository(folder)) return null
  try {
    const git = simpleGit({ baseDir: folder, timeout: { block: 2_000 }, allowEnvironment: ['GIT_OPTIONAL_LOCKS'] }).env(
      environment(),
    )
    // Untracked files are not counted one by one: a folder may hold 200,000 of them.
    const status = await git.raw(['status', '--porcelain=v2', '--branch', '--untracked-files=normal'])
    const lines = status.split('\n')
    const header = (name: string): string | null =>
      lines.find((line) => line.startsWith(`# branch.${name} `))?.slice(`# branch.${name} `.length) ?? null
    const branch = header('head')
    const commit = header('oid')
    return {
      branch: branch === '(detached)' ? null : branch,
      commit: commit === '(initial)' ? null : commit,
      uncommitted: lines.filter((line) => /^[12u?] /.test(line)).length,
    }
  } catch {
    return null
  }
}

/** Only what git needs to run: variables such as GIT_DIR would lead it elsewhere, and simple-git refuses the unsafe ones. */
function environment(): Record<string, string> {
  const kept = ['PATH', 'HOME', 'USERPROFILE', 'SYSTEMROOT', 'TMPDIR', 'XDG_CONFIG_HOME'].flatMap((name) => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return { ...Object.fromEntries(kept), GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' }
}

function insideRepository(folder: string): boolean {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return true
    if (dirname(at) === at) return false
  }
}
