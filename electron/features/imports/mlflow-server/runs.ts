import { hash } from 'node:crypto'
import type { RunStatus } from '#shared/contract/common.ts'
import { AppError, appError } from '#shared/rpc/errors.ts'
import type { SourceRun } from '../source.ts'
import { bodyOf, inText, isAbsent, listed, type Server } from './pages.ts'
import { WireRun } from './wire.ts'

const ID = /^[a-zA-Z0-9][\w-]{0,255}$/
const STATUS: Readonly<Record<string, RunStatus>> = {
  RUNNING: 'running',
  SCHEDULED: 'queued',
  FINISHED: 'finished',
  FAILED: 'failed',
  KILLED: 'killed',
}
/** Runs a page: with two hundred parameters and metrics each, some 10 MiB. Where an answer is too large, the list begins again with fewer. */
const PAGES = [500, 50, 5] as const
/** Up to so many runs are asked for one by one rather than by looking through all. */
const FEW = 50

/** A run, and where it says that its files are. */
export type ListedRun = { readonly run: SourceRun; readonly artifacts: string | null }

/** Runs of an experiment by their start, each once. With `only`, of these ids alone. */
export async function* readRuns(
  server: Server,
  experiment: string,
  signal: AbortSignal,
  only?: ReadonlySet<string>,
): AsyncGenerator<ListedRun> {
  if (only !== undefined && only.size <= FEW) return yield* readSome(server, experiment, only, signal)
  const seen = new Set<string>()
  for (const [turn, size] of PAGES.entries()) {
    try {
      for await (const wire of listed(server, search(experiment, size), signal)) {
        const run = runOf(server, wire, experiment)
        if (run === undefined || seen.has(run.id) || only?.has(run.id) === false) continue
        seen.add(run.id)
        yield { run, artifacts: wire.info.artifact_uri }
      }
      return
    } catch (error) {
      const isLast = turn === PAGES.length - 1
      if (!(error instanceof AppError) || error.code !== 'too_large' || isLast) throw error
    }
  }
}

function search(experiment: string, size: number) {
  const ask = (token: string | undefined) => ({
    path: '/api/2.0/mlflow/runs/search',
    body: {
      experiment_ids: [experiment],
      run_view_type: 'ALL',
      max_results: size,
      order_by: ['attributes.start_time ASC'],
      ...(token === undefined ? {} : { page_token: token }),
    },
  })
  return { what: `runs of experiment ${experiment}`, ask, field: 'runs', item: WireRun }
}

async function* readSome(
  server: Server,
  experiment: string,
  only: ReadonlySet<string>,
  signal: AbortSignal,
): AsyncGenerator<ListedRun> {
  const found: ListedRun[] = []
  for (const id of only) {
    const wire = await getRun(server, id, signal)
    const run = wire === undefined ? undefined : runOf(server, wire, experiment)
    if (run !== undefined) found.push({ run, artifacts: wire?.info.artifact_uri ?? null })
  }
  const start = ({ run }: ListedRun): number | bigint => run.startedAt ?? Infinity
  yield* found.toSorted((a, b) => (start(a) === start(b) ? 0 : start(a) < start(b) ? -1 : 1))
}

/** A run as it is now; undefined when the server has none of that id. Throws AppError `corrupt` when its answer can't be read. */
export async function getRun(server: Server, id: string, signal: AbortSignal): Promise<WireRun | undefined> {
  const ask = { path: '/api/2.0/mlflow/runs/get', query: { run_id: id, run_uuid: id } }
  const answer = await server.connection.ask(ask, signal)
  if (isAbsent(answer)) return undefined
  const read = WireRun.safeParse(bodyOf(answer, server.connection, `run ${id}`)['run'])
  if (read.success) return read.data
  throw appError('corrupt', `The server gives run ${id} in a form that is not MLflow’s.`)
}

function runOf({ notice }: Server, wire: WireRun, experiment: string): SourceRun | undefined {
  const { info } = wire
  const id = info.run_id ?? info.run_uuid ?? ''
  if (!ID.test(id) || info.experiment_id !== experiment) {
    const why = ID.test(id) ? `it is of experiment ${info.experiment_id}` : 'its id is none of MLflow’s'
    notice({ kind: 'skipped', what: `run ${id.slice(0, 64)}`, why })
    return undefined
  }
  const tag = (key: string): string | null => wire.data.tags.find((one) => one.key === key)?.value || null
  const known = STATUS[info.status ?? 'RUNNING']
  if (known === undefined) {
    notice({ kind: 'changed', what: `run ${id}`, why: `its status “${info.status}” is none of MLflow's` })
  }
  return {
    id,
    experiment,
    name: info.run_name || info.name || tag('mlflow.runName'),
    status: known ?? (info.end_time === null ? 'running' : 'finished'),
    deleted: info.lifecycle_stage === 'deleted',
    deletedAt: null,
    startedAt: info.start_time || null,
    // MLflow of old wrote 0 for a run that has not ended.
    endedAt: info.end_time || null,
    user: info.user_id || tag('mlflow.user'),
    fingerprint: fingerprintOf(wire),
  }
}

/**
 * Of all that a search tells: state, parameters, tags, datasets, models that it made, and the latest point of each metric. A point that comes late, before
 * the latest step, changes none of these: `pointCounter` finds it.
 */
function fingerprintOf({ info, data, inputs, outputs }: WireRun): string {
  const sorted = (lines: readonly (readonly unknown[])[]): readonly string[] =>
    lines.map((line) => line.map(String).join('\0')).toSorted()
  const parts = [
    [info.run_name, info.status, info.start_time, info.end_time, info.lifecycle_stage, info.artifact_uri, info.user_id],
    sorted(data.params.map(({ key, value }) => [key, value])),
    sorted(data.tags.map(({ key, value }) => [key, value])),
    sorted(data.metrics.map(({ key, value, timestamp, step }) => [key, value, timestamp, step])),
    sorted(inputs.dataset_inputs.map(({ dataset, tags }) => [dataset.name, dataset.digest, JSON.stringify(tags)])),
    sorted(outputs.model_outputs.map(({ model_id, step }) => [model_id, step])),
  ]
  return hash('sha1', inText(parts))
}
