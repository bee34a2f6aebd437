import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { appError } from '#shared/rpc/errors.ts'
import { readJsonFile } from '#electron/platform/json-file.ts'
import { knownBackend, type KnownBackend } from '#electron/platform/known-backend.ts'
import { startDetached } from './supervisor.ts'

export type BackendAddress = KnownBackend & {
  /** True when it was not running before. */
  readonly started: boolean
}

export type EnsureOptions = {
  readonly dataFolder: string
  /** The Node that runs it: the one that the app carries. */
  readonly node: string
  /** `build/backend/serve.js`, or `electron/backend/serve.ts` in development. */
  readonly entry: string
  readonly port?: number
  readonly host?: string
  /** Take the address of the last start, whichever it was: for whoever brings a dead one back. */
  readonly again?: boolean
  /** The caller's build id: an idle backend of another build is replaced. */
  readonly build?: string
  /** Milliseconds to wait for a new backend. */
  readonly patience?: number
}

/** A refusal that a starting backend leaves for whoever started it. */
export const StartRefusal = z.object({
  at: z.number(),
  code: z.string(),
  message: z.string(),
  hint: z.string().nullable(),
})
export const refusalFile = (dataFolder: string): string => join(dataFolder, 'backend-refused.json')

/** Finds the user's backend, or starts it. Throws the starting backend's own refusal, such as a taken port. */
export async function ensureBackend(options: EnsureOptions): Promise<BackendAddress> {
  const running = await findBackend(options.dataFolder)
  if (running !== undefined) {
    const outdated = options.build !== undefined && running.build !== options.build
    if (!outdated || !(await stopIdle(running))) return { ...running, started: false }
  }
  const askedAt = Date.now()
  const deadline = askedAt + (options.patience ?? 20_000)
  // A new one gives way to one that still answers.
  if (running !== undefined) await untilSilent(running, options.dataFolder, deadline)
  startDetached({
    node: options.node,
    entry: options.entry,
    arguments: [
      '--data-folder',
      options.dataFolder,
      ...(options.port === undefined ? [] : ['--port', String(options.port)]),
      ...(options.host === undefined ? [] : ['--host', options.host]),
      ...(options.again === true ? ['--again'] : []),
    ],
    logFile: join(options.dataFolder, 'logs', 'backend-output.log'),
    dataFolder: options.dataFolder,
  })
  for (let wait = 10; Date.now() < deadline; wait = Math.min(wait * 1.3, 100)) {
    const found = await findBackend(options.dataFolder)
    if (found !== undefined && found.pid !== running?.pid) return { ...found, started: true }
    const refusal = readJsonFile(refusalFile(options.dataFolder), StartRefusal)
    if (refusal !== undefined && refusal.at >= askedAt)
      throw appError('unavailable', refusal.message, refusal.hint === null ? {} : { hint: refusal.hint })
    await pause(wait)
  }
  throw appError('unavailable', 'The backend did not start.', { hint: lastWords(options.dataFolder) })
}

/** The user's backend if it answers. */
export async function findBackend(dataFolder: string): Promise<KnownBackend | undefined> {
  const known = knownBackend(dataFolder)
  return known !== undefined && (await answers(known)) ? known : undefined
}

async function untilSilent({ pid }: KnownBackend, dataFolder: string, deadline: number): Promise<void> {
  while (Date.now() < deadline && (await findBackend(dataFolder))?.pid === pid) await pause(20)
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

/** True when the very process of the lock answers there, not another program on its port. */
async function answers(info: KnownBackend): Promise<boolean> {
  try {
    const response = await fetch(`${info.url}/health`, { signal: AbortSignal.timeout(2_000) })
    return response.ok && response.headers.get('x-benchtop-pid') === String(info.pid)
  } catch {
    return false
  }
}

async function stopIdle(backend: KnownBackend): Promise<boolean> {
  try {
    const response = await fetch(`${backend.url}/rpc/system.stop`, {
      method: 'POST',
      headers: { authorization: `Bearer ${backend.token}`, 'content-type': 'application/json' },
      body: '{}',
      signal: AbortSignal.timeout(5_000),
    })
    return response.ok
  } catch {
    return false
  }
}

function lastWords(dataFolder: string): string {
  const file = join(dataFolder, 'logs', 'backend-output.log')
  try {
    return readFileSync(file, 'utf8').trim().split('\n').slice(-3).join('\n')
  } catch {
    return `Nothing was written to ${file}.`
  }
}
