import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, isAbsolute, join, resolve } from 'node:path'

/**
 * The file that a shell would run for `program`: itself when it holds a `/` (seen from `folder`), else the first executable of that name on
 * `path`. Undefined when there is none.
 */
export function findProgram(program: string, folder: string, path: string | undefined): string | undefined {
  if (program === '') return undefined
  if (program.includes('/')) return executable(resolve(folder, program))
  for (const place of (path ?? '/usr/local/bin:/usr/bin:/bin').split(delimiter)) {
    // An empty entry means the current folder, as POSIX has it.
    const found = executable(join(place === '' ? folder : isAbsolute(place) ? place : resolve(folder, place), program))
    if (found !== undefined) return found
  }
  return undefined
}

function executable(file: string): string | undefined {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile() ? file : undefined
  } catch {
    return undefined
  }
}
