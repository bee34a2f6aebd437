import { join } from 'node:path'
import { contract, type BenchtopContract } from '#shared/contract/index.ts'
import type { Project } from '#shared/contract/projects.ts'
import { type Caller, clientOf } from '#shared/rpc/client.ts'
import { decodeText, encodeText } from '#shared/rpc/codec.ts'
import { appError, fromWireError, WireError } from '#shared/rpc/errors.ts'
import type { Client } from '#shared/rpc/procedure.ts'
import { ensureBackend } from '#electron/backend/ensure-backend.ts'
import { dataFolder } from '#electron/platform/data-folder.ts'
import { rootAbove } from '#electron/features/projects/index.ts'
import { installation } from '#electron/platform/installation.ts'

export type CliClient = {
  readonly client: Client<BenchtopContract>
  readonly url: string
  readonly token: string
  readonly dataFolder: string
}

/** The command line's way to the contract: finds or starts the backend and speaks `POST /rpc`. It never opens a database itself. */
export async function connectCli(): Promise<CliClient> {
  const folder = dataFolder()
  const { node, backendEntry, build } = installation()
  const { url, token } = await ensureBackend({
    dataFolder: folder,
    node,
    entry: backendEntry,
    ...(build === null ? {} : { build }),
  })
  return { client: clientOf(contract, caller(url, token)), url, token, dataFolder: folder }
}

/** The project of a folder: the one named, or that of the nearest folder above with `.benchtop` or `.git`. */
export async function projectOf({ client }: CliClient, given: string | undefined, create: boolean): Promise<Project> {
  const folder = given === undefined ? rootAbove(process.cwd()) : join(process.cwd(), given)
  return client.projects.open({ folder: given?.startsWith('/') === true ? given : folder, create })
}

function caller(url: string, token: string): Caller {
  const post = (method: string, input: unknown): Promise<Response> =>
    fetch(`${url}/rpc/${method}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: encodeText(input),
    }).catch((error: unknown) => {
      throw appError('unavailable', 'The backend went away.', { cause: error })
    })
  return {
    call: async (method, input) => {
      const response = await post(method, input)
      const value = decodeText(await response.text())
      if (!response.ok) throw refusal(value)
      return value
    },
    stream: async function* (method, input) {
      const response = await post(method, input)
      if (!response.ok || response.body === null) throw refusal(decodeText(await response.text()))
      let rest = ''
      for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
        const lines = (rest + piece).split('\n')
        rest = lines.pop() ?? ''
        for (const line of lines) {
          const value = decodeText(line) as { readonly event?: unknown; readonly error?: unknown }
          if (value.error !== undefined) throw refusal(value)
          yield value.event
        }
      }
    },
  }
}

function refusal(value: unknown): Error {
  const parsed = WireError.safeParse((value as { readonly error?: unknown }).error)
  return parsed.success
    ? fromWireError(parsed.data)
    : appError('unavailable', 'The backend refused in words that this version does not know.')
}
