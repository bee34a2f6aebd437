import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { AppError } from '#shared/rpc/errors.ts'
import { dataFolder as defaultDataFolder } from '#electron/platform/data-folder.ts'
import { installation } from '#electron/platform/installation.ts'
import { readJsonFile, writeJsonFile } from '#electron/platform/json-file.ts'
import { refusalFile } from './ensure-backend.ts'
import { startBackend } from './start-backend.ts'
import { EXIT_REFUSED } from './supervisor.ts'

/** The backend's entry: `serve.js [--data-folder DIR] [--port N] [--host ADDRESS] [--idle SECONDS]`. */
z.config({ jitless: true })

const DEFAULT_PORT = 5080
const IDLE_SECONDS = 600

const { values } = parseArgs({
  options: {
    'data-folder': { type: 'string' },
    port: { type: 'string' },
    host: { type: 'string' },
    idle: { type: 'string' },
  },
})
const dataFolder = values['data-folder'] ?? defaultDataFolder()

/** The address of the last start: after a death the backend must come back where its clients look for it. */
const addressFile = join(dataFolder, 'address.json')
const Address = z.object({ port: z.number().int(), host: z.string() })
const last = readJsonFile(addressFile, Address)
const port = values.port === undefined ? (last?.port ?? DEFAULT_PORT) : Number(values.port)
const host = values.host ?? last?.host ?? '127.0.0.1'

const here = installation(import.meta.dirname)

try {
  const backend = await startBackend({
    dataFolder,
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
  writeJsonFile(addressFile, { port: backend.port, host }, 0o600)
  let ending: Promise<void> | undefined
  const end = (): Promise<void> => (ending ??= backend.close().then(() => process.exit(0)))
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
