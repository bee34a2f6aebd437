import { join } from 'node:path'
import { contract } from '#shared/contract/index.ts'
import { createDispatcher, type Dispatcher } from '#electron/transport/dispatcher.ts'
import { createWebSocketTransport } from '#electron/transport/web-socket.ts'
import { createHttp, type Http } from '#electron/http/listener.ts'
import { freeHeap } from '#electron/db/free-heap.ts'
import { isLoopback } from '#electron/platform/listening-address.ts'
import { type Clock, systemClock } from '#electron/platform/clock.ts'
import { type Ids, randomIds } from '#electron/platform/ids.ts'
import { fileLog, type Log } from '#electron/platform/log.ts'
import { releaseMemoryWhenQuiet } from '#electron/platform/quiet-memory.ts'
import { createChangeFeed } from './change-feed.ts'
import { composeFeatures, type Features } from './compose-features.ts'
import { takeLock } from './lock.ts'
import { createTickets } from './tickets.ts'
import { trackingToken, userToken } from './token.ts'

export type BackendOptions = {
  readonly dataFolder: string
  /** 0 takes any free port. */
  readonly port: number
  readonly host?: string
  readonly build?: string
  readonly version?: string
  /** The built page; absent in tests that need none. */
  readonly pageFolder?: string
  /** `resources/`: the sample and the Python files. */
  readonly resources: string
  /** The shim's bundle, or its source. */
  readonly shimEntry: string
  /** With what a shim starts a backend again: the bundle of serve.ts, or its source. */
  readonly backendEntry: string
  /** What `benchtop` on PATH links to. */
  readonly command?: string
  /** Parses outputs too: for development and tests. */
  readonly checkOutputs?: boolean
  readonly clock?: Clock
  readonly ids?: Ids
  readonly log?: Log
  /** Milliseconds without client, run or transfer after which `onIdle` is called; 0 never. */
  readonly idleAfter?: number
  readonly onIdle?: () => void
  readonly onStop?: () => void
}

export type Backend = {
  readonly url: string
  readonly port: number
  readonly token: string
  readonly dispatcher: Dispatcher
  readonly features: Features
  readonly close: () => Promise<void>
}

/**
 * The composition root: takes the user's lock, opens the listener and joins the features to the contract. Throws `conflict` when
 * another backend of this user runs, `unavailable` when the port is taken.
 */
export async function startBackend(options: BackendOptions): Promise<Backend> {
  const { dataFolder } = options
  const clock = options.clock ?? systemClock
  const ids = options.ids ?? randomIds
  const log = options.log ?? fileLog(join(dataFolder, 'logs', 'backend.log'))
  const build = options.build ?? 'development'
  const host = options.host ?? '127.0.0.1'
  const startedAt = clock.now()
  const lock = takeLock(dataFolder)
  const feed = createChangeFeed()
  const tickets = createTickets(clock.now)
  // Services need the address and the listener needs the services: the address is asked for when it is used.
  let http: Http | undefined
  let features: Features | undefined
  try {
    const token = userToken(dataFolder)
    features = composeFeatures({
      surroundings: { clock, ids, log, dataFolder, changed: feed.changed },
      feed,
      token,
      trackingToken: trackingToken(dataFolder, token),
      build,
      version: options.version ?? '0.0.0',
      startedAt,
      host,
      port: () => http?.port ?? 0,
      resources: options.resources,
      shimEntry: options.shimEntry,
      backendEntry: options.backendEntry,
      command: options.command ?? '',
      stop: () => options.onStop?.(),
      ticket: tickets.issue,
    })
    const dispatcher = createDispatcher(contract, features.handlers, {
      checkOutputs: options.checkOutputs ?? false,
      newLogId: ids.short,
      onError: (error, method, logId) => log.error('call failed', { method, logId, error }),
    })
    const sockets = createWebSocketTransport(dispatcher, { build, onCount: () => watchdog.look() })
    http = await createHttp({
      host,
      port: options.port,
      token,
      redeem: tickets.redeem,
      dispatcher,
      sockets,
      features,
      pageFolder: options.pageFolder,
      log,
      build,
    })
    const running = http
    const live = features
    // One that other machines may log to must be there whenever they do: nothing here tells that their runs go on.
    const idleAfter = isLoopback(host) ? (options.idleAfter ?? 0) : 0
    const watchdog = createIdleWatch({
      after: idleAfter,
      busy: () => sockets.connections() > 0 || live.live() > 0,
      sinceRequest: running.recent,
      onIdle: () => options.onIdle?.(),
    })
    lock.announce({ startedAt, port: running.port, host, build, url: running.url })
    await features.start()
    const memory = releaseMemoryWhenQuiet({
      quiet: running.recent,
      shrink() {
        for (const { db } of live.clientServices.projects.open()) db.dropPages()
      },
      giveBack: freeHeap,
    })
    log.info('started', { port: running.port, build })
    return {
      url: running.url,
      port: running.port,
      token,
      dispatcher,
      features,
      close: async () => {
        watchdog.close()
        memory.close()
        lock.withdraw()
        sockets.close()
        await running.close()
        await live.close()
        lock.release()
        log.info('stopped')
      },
    }
  } catch (error) {
    lock.withdraw()
    await http?.close()
    await features?.close()
    lock.release()
    throw error
  }
}

type IdleWatch = { readonly look: () => void; readonly close: () => void }

function createIdleWatch(options: {
  readonly after: number
  readonly busy: () => boolean
  /** Milliseconds since a program last asked something. */
  readonly sinceRequest: () => number
  readonly onIdle: () => void
}): IdleWatch {
  if (options.after === 0) return { look: () => {}, close: () => {} }
  let idleSince = Date.now()
  const look = (): void => {
    if (options.busy()) idleSince = Date.now()
    else if (Math.min(Date.now() - idleSince, options.sinceRequest()) >= options.after) options.onIdle()
  }
  const timer = setInterval(look, Math.max(250, Math.min(options.after / 4, 15_000)))
  timer.unref()
  return { look, close: () => clearInterval(timer) }
}
