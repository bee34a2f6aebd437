import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, constants, openSync, rmSync } from 'node:fs'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { quietly } from './terminal-log.ts'

export type RealPipe = {
  /** For the child; closed here by `given` once the child has it. */
  readonly writeEnd: number
  readonly given: () => void
  readonly reader: Readable
}

/**
 * A pipe as a shell makes it. Node's own 'pipe' is a pair of sockets, on which `> /dev/stdout` fails and a hang-up doesn't end `yes` as it should.
 * Made as named pipes among the temporary files, whose names vanish at once; undefined where that can't be.
 */
export function realPipes(count: number): readonly RealPipe[] | undefined {
  const names = Array.from({ length: count }, () => join(tmpdir(), `benchtop-${randomBytes(12).toString('hex')}`))
  try {
    if (spawnSync('mkfifo', ['-m', '600', ...names], { stdio: 'ignore' }).status !== 0) return undefined
    return names.map((name) => {
      const readEnd = openSync(name, constants.O_RDONLY | constants.O_NONBLOCK)
      const writeEnd = openSync(name, constants.O_WRONLY)
      return {
        writeEnd,
        given: () => closeSync(writeEnd),
        reader: new Socket({ fd: readEnd, readable: true, writable: false }),
      }
    })
  } catch {
    return undefined
  } finally {
    for (const name of names) quietly(() => rmSync(name, { force: true }))
  }
}
