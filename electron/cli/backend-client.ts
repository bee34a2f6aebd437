import { existsSync, realpathSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { BenchtopContract } from '#shared/contract/index.ts'
import type { Caller } from '#shared/rpc/client.ts'
import { AppError, appError } from '#shared/rpc/app-error.ts'
import type { Client } from '#shared/rpc/procedure.ts'
import { dataFolder } from '#electron/platform/data-folder.ts'
import { installation } from '#electron/platform/installation.ts'
import { knownBackend } from '#electron/platform/known-backend.ts'
import { rootAbove } from '#electron/platform/project-root.ts'
import { postCaller } from '#electron/transport/post-caller.ts'

export type CliClient = {
  /** Queries and mutations. */
  readonly client: Client<BenchtopContract>
  /** Streams. */
  readonly streams: Client<BenchtopContract>
  readonly url: string
  readonly token: string
  readonly dataFolder: string
}

/**
 * The command line's way to the contract: finds or starts the backend and speaks `POST /rpc`. It never opens a database itself. A backend that
 * runs is asked at once; one that turns out to be dead is started, and asked again.
 */
export async function connectCli(): Promise<CliClient> {
  const folder = dataFolder()
  const running = runningBackend(folder)
  const { url, token } = running ?? (await startedBackend(folder))
  const direct = postCaller({ url, token })
  const caller = running === undefined ? direct : orStarted(direct, folder)
  return {
    client: named((method, input) => caller.call(method, input, {})),
    streams: named((method, input) => caller.stream(method, input, {})),
    url,
    token,
    dataFolder: folder,
  }
}

/**
 * A project's id: of the folder or the known project named, such as the Inbox, or of the nearest folder above with `.benchtop` or `.git`. Where a
 * folder has the name of a project, the folder is meant.
 */
export async function projectOf({ client }: CliClient, given: string | undefined, create: boolean): Promise<string> {
  const folder = given === undefined ? rootAbove(process.cwd()) : resolve(given)
  const recent = await client.projects.recent({})
  if (given !== undefined && !existsSync(folder)) {
    const named = recent.filter(({ id, name }) => id === given || name.toLowerCase() === given.toLowerCase())
    if (named.length > 1) {
      throw appError('invalid', `${named.length} projects are called ${given}.`, {
        hint: `Say which: ${named.map(({ id }) => id).join(' or ')}.`,
      })
    }
    if (named[0] !== undefined) return named[0].id
    // It is always there, known or not.
    if (given.toLowerCase() === 'inbox') return 'inbox'
  }
  // Opening tells of the repository too, which takes a while: a project that is known and in its place needs none of it.
  const known = recent.find((project) => project.folder === realPath(folder))
  if (known !== undefined && existsSync(join(folder, '.benchtop'))) return known.id
  try {
    return (await client.projects.open({ folder, create })).id
  } catch (error) {
    if (create || !(error instanceof AppError) || error.code !== 'not_found' || !existsSync(folder)) throw error
    throw appError('not_found', error.message, { hint: 'benchtop run makes it one; --project DIR names another.' })
  }
}

type Address = { readonly url: string; readonly token: string }

/** The running backend, if it is of our own build. */
function runningBackend(folder: string): Address | undefined {
  const known = knownBackend(folder)
  const { build: ours } = installation()
  return known !== undefined && (ours === null || known.build === ours) ? known : undefined
}

async function startedBackend(folder: string): Promise<Address> {
  const { ensureBackend } = await import('#electron/backend/ensure-backend.ts')
  const { node, backendEntry, build } = installation()
  return ensureBackend({ dataFolder: folder, node, entry: backendEntry, ...(build === null ? {} : { build }) })
}

/** Asks anew, of a backend that is started for it, where nobody listens any more. What was asked and not answered is not asked twice. */
function orStarted(direct: Caller, folder: string): Caller {
  return {
    call: async (method, input, options) => {
      try {
        return await direct.call(method, input, options)
      } catch (error) {
        if (!isRefused(error)) throw error
        return postCaller(await startedBackend(folder)).call(method, input, options)
      }
    },
    stream: direct.stream,
  }
}

function isRefused(error: unknown): boolean {
  return (
    error instanceof AppError &&
    error.code === 'unavailable' &&
    (error.cause as NodeJS.ErrnoException | undefined)?.code === 'ECONNREFUSED'
  )
}

/** The contract's procedures by name; the schemas, which take long to load, stay with the backend. */
function named(ask: (method: string, input: unknown) => unknown): Client<BenchtopContract> {
  const features = new Proxy(
    {},
    {
      get: (_, feature: string) =>
        new Proxy({}, { get: (_none, name: string) => (input: unknown) => ask(`${feature}.${name}`, input) }),
    },
  )
  return features as Client<BenchtopContract>
}

function realPath(folder: string): string {
  try {
    return realpathSync(folder)
  } catch {
    return folder
  }
}
