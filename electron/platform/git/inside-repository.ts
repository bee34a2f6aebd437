import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Whether a folder lies in a working tree of git, or is one. */
export function insideRepository(folder: string): boolean {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return true
    if (dirname(at) === at) return false
  }
}
