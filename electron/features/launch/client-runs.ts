import { maskArguments } from '#shared/domain/secrets/mask-values.ts'
import { AppError } from '#shared/rpc/errors.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import { type NewRun, type RunChange, type RunRecord, withEnd } from '#electron/features/runs/index.ts'
import { isAlive, type ProcessIdentity } from '#electron/platform/process/identity.ts'
import { peerProcess } from '#electron/platform/process/peer.ts'
import { type ProcessFacts, processFacts, processFolder } from '#electron/platform/process/process-facts.ts'
import { capturedArguments } from './capture/arguments.ts'
import type { Capture } from './capture/capture.ts'
import { pythonOf } from './capture/capture.ts'
import { captureIn } from './capture/captured-params.ts'
import { claimIn, saidStatus } from './claim.ts'
import type { ClientWatch } from './clients.ts'
import { scriptName } from './command.ts'
import type { LaunchDeps } from './deps.ts'
import type { Lifecycle } from './lifecycle.ts'
import type { Pointers } from './pointers.ts'
import { launchesOfRun } from './queries.ts'

/** A connection from a client, one object as long as it lives: a socket. */
export type ClientConnection = { readonly remotePort?: number | undefined; readonly localPort?: number | undefined }

/** What the tracking API needs of launching. */
export type ClientRuns = {
  /** The project of a launch's address; undefined for an unknown launch, or one whose project is gone. */
  readonly projectOf: (launch: string) => ProjectContext | undefined
  readonly claim: (launch: string, asked: NewRun) => Promise<RunRecord>
  /** A client's word on a run. Of a launched run the process decides status and end: the answer is as asked, and the word is remembered. */
  readonly update: (project: ProjectContext, run: string, change: RunChange) => Promise<RunRecord>
  /** A client that nobody launched has made a run: what is behind its connection is captured, and watched until it dies. */
  readonly noticed: (connection: ClientConnection, project: ProjectContext, run: RunRecord) => Promise<void>
  /** The same for a process that is known by other means. */
  readonly known: (process: ProcessIdentity, project: ProjectContext, run: RunRecord) => Promise<void>
  /** True for a run whose status is its launched process's to decide; remembers the script's own word. */
  readonly endsWithProcess: (project: ProjectContext, run: string, said: 'finished' | 'failed' | 'killed') => boolean
}

/** Programs at whose end of a connection another machine's or container's client speaks: a tunnel, a proxy. */
const FORWARDERS =
  /^(sshd|sshd-session|ssh|autossh|mosh-server|docker-proxy|rootlesskit|slirp4netns|pasta|passt|gvproxy|vpnkit|socat|kubectl|haproxy|nginx|envoy|tailscaled)$/

function isForwarder([program = '']: readonly string[]): boolean {
  // `sshd: ada@notty` is how it names the process of a session.
  const [name = ''] = program.split(/[:\s]/)
  return FORWARDERS.test(name.slice(name.lastIndexOf('/') + 1))
}

/** What is known of a client's process, and what is read out of its command. */
type ClientFacts = ProcessFacts & {
  readonly masked: readonly string[]
  readonly words: ReturnType<typeof capturedArguments>
  readonly forwards: boolean
}

/** Facts of processes that make runs, read once of each but for its folder: a search for good parameters makes thousands. */
function rememberedFacts(): (identity: ProcessIdentity) => Promise<ClientFacts> {
  const known = new WeakMap<ProcessIdentity, ClientFacts>()
  return async (identity) => {
    const before = known.get(identity)
    if (before !== undefined) return { ...before, folder: await processFolder(identity.pid) }
    const facts = await processFacts(identity.pid)
    const { command } = facts
    const read: ClientFacts = {
      ...facts,
      masked: maskArguments(command ?? []),
      words: capturedArguments(command ?? []),
      forwards: command !== null && isForwarder(command),
    }
    // One that is gone, or whose facts can't be read yet, is asked again.
    if (command !== null) known.set(identity, read)
    return read
  }
}

export function createClientRuns(
  deps: LaunchDeps,
  parts: {
    readonly lifecycle: Lifecycle
    readonly capture: Capture
    readonly clients: ClientWatch
    readonly pointers: Pointers
  },
): ClientRuns {
  const { lifecycle, capture, clients, pointers } = parts

  const peers = new WeakMap<ClientConnection, Promise<ProcessIdentity | undefined>>()
  /** Who is behind a connection does not change: looked up once. */
  const peerOf = async (connection: ClientConnection): Promise<ProcessIdentity | undefined> => {
    const { remotePort, localPort } = connection
    if (remotePort === undefined || localPort === undefined) return undefined
    const peer = peers.get(connection) ?? peerProcess({ remotePort, localPort })
    peers.set(connection, peer)
    return peer
  }

  const projectOf = (launch: string): ProjectContext | undefined => {
    const project = pointers.find(launch)?.project
    try {
      return project === undefined ? undefined : deps.projects.require(project)
    } catch (error) {
      if (error instanceof AppError && error.code === 'not_found') return undefined
      throw error
    }
  }

  const endsWithProcess: ClientRuns['endsWithProcess'] = (project, run, said) => {
    const last = launchesOfRun(project, run).at(-1)
    if (last === undefined) return false
    lifecycle.live(last.id)?.heard(said)
    return true
  }

  const factsOf = rememberedFacts()

  const known: ClientRuns['known'] = async (identity, project, run) => {
    const { command, masked, words, folder, environment, executable, forwards } = await factsOf(identity)
    clients.watch(project, run.id, identity, forwards)
    if (command === null || forwards || !isAlive(identity)) return
    const place = folder ?? project.folder
    const script = scriptName(command, place, project.folder)
    await deps.runs.write(project, (writes) => {
      writes.updateRun(run.id, { script: run.script ?? script, folder: place, command: masked })
      if (deps.settings().capture.arguments) captureIn(writes, { project, run }, words, 'arguments')
    })
    // Folds share their parent's surroundings.
    if (run.parent !== null) return
    const known = environment ?? {}
    const python =
      executable !== null && /python[\d.]*$/.test(executable) ? (pythonOf(command, place, known) ?? executable) : null
    await capture.started(capture.runOf(project, run, place), {
      command,
      environment: known,
      python,
      process: identity,
    })
  }

  return {
    projectOf,
    endsWithProcess,
    known,
    async claim(launch, asked) {
      const project = projectOf(launch) ?? deps.projects.inbox()
      return deps.runs.write(project, (writes) => claimIn(writes, deps.runs, project, launch, asked))
    },
    async update(project, id, change) {
      const said = saidStatus(change.status)
      if (change.status !== undefined && launchesOfRun(project, id).length > 0) {
        if (said !== undefined) endsWithProcess(project, id, said)
        const { status, endedAt, ...rest } = change
        const run = await deps.runs.updateRun(project, id, rest)
        return { ...(endedAt === undefined ? run : withEnd(run, endedAt)), status }
      }
      const run = await deps.runs.updateRun(project, id, change)
      if (said !== undefined && run.parent === null && run.source === 'client') void written(project, run)
      return run
    },
    async noticed(connection, project, run) {
      const identity = await peerOf(connection)
      if (identity !== undefined) await known(identity, project, run)
    },
  }

  async function written(project: ProjectContext, run: RunRecord): Promise<void> {
    if (run.startedAt === null) return
    const captured = capture.runOf(project, run, run.folder ?? project.folder)
    await capture.written(captured, run.startedAt, run.endedAt ?? Date.now())
  }
}
