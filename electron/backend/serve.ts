import { flushCompileCache } from 'node:module'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { AppError, appError } from '#shared/rpc/errors.ts'
import { dataFolder as defaultDataFolder } from '#electron/platform/data-folder.ts'
import { installation } from '#electron/platform/installation.ts'
import { readJsonFile, writeJsonFile } from '#electron/platform/json-file.ts'
import { fileLog } from '#electron/platform/log.ts'
import { findBackend, refusalFile } from './ensure-backend.ts'
import { type Backend, type BackendOptions, startBackend } from './start-backend.ts'
import { AGAIN, EXIT_REFUSED } from './supervisor.ts'

/** The backend's entry: `serve.js [--data-folder DIR] [--port N] [--host ADDRESS] [--again] [--idle SECONDS]`. */
z.config({ jitless: true })
// It was meant for this process, not for what is launched from it.
delete process.env['NODE_COMPILE_CACHE']

const DEFAULT_PORT = 5080
const IDLE_SECONDS = 600
/** Milliseconds that putting its things away may take, and that a new one waits for another to have done so. */
const LONGEST_END = 60_000
const LOCK_PATIENCE = 15_000
/** Milliseconds until what was compiled is kept: by then the first questions are answered. */
const COMPILED_AFTER = 10_000

const { values } = parseArgs({
  options: {
    'data-folder': { type: 'string' },
    port: { type: 'string' },
    host: { type: 'string' },
    again: { type: 'boolean' },
    idle: { type: 'string' },
  },
})
const dataFolder = values['data-folder'] ?? defaultDataFolder()

/**
 * The address of the last start: after a death the backend must come back where its clients look for it. Whoever starts it anew gets its port,
 * which scripts may have been told; to be reached from elsewhere has to be asked for each time.
 */
const addressFile = join(dataFolder, 'address.json')
const Address = z.object({ port: z.number().int(), host: z.string() })
const last = readJsonFile(addressFile, Address)
const isAgain = values.again === true || process.env[AGAIN] === '1'
const given = values.port === undefined || (isAgain && values.port === '0') ? undefined : Number(values.port)
const port = given ?? last?.port ?? DEFAULT_PORT
const host = values.host ?? (isAgain ? last?.host : undefined) ?? '127.0.0.1'

const here = installation(import.meta.dirname)

const log = fileLog(join(dataFolder, 'logs', 'backend.log'))
// One call's mistake must not take down what others are in the middle of.
process.on('unhandledRejection', (error) => log.error('a rejection that nobody handled', { error }))

try {
  const backend = await startOnceFree({
    dataFolder,
    log,
    port,
    host,
    ...(here.build === null ? {} : { build: here.build }),
    version: here.version,
    pageFolder: here.pageFolder,
    resources: here.resources,
    shimEntry: here.shimEntry,
    backendEntry: here.backendEntry,
    command: here.command,
    idleAfter: Number(values.idle ?? IDLE_SECONDS) * 1_000,
    onIdle: () => void end(),
    onStop: () => void end(),
  })
  // Mostly it is the address of the last start; writing it waits for the disk, and the first clients with it.
  if (backend.port !== last?.port || host !== last.host) writeJsonFile(addressFile, { port: backend.port, host }, 0o600)
  // By itself it is written at the end, which a kill leaves out.
  setTimeout(() => flushCompileCache(), COMPILED_AFTER).unref()
  let ending: Promise<void> | undefined
  const end = (): Promise<void> => {
    setTimeout(() => process.exit(0), LONGEST_END).unref()
    ending ??= backend.close().finally(() => process.exit(0))
    return ending
  }
  process.on('SIGTERM', () => void end())
  process.on('SIGINT', () => void end())
  // A dead terminal must not take the backend with it.
  process.on('SIGHUP', () => {})
} catch (error) {
  if (!(error instanceof AppError)) throw error
  // Another backend of this user won the race: whoever asked will find it.
  if (error.code !== 'conflict') {
    writeJsonFile(
      refusalFile(dataFolder),
      { at: Date.now(), code: error.code, message: error.message, hint: error.hint ?? null },
      0o600,
    )
    process.stderr.write(`${error.message}${error.hint === undefined ? '' : ` ${error.hint}`}\n`)
  }
  process.exit(EXIT_REFUSED)
}

/** A backend that is putting its things away holds the lock and answers nobody: whoever is started meanwhile takes its place. */
async function startOnceFree(options: BackendOptions): Promise<Backend> {
  let isWaiting = false
  for (const deadline = Date.now() + LOCK_PATIENCE; ;) {
    try {
      return await startBackend(options)
    } catch (error) {
      const held = error instanceof AppError && error.code === 'conflict'
      if (!held || (await findBackend(dataFolder)) !== undefined) throw error
      if (!isWaiting) log.info('waiting for another backend to end')
      isWaiting = true
      if (Date.now() > deadline)
        throw appError('unavailable', 'A backend of this user runs already, but does not answer.', {
          hint: `End it, then try again: it holds ${join(dataFolder, 'backend.lock.db')}.`,
        })
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
