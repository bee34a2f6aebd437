import { readFileSync, readlinkSync } from 'node:fs'
import { execFile } from 'node:child_process'

/** What the system tells of a process that somebody else started; null for what it doesn't. */
export type ProcessFacts = {
  readonly command: readonly string[] | null
  readonly folder: string | null
  readonly executable: string | null
  /** All of its environment: filter and mask before anything is kept. */
  readonly environment: Readonly<Record<string, string>> | null
}

/** Reads a process of this user. Linux tells all of it; elsewhere `ps` and `lsof` tell the command and the folder. */
export async function processFacts(pid: number): Promise<ProcessFacts> {
  if (process.platform === 'linux') return procFacts(pid)
  const [command, folder] = await Promise.all([output('ps', ['-o', 'command=', '-p', String(pid)]), processFolder(pid)])
  return {
    command: command.trim() === '' ? null : command.trim().split(/\s+/),
    folder,
    executable: null,
    environment: null,
  }
}

/** Where a process works now, which it may change as it goes on; null where the system doesn't tell. */
export async function processFolder(pid: number): Promise<string | null> {
  if (process.platform === 'linux') return attempt(() => readlinkSync(`/proc/${pid}/cwd`))
  return /^n(\/.*)$/m.exec(await output('lsof', ['-a', '-d', 'cwd', '-p', String(pid), '-Fn']))?.[1] ?? null
}

function procFacts(pid: number): ProcessFacts {
  const command = attempt(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1))
  const pairs = attempt(() => readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0'))
  return {
    command: command === null || command.length === 0 ? null : command,
    folder: attempt(() => readlinkSync(`/proc/${pid}/cwd`)),
    executable: attempt(() => readlinkSync(`/proc/${pid}/exe`)),
    environment: pairs === null ? null : parseEnvironment(pairs),
  }
}

/** `NAME=value` texts as a record; what holds no `=` is passed over. */
export function parseEnvironment(pairs: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    pairs.flatMap((pair) => {
      const at = pair.indexOf('=')
      return at > 0 ? [[pair.slice(0, at), pair.slice(at + 1)] as const] : []
    }),
  )
}

function output(program: string, given: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(program, given, { timeout: 3_000, maxBuffer: 1 << 20 }, (error, text) =>
      resolve(error === null ? text : ''),
    )
  })
}

function attempt<T>(read: () => T): T | null {
  try {
    return read()
  } catch {
    return null
  }
}
