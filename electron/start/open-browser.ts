import { hostname, userInfo } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { ProjectId } from '#shared/contract/common.ts'
import { pageAddress } from '#shared/lib/page-address.ts'
import { askBackend } from '#electron/transport/ask-backend.ts'
import { type BackendAddress, ensureBackend } from '#electron/backend/ensure-backend.ts'
import { isLoopback, isWildcard } from '#electron/platform/listening-address.ts'
import type { Flags } from './flags.ts'
import { openAddress } from '#electron/platform/open-address.ts'

export type BrowserOptions = {
  readonly flags: Flags
  readonly dataFolder: string
  readonly node: string
  readonly backendEntry: string
  readonly build: string | null
  readonly write: (line: string) => void
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly open?: (address: string) => Promise<boolean>
  readonly ensure?: typeof ensureBackend
}

/** Finds or starts the backend, and opens its page in the browser. Throws the backend's refusals as AppErrors. */
export async function openBrowser(options: BrowserOptions): Promise<void> {
  const { flags, dataFolder, node, backendEntry, build, write, environment } = options
  const backend = await (options.ensure ?? ensureBackend)({
    dataFolder,
    node,
    entry: backendEntry,
    ...(build === null ? {} : { build }),
    ...(flags.port === null ? {} : { port: flags.port }),
    ...(flags.host === null ? {} : { host: flags.host }),
  })
  const { url, token } = backend
  const opened =
    flags.project === null
      ? undefined
      : await askBackend(backend, 'projects.open', { folder: flags.project }, z.object({ id: ProjectId }))
  const place = opened === undefined ? {} : { project: opened.id }
  write(pageAddress(url, { token, ...place }))
  const { port } = new URL(url)
  if (!backend.started) write('Benchtop was running already.')
  if (!backend.started && asksForAnother(flags, new URL(url))) {
    write('It keeps its address while it runs: npx benchtop backend stop, then start it again with the new one.')
  }
  if (backend.started && flags.host !== null && !isLoopback(flags.host)) {
    const name = isWildcard(flags.host) ? hostname() : flags.host
    write(
      `Other machines log to http://${name}:${port} with MLFLOW_TRACKING_TOKEN, which is in ${join(dataFolder, 'tracking-token')}.`,
    )
    write('Nothing is encrypted on the way: where others share the network, ssh -L or -R is the safe one.')
  }
  if (build !== null && backend.build !== build) {
    write('It is of another build, and is replaced once nothing runs any more.')
  }
  const ticket = await ticketOf(backend)
  const isOpen = await (options.open ?? openAddress)(
    pageAddress(url, { ...(ticket === null ? { token } : { ticket }), ...place }),
  )
  if (isOpen) write('Opened in the browser. Benchtop goes on by itself: this terminal is free.')
  else if (environment['SSH_CONNECTION'] === undefined) write('Open this address in a browser.')
  else {
    write(`On your own machine: ssh -N -L ${port}:127.0.0.1:${port} ${userInfo().username}@${hostname()}`)
    write('Then open the address there.')
  }
}

/** The words that a program is started with can be read by every user of the machine: the browser gets a key for one use. */
async function ticketOf(backend: BackendAddress): Promise<string | null> {
  // A backend of another build may know of none.
  return askBackend(backend, 'system.ticket', {}, z.object({ ticket: z.string() })).then(
    ({ ticket }) => ticket,
    () => null,
  )
}

function asksForAnother(flags: Flags, { hostname: host, port }: URL): boolean {
  return (
    (flags.port !== null && flags.port !== 0 && String(flags.port) !== port) ||
    (flags.host !== null && flags.host !== host)
  )
}
