import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The nearest folder above a path that holds `.benchtop` or `.git`; the path itself when none does. For `benchtop run`. */
export function rootAbove(path: string): string {
  const start = realpathSync(path)
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.benchtop')) || existsSync(join(folder, '.git'))) return folder
    if (dirname(folder) === folder) return start
  }
}
