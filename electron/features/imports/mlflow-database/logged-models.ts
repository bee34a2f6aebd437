import { hash } from 'node:crypto'
import type { ForeignReader, Row } from '#electron/db/foreign/connection.ts'
import { restOf } from '#shared/lib/whole-number.ts'
import type { LoggedModelRecord, ModelMetric } from '#electron/features/models/index.ts'
import type { SourceLoggedModel } from '../source.ts'
import { numberOf, textOf, timeOf, valueOf, wordOf } from './cells.ts'
import type { Listing } from './listing.ts'
import { pairsIn } from './pairs.ts'
import { loggedModelAt, modelMetricsOf, pairsOf } from './queries.ts'
import type { Reading } from './reading.ts'

const PAGE = 50

/** `LoggedModelStatus` of MLflow, by its number; 0 is not specified. */
const STATUSES: readonly LoggedModelRecord['status'][] = ['pending', 'pending', 'ready', 'failed']

type Found = {
  readonly row: Row
  readonly params: readonly Row[]
  readonly tags: readonly Row[]
  readonly metrics: readonly Row[]
}

/** Oldest first, deleted ones too. */
export async function* loggedModelsOf(
  reading: Reading,
  listing: Listing,
  experiment: string,
  signal: AbortSignal,
): AsyncGenerator<SourceLoggedModel> {
  const places = await listing.of(reading, experiment, signal)
  for (let start = 0; start < places.length; start += PAGE) {
    signal.throwIfAborted()
    const page = places.slice(start, start + PAGE)
    const work = (db: ForeignReader): readonly Found[] => page.flatMap(({ row, id }) => find(db, row, id))
    for (const found of await reading.read(work, signal)) yield await modelIn(reading, found, experiment)
    await reading.breathe()
  }
}

function find(db: ForeignReader, place: number, id: string): readonly Found[] {
  const row = loggedModelAt(db, place)
  if (row === undefined || textOf(row[0]) !== id) return []
  return [
    {
      row,
      params: pairsOf(db, 'logged_model_params', ['model_id', 'param_key', 'param_value'], id),
      tags: pairsOf(db, 'logged_model_tags', ['model_id', 'tag_key', 'tag_value'], id),
      metrics: modelMetricsOf(db, id),
    },
  ]
}

async function modelIn(reading: Reading, found: Found, experiment: string): Promise<SourceLoggedModel> {
  const [idCell, name, location, createdAt, updatedAt, status, lifecycle, type, run, message] = found.row
  const id = textOf(idCell) ?? ''
  const created = timeOf(createdAt) ?? timeOf(updatedAt) ?? 0
  const metrics = found.metrics.flatMap(metricIn)
  if (metrics.length < found.metrics.length)
    reading.notice({
      kind: 'skipped',
      what: `metrics of model ${id}`,
      why: `${found.metrics.length - metrics.length} have no name or no numbers.`,
    })
  return {
    id,
    experiment,
    name: textOf(name) ?? '',
    type: wordOf(type),
    status: STATUSES[numberOf(status) ?? 0] ?? 'pending',
    statusMessage: wordOf(message),
    sourceRun: wordOf(run),
    lifecycle: textOf(lifecycle) === 'deleted' ? 'deleted' : 'active',
    createdAt: created,
    updatedAt: timeOf(updatedAt) ?? created,
    params: pairsIn(found.params),
    tags: pairsIn(found.tags),
    metrics,
    artifacts: await reading.places.find({
      recorded: textOf(location),
      experiment,
      own: ['models', id, 'artifacts'],
      expected: numberOf(status) === 2,
    }),
    fingerprint: hash('sha1', JSON.stringify(found)),
  }
}

function metricIn([name, time, step, value, run, datasetName, datasetDigest]: Row): readonly ModelMetric[] {
  const key = wordOf(name)
  const number = valueOf(value)
  if (key === null || number === undefined) return []
  const metric = {
    key,
    value: number,
    time: Math.trunc(numberOf(time) ?? 0),
    step: numberOf(step) ?? 0,
    run: textOf(run) ?? '',
    datasetName: wordOf(datasetName),
    datasetDigest: wordOf(datasetDigest),
  }
  const rest = { step: restOf(textOf(step) ?? '', metric.step), time: restOf(textOf(time) ?? '', metric.time) }
  return [rest.step === 0 && rest.time === 0 ? metric : { ...metric, rest }]
}
