import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const NAME = 'benchtop-reading-'

/**
 * A new folder for a copy, named after this process. Folders of processes that were killed are taken away first: a copy may be large, and nobody
 * else knows of it.
 */
export async function newReadingFolder(): Promise<string> {
  const place = tmpdir()
  for (const name of await readdir(place).catch(() => [])) {
    const owner = name.startsWith(NAME) ? /^\d+/.exec(name.slice(NAME.length))?.[0] : undefined
    if (owner !== undefined && !isRunning(Number(owner)))
      // Another user's can't be taken away, and is not ours to tell of.
      await rm(join(place, name), { recursive: true, force: true }).catch(() => {})
  }
  return mkdtemp(join(place, `${NAME}${process.pid}-`))
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
