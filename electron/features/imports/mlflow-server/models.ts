import { hash } from 'node:crypto'
import type { z } from 'zod'
import type { Stage } from '#electron/features/models/index.ts'
import type { SourceLoggedModel, SourceModelVersion, SourceRegisteredModel } from '../source.ts'
import { artifactsOf } from './files.ts'
import { isAbsent, listed, type Server } from './pages.ts'
import { moreOf, nearOf, WireModel, WireRegistered, WireVersion } from './wire.ts'

const STATUS: Readonly<Record<string, SourceLoggedModel['status']>> = {
  LOGGED_MODEL_PENDING: 'pending',
  LOGGED_MODEL_READY: 'ready',
  LOGGED_MODEL_UPLOAD_FAILED: 'failed',
  1: 'pending',
  2: 'ready',
  3: 'failed',
}
const STAGES: Readonly<Record<string, Stage>> = {
  none: 'none',
  staging: 'staging',
  production: 'production',
  archived: 'archived',
}

/** Logged models of experiments; none where the server is older than MLflow 3. Those that were deleted are not told by any server. */
export async function* readLoggedModels(
  server: Server,
  experiments: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<SourceLoggedModel> {
  const seen = new Set<string>()
  const ask = (token: string | undefined) => ({
    path: '/api/2.0/mlflow/logged-models/search',
    body: { experiment_ids: experiments, max_results: 100, ...(token === undefined ? {} : { page_token: token }) },
  })
  const options = { what: 'logged models', ask, field: 'models', item: WireModel, refused: isAbsent }
  if (experiments.length === 0) return
  for await (const wire of listed(server, options, signal)) {
    const { info } = wire
    if (seen.has(info.model_id) || !experiments.includes(info.experiment_id)) continue
    seen.add(info.model_id)
    yield await loggedModelOf(server, wire)
  }
}

async function loggedModelOf(server: Server, wire: WireModel): Promise<SourceLoggedModel> {
  const { info, data } = wire
  return {
    id: info.model_id,
    experiment: info.experiment_id,
    name: info.name,
    type: info.model_type || null,
    status: STATUS[info.status ?? ''] ?? 'ready',
    statusMessage: info.status_message || null,
    sourceRun: info.source_run_id || null,
    lifecycle: 'active',
    createdAt: info.creation_timestamp_ms ?? 0,
    updatedAt: info.last_updated_timestamp_ms ?? info.creation_timestamp_ms ?? 0,
    params: data.params,
    tags: info.tags,
    metrics: data.metrics.map((metric) => {
      const rest = { step: moreOf(metric.step), time: moreOf(metric.timestamp) }
      return {
        key: metric.key,
        value: metric.value,
        time: nearOf(metric.timestamp),
        step: nearOf(metric.step),
        ...(rest.step === 0 && rest.time === 0 ? {} : { rest }),
        run: metric.run_id ?? info.source_run_id ?? '',
        datasetName: metric.dataset_name || null,
        datasetDigest: metric.dataset_digest || null,
      }
    }),
    artifacts: await artifactsOf(server, { kind: 'model', id: info.model_id }, info.artifact_uri),
    // Words of numbers: JSON knows no NaN.
    fingerprint: hash(
      'sha1',
      JSON.stringify(wire, (_, value: unknown) =>
        typeof value === 'number' || typeof value === 'bigint' ? String(value) : value,
      ),
    ),
  }
}

/** Which models are prompts: a search tells either these, or all others. */
const PROMPTS = "tags.`mlflow.prompt.is_prompt` = 'true'"

/** Registered models, prompts after them, with their versions by number; none where the server keeps no registry. */
export async function* readRegisteredModels(
  server: Server,
  signal: AbortSignal,
): AsyncGenerator<SourceRegisteredModel> {
  const seen = new Set<string>()
  for (const filter of [undefined, PROMPTS]) {
    const ask = (token: string | undefined) => ({
      path: '/api/2.0/mlflow/registered-models/search',
      query: { filter, max_results: 1_000, page_token: token },
    })
    // Those who know no prompts may not know such a filter either.
    const refused = filter === undefined ? hasNoRegistry : () => true
    const options = { what: 'registered models', ask, field: 'registered_models', item: WireRegistered, refused }
    for await (const model of listed(server, options, signal)) {
      if (seen.has(model.name)) continue
      seen.add(model.name)
      yield await registeredOf(server, model, filter, signal)
    }
  }
}

async function registeredOf(
  server: Server,
  model: z.infer<typeof WireRegistered>,
  filter: string | undefined,
  signal: AbortSignal,
): Promise<SourceRegisteredModel> {
  const versions: SourceModelVersion[] = []
  for await (const version of readVersions(server, model.name, filter, signal)) versions.push(version)
  const numbers = new Set(versions.map(({ version }) => version))
  const created = model.creation_timestamp ?? 0
  return {
    name: model.name,
    description: model.description ?? '',
    createdAt: created,
    updatedAt: model.last_updated_timestamp ?? created,
    tags: model.tags,
    aliases: model.aliases.filter(({ version }) => numbers.has(version)),
    versions: versions.toSorted((a, b) => a.version - b.version),
  }
}

/** A server on a folder of files has none before MLflow 2, and says so with a 500. */
function hasNoRegistry(answer: Parameters<typeof isAbsent>[0]): boolean {
  return isAbsent(answer) || (!answer.ok && /registry/i.test(answer.message) && answer.status >= 500)
}

async function* readVersions(
  server: Server,
  name: string,
  more: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<SourceModelVersion> {
  const quote = name.includes("'") ? '"' : "'"
  const ask = (token: string | undefined) => ({
    path: '/api/2.0/mlflow/model-versions/search',
    query: {
      filter: `name=${quote}${name}${quote}${more === undefined ? '' : ` AND ${more}`}`,
      max_results: 1_000,
      page_token: token,
    },
  })
  const what = `versions of model ${name}`
  const seen = new Set<number>()
  for await (const one of listed(server, { what, ask, field: 'model_versions', item: WireVersion }, signal)) {
    if (one.name !== name || seen.has(one.version) || !Number.isSafeInteger(one.version) || one.version < 1) continue
    seen.add(one.version)
    const source = one.source ?? ''
    const created = one.creation_timestamp ?? 0
    yield {
      version: one.version,
      description: one.description || null,
      stage: STAGES[(one.current_stage ?? 'None').toLowerCase()] ?? 'none',
      source,
      storageLocation: await storageOf(server, name, one.version, signal),
      run: one.run_id || null,
      runLink: one.run_link ?? '',
      loggedModel: one.model_id || (/^models:\/(m-[\w-]+)$/.exec(source)?.[1] ?? null),
      user: one.user_id || null,
      createdAt: created,
      updatedAt: one.last_updated_timestamp ?? created,
      tags: one.tags,
    }
  }
}

async function storageOf(server: Server, name: string, version: number, signal: AbortSignal): Promise<string | null> {
  const ask = { path: '/api/2.0/mlflow/model-versions/get-download-uri', query: { name, version } }
  const answer = await server.connection.ask(ask, signal)
  const uri = answer.ok ? (answer.body as { artifact_uri?: unknown } | null)?.artifact_uri : undefined
  return typeof uri === 'string' && uri !== '' ? uri : null
}
