import { appError } from '#shared/rpc/errors.ts'
import type { ImportSource, Notice, SourceExperiment } from '../source.ts'
import { mayLeadTo, readServerAddress, type ServerAddress } from './address.ts'
import { connect, type Connection, type Patience, USUAL } from './connection.ts'
import { pointCounter } from './count-points.ts'
import { readExperiments } from './experiments.ts'
import { artifactsOf } from './files.ts'
import { readLoggedModels, readRegisteredModels } from './models.ts'
import { isAbsent, type Server } from './pages.ts'
import { getRun, readRuns } from './runs.ts'
import { readSeries } from './series.ts'

export type ServerOptions = {
  /** A bearer token, or `Basic ...`; a name and password may stand in the address instead. */
  readonly token?: string | undefined
  readonly notice: Notice
  /** For tests: how long to wait for what. */
  readonly patience?: Partial<Patience>
}

const MOST_REDIRECTS = 5
/** Nobody stops the opening; it ends by its own patience. */
const FOREVER = new AbortController().signal

/**
 * Opens a tracking server of MLflow (any since 1.0), or one that speaks as it does, for reading by its REST API.
 *
 * A connection that is lost is taken up again for half a minute; then the call throws AppError `unavailable`, and a later reading goes on with what is
 * not here yet, by the runs' fingerprints. Secrets of the address are in no field of the source and in no message.
 */
export async function openServer(location: string, options: ServerOptions): Promise<ImportSource> {
  const connection = await find(readServerAddress(location, options.token), { ...USUAL, ...options.patience })
  const version = await connection.word('/version', FOREVER)
  const isVersion = version !== undefined && /^\d+\.\d+[\w.+-]*$/.test(version.trim())
  return sourceOn({ connection, notice: options.notice }, isVersion ? `MLflow ${version.trim()}` : 'MLflow server')
}

/** The server itself, where an address only leads to it. Throws AppError when there is none, or it lets nobody in. */
async function find(first: ServerAddress, patience: Patience): Promise<Connection> {
  const route = '/api/2.0/mlflow/experiments/search'
  let address = first
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    // At first nobody is waited for: an address that is wrong is said at once.
    const eager = connect(address, { ...patience, waits: [] })
    try {
      const target = await eager.redirect(route, FOREVER)
      if (target === undefined) {
        await greet(eager, route)
        return connect(address, patience)
      }
      const [from, to] = [new URL(address.base), new URL(target)]
      if (!to.pathname.endsWith(route) || !mayLeadTo(from, to)) {
        throw appError('unavailable', `${from.host} sends us to ${to.origin}, which was not asked for.`, {
          hint: 'Give that address if it is the server’s own.',
        })
      }
      address = { ...address, base: to.origin + to.pathname.slice(0, -route.length) }
    } finally {
      eager.close()
    }
  }
  throw appError('unavailable', `${new URL(first.base).host} sends us in a circle.`)
}

async function greet(connection: Connection, route: string): Promise<void> {
  const answer = await connection.ask({ path: route, body: { view_type: 'ALL', max_results: 1 } }, FOREVER)
  if (answer.ok || !isAbsent(answer)) {
    if (answer.ok && typeof answer.body === 'object' && answer.body !== null) return
    const said = answer.ok ? '' : answer.message || String(answer.status)
    throw appError('unavailable', `${connection.host} does not give its experiments: ${said}`)
  }
  const list = await connection.ask({ path: '/api/2.0/mlflow/experiments/list', query: { max_results: 1 } }, FOREVER)
  if (!list.ok) throw appError('not_found', `There is no MLflow server at ${connection.base}.`, { field: 'location' })
}

function sourceOn(server: Server, era: string): ImportSource {
  const { connection } = server
  let known: readonly SourceExperiment[] | undefined
  /** Where listed runs say that their files are, so that they need not be asked for one by one. */
  const addresses = new Map<string, string | null>()
  const experiments = async (signal: AbortSignal): Promise<readonly SourceExperiment[]> =>
    (known = await readExperiments(server, signal))

  return {
    kind: 'mlflow-server',
    location: connection.base,
    era,
    experiments,
    async *runs(experiment, signal, only) {
      for await (const { run, artifacts } of readRuns(server, experiment, signal, only)) {
        addresses.set(run.id, artifacts)
        yield run
      }
    },
    // Asked for anew: a search does not tell of the models that a run used.
    async contents({ id }, signal) {
      const wire = await getRun(server, id, signal)
      if (wire === undefined) throw appError('corrupt', 'it has gone since it was listed')
      const { info, data, inputs, outputs } = wire
      return {
        params: data.params,
        tags: data.tags,
        datasets: inputs.dataset_inputs.map(({ dataset: { source_type: sourceType, ...dataset }, tags }) => ({
          ...dataset,
          sourceType,
          tags,
        })),
        models: [
          ...inputs.model_inputs.map((use) => ({ model: use.model_id, direction: 'input' as const, step: 0 })),
          ...outputs.model_outputs.map((use) => ({
            model: use.model_id,
            direction: 'output' as const,
            step: use.step,
          })),
        ],
        series: readSeries(
          server,
          id,
          data.metrics.map(({ key }) => key),
          signal,
        ),
        artifacts: await artifactsOf(server, { kind: 'run', id }, info.artifact_uri),
      }
    },
    artifacts: ({ id }) => artifactsOf(server, { kind: 'run', id }, addresses.get(id) ?? null),
    hasOtherPoints: pointCounter(server),
    loggedModels: (experiment, signal) => readLoggedModels(server, [experiment], signal),
    async modelCounts(signal) {
      const quiet: Server = { connection, notice: () => {} }
      const all = (known ?? (await experiments(signal))).map(({ id }) => id)
      let [logged, registered, versions] = [0, 0, 0]
      for await (const _ of readLoggedModels(quiet, all, signal)) logged++
      for await (const model of readRegisteredModels(quiet, signal)) {
        registered++
        versions += model.versions.length
      }
      return { logged, registered, versions }
    },
    registeredModels: (signal) => readRegisteredModels(server, signal),
    close() {
      connection.close()
      return Promise.resolve()
    },
  }
}
