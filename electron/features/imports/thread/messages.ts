import { AppError } from '#shared/rpc/app-error.ts'
import type { SourceSeries } from '../source.ts'
import type { Batch, Failure, Item, RunContents } from './protocol.ts'

/** A batch ends at so many things, points or milliseconds, whichever comes first. */
export const ITEMS = 256
export const POINTS = 65_536
export const MILLISECONDS = 50

/** True for a series among what lists are of. */
export function isSeries(item: object): item is SourceSeries {
  return 'value' in item && item.value instanceof Float64Array
}

/** The memory of columns is handed over rather than copied. */
export function buffersOf(value: unknown): ArrayBuffer[] {
  if (typeof value !== 'object' || value === null) return []
  const { items, series } = value as Partial<Batch<Item>> & Partial<RunContents>
  const buffers = (items ?? series?.items ?? [])
    .filter(isSeries)
    .flatMap(({ step, time, value: values }) => [step, time, values].map(({ buffer }) => buffer as ArrayBuffer))
  return [...new Set(buffers)]
}

/** What the thread that asked throws. */
export function failureOf(error: unknown): Failure {
  if (error instanceof AppError) {
    return { code: error.code, message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) }
  }
  // Of this one thing: the store itself is there, or it would have said so.
  return { code: 'corrupt', message: error instanceof Error ? error.message : String(error) }
}
