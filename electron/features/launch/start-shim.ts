import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { appError } from '#shared/rpc/errors.ts'
import { identify, type ProcessIdentity } from '#electron/platform/process/identity.ts'
import type { ShimSpec } from '#electron/shim/work-folder.ts'

export type ShimStart = {
  readonly node: string
  readonly entry: string
  readonly workFolder: string
  readonly spec: ShimSpec
}

/**
 * Starts the shim around a command, detached from us. Its instructions go through its standard input, so that the environment is never on disk. Resolves
 * once it has them; throws `unavailable` when it could not be started.
 */
export function startShim({ node, entry, workFolder, spec }: ShimStart): Promise<ProcessIdentity> {
  mkdirSync(workFolder, { recursive: true, mode: 0o700 })
  const words = openSync(join(workFolder, 'shim.log'), 'a', 0o600)
  return new Promise((resolve, reject) => {
    const child = spawn(node, ['--disable-warning=ExperimentalWarning', entry, workFolder], {
      detached: true,
      stdio: ['pipe', words, words],
      cwd: '/',
    })
    closeSync(words)
    const fail = (cause: unknown): void =>
      reject(appError('unavailable', 'The process around the command could not be started.', { cause }))
    child.on('error', fail)
    child.stdin?.on('error', fail)
    child.stdin?.end(JSON.stringify(spec), () => {
      child.unref()
      const identity = child.pid === undefined ? undefined : identify(child.pid)
      // Gone already: a command that can't be started ends at once, and its exit file says why.
      resolve(identity ?? { pid: child.pid ?? 0, started: 'gone' })
    })
  })
}
