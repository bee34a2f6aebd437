import { readdir } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { isWide, joinWhole } from '#shared/lib/whole-number.ts'
import type { ImportSource, SourceArtifacts } from '#electron/features/imports/source.ts'

const STATUS: Readonly<Record<string, string>> = {
  queued: 'SCHEDULED',
  running: 'RUNNING',
  finished: 'FINISHED',
  failed: 'FAILED',
  killed: 'KILLED',
}

export type WholeRun = Awaited<ReturnType<typeof readRun>>
type Pairs = readonly { readonly key: string; readonly value: string }[]

/** All that a source gives, in the form in which `scripts/read_store.py` prints what the real MLflow reads. */
export async function readWhole(source: ImportSource) {
  const { signal } = new AbortController()
  const experiments: Record<string, unknown> = {}
  const runs: Record<string, WholeRun> = {}
  const logged: Record<string, unknown> = {}
  for (const experiment of await source.experiments(signal)) {
    experiments[experiment.id] = {
      name: experiment.name,
      deleted: experiment.deleted,
      location: experiment.artifactLocation,
      createdAt: experiment.createdAt,
      tags: record(experiment.tags),
    }
    Object.assign(runs, await readRuns(source, experiment.id, signal))
    for await (const model of source.loggedModels(experiment.id, signal))
      // The real one doesn't find deleted ones.
      if (model.lifecycle === 'active')
        logged[model.id] = {
          name: model.name,
          experiment: model.experiment,
          type: model.type,
          status: model.status,
          run: model.sourceRun,
          createdAt: model.createdAt,
          updatedAt: model.updatedAt,
          params: record(model.params),
          tags: record(model.tags),
          metrics: model.metrics
            .map(({ key, time, step, rest, value, run, datasetName, datasetDigest }) => [
              ...[key, wholeWord(time, rest?.time), wholeWord(step, rest?.step), worded(value)],
              ...[run, datasetName, datasetDigest],
            ])
            .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
        }
  }
  return { experiments, runs, logged, registered: await readRegistered(source, signal) }
}

/** A number beyond 2^53 as a word. */
const wholeWord = (near: number, rest = 0): number | string => (isWide(near) ? String(joinWhole(near, rest)) : near)

const exactWord = <T>(number: T | bigint): T | string => (typeof number === 'bigint' ? String(number) : (number as T))

async function readRuns(source: ImportSource, experiment: string, signal: AbortSignal) {
  const runs: Record<string, WholeRun> = {}
  for await (const run of source.runs(experiment, signal)) runs[run.id] = await readRun(source, run, signal)
  return runs
}

async function readRun(source: ImportSource, run: Parameters<ImportSource['contents']>[0], signal: AbortSignal) {
  const contents = await source.contents(run, signal)
  const points: Record<string, (number | string)[][]> = {}
  for await (const { key, step, time, value, rest } of contents.series)
    points[key] = Array.from(value, (one, at) => [
      wholeWord(step[at] ?? 0, rest?.step[at]),
      wholeWord(time[at] ?? 0, rest?.time[at]),
      worded(one),
    ])
  return {
    name: run.name,
    experiment: run.experiment,
    status: STATUS[run.status] ?? run.status,
    deleted: run.deleted,
    startedAt: exactWord(run.startedAt),
    endedAt: exactWord(run.endedAt),
    user: run.user,
    params: record(contents.params),
    tags: record(contents.tags),
    points,
    datasets: contents.datasets
      .map((one) => ({ ...one, tags: record(one.tags) }))
      .toSorted((a, b) => (JSON.stringify([a.name, a.digest]) < JSON.stringify([b.name, b.digest]) ? -1 : 1)),
    models: contents.models
      .map(({ direction, model, step }) => [direction, model, exactWord(step)])
      .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
    files: await filesOf(contents.artifacts, signal),
  }
}

async function readRegistered(source: ImportSource, signal: AbortSignal) {
  const registered: Record<string, unknown> = {}
  for await (const model of source.registeredModels(signal))
    registered[model.name] = {
      description: model.description,
      createdAt: model.createdAt,
      updatedAt: model.updatedAt,
      tags: record(model.tags),
      aliases: Object.fromEntries(model.aliases.map(({ alias, version }) => [alias, version])),
      versions: Object.fromEntries(
        model.versions.map((one) => [
          String(one.version),
          {
            description: one.description,
            stage: one.stage,
            source: one.source,
            download: one.storageLocation ?? one.source,
            run: one.run,
            createdAt: one.createdAt,
            updatedAt: one.updatedAt,
            tags: record(one.tags),
          },
        ]),
      ),
    }
  return registered
}

/** Paths with `/`; empty where there is no folder. */
async function filesOf(artifacts: SourceArtifacts, signal: AbortSignal): Promise<readonly string[]> {
  if (artifacts.at === 'server') {
    const found: string[] = []
    for await (const { path } of artifacts.files.list(signal)) found.push(path)
    return found.toSorted()
  }
  if (artifacts.at !== 'folder') return []
  const entries = await readdir(artifacts.path, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(artifacts.path, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .toSorted()
}

function record(pairs: Pairs): Record<string, string> {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, value]))
}

/** JSON has no word for a number that is not finite. */
function worded(value: number): number | string {
  return Number.isFinite(value) ? value : String(value)
}

/** The tag of prompts. */
export const PROMPT = 'mlflow.prompt.is_prompt'

/**
 * The same where words for nothing are nothing, and aliases point to numbers: stores and clients of MLflow differ in both. And without the tag of
 * prompts, which the real ones hide.
 */
export function loosened<W extends Pick<Awaited<ReturnType<typeof readWhole>>, 'logged' | 'registered'>>(whole: W): W {
  const text = JSON.stringify(whole, (key, value: unknown) => {
    if ((key === 'description' || key === 'type') && value === '') return null
    if (key === PROMPT) return undefined
    if (key !== 'aliases') return value
    return Object.fromEntries(Object.entries(value as object).map(([alias, version]) => [alias, Number(version)]))
  })
  return JSON.parse(text) as W
}
