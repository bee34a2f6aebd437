import type { MetricPoint } from '#electron/features/runs/index.ts'
import { invalid } from './errors.ts'
import { isRounded } from '#shared/lib/whole-json.ts'
import { isWide, joinWhole } from '#shared/lib/whole-number.ts'
import { absent, type Fields, objects, optionalText, text, wireNumber, wrong } from './fields.ts'
import { checkKey, checkLength, isPlainKey, LIMITS } from './validation.ts'
import { optionalMoment, optionalWhole } from './whole-numbers.ts'

/**
 * The points of a batch. Nearly all are plain numbers under plain keys, which one look settles: this is the hot path of ingest. Those with a number that
 * JSON's reading rounded are taken from `exactly`, which gives the request once more.
 */
export function pointsIn(metrics: readonly Fields[], exactly: () => Fields): readonly MetricPoint[] {
  let exact: readonly Fields[] | undefined
  return metrics.map((fields, index) => {
    const plain = plainPoint(fields)
    if (plain !== undefined) return plain
    if (hasRounded(fields)) exact ??= objects(exactly(), 'metrics')
    return pointIn(exact?.[index] ?? fields, `metrics[${index}]`)
  })
}

/** Whether a point's step or time is a number that JSON's reading may have rounded. */
export function hasRounded({ step, timestamp }: Fields): boolean {
  return isRounded(step) || isRounded(timestamp)
}

/** A point where nothing has to be converted or refused. */
function plainPoint(fields: Fields): MetricPoint | undefined {
  const { key, value, timestamp, step } = fields
  if (typeof key !== 'string' || typeof value !== 'number' || typeof timestamp !== 'number') return undefined
  if (key.length > LIMITS.key || !isPlainKey(key) || timestamp < 0 || !Number.isSafeInteger(timestamp)) return undefined
  if (step === undefined) return { key, value, time: timestamp, step: 0 }
  return typeof step === 'number' && Number.isSafeInteger(step) ? { key, value, time: timestamp, step } : undefined
}

/** A point of a request; `path` is where it stands there: `metrics[3]`, or nothing. */
export function pointIn(fields: Fields, path: string): MetricPoint {
  const at = (name: string): string => (path === '' ? name : `${path}.${name}`)
  const key = text(fields, 'key', at('key'))
  const given = fields['value']
  if (given === undefined || given === null || given === '') throw absent(at('value'))
  const time = optionalMoment(fields, 'timestamp', at('timestamp'))
  if (time === undefined) throw absent(at('timestamp'))
  const value = wireNumber(given)
  if (value === undefined) throw wrong(at('value'), given)
  const step = optionalWhole(fields, 'step', at('step')) ?? { near: 0, rest: 0 }
  checkKey(key, at('name'))
  if (time.near < 0) {
    const moment = isWide(time.near) ? joinWhole(time.near, time.rest) : time.near
    const shown = Number.isInteger(value) ? `${value}.0` : value
    throw invalid(
      `Invalid value ${moment} for parameter '${at('timestamp')}' supplied: metric '${key}' (value=${shown}). Timestamp must be a nonnegative long (64-bit integer) `,
    )
  }
  checkLength(key, LIMITS.key, 'Metric name')
  const point = { key, value, time: time.near, step: step.near }
  return step.rest === 0 && time.rest === 0 ? point : { ...point, rest: { step: step.rest, time: time.rest } }
}

export type ModelPoint = MetricPoint & {
  readonly model: string
  readonly datasetName: string | null
  readonly datasetDigest: string | null
}

/** Points that name a logged model are its own too. Throws for one that says half of which dataset it was measured on. */
export function modelPointsIn(metrics: readonly Fields[], points: readonly MetricPoint[]): readonly ModelPoint[] {
  if (metrics.every(isOfRunAlone)) return []
  return metrics.flatMap((fields, index) => {
    const model = optionalText(fields, 'model_id')
    const datasetName = optionalText(fields, 'dataset_name') || null
    const datasetDigest = optionalText(fields, 'dataset_digest') || null
    if ((datasetName === null) !== (datasetDigest === null))
      throw invalid('Both dataset_name and dataset_digest must be provided if one is provided')
    const point = points[index]
    if (model === undefined || model === '' || point === undefined) return []
    return [{ ...point, model, datasetName, datasetDigest }]
  })
}

function isOfRunAlone({ model_id: model, dataset_name: name, dataset_digest: digest }: Fields): boolean {
  return model === undefined && name === undefined && digest === undefined
}
