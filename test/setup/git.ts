import { execFileSync } from 'node:child_process'
import type { Stamp } from './cache.ts'
import type { Part } from './parts.ts'
import { aptInstall, mayInstallSystemPackages, onPath } from './process.ts'

/** git, with which runs remember their code. */
export const gitPart: Part = {
  name: 'git',
  find: findGit,
  install: async (_folder, say) => {
    if (!mayInstallSystemPackages()) throw new Error('git is not on PATH; install it')
    await aptInstall(say, ['git'])
    const found = findGit()
    if (found === undefined) throw new Error('git was installed but is not on PATH')
    return found
  },
}

function findGit(): Stamp | undefined {
  const path = onPath('git')
  if (path === undefined) return undefined
  return { path, version: execFileSync(path, ['--version'], { encoding: 'utf8' }).trim().replace('git version ', '') }
}
