import { z } from 'zod'
import { EMPTY_LOG_STATE, type LogState } from '#shared/domain/log-metrics/state.ts'
import type { Sample } from '#electron/shim/work-folder.ts'

/** How far a launch's files were read for points, and what must be known to go on. Stored in the transaction of the points themselves. */
export type ReaderState = {
  /** Bytes of each stream whose lines were read. */
  readonly out: number
  readonly err: number
  readonly parser: LogState
  readonly samples: { readonly offset: number; readonly count: number; readonly last: Sample | null }
}

export const NOTHING_READ: ReaderState = {
  out: 0,
  err: 0,
  parser: EMPTY_LOG_STATE,
  samples: { offset: 0, count: 0, last: null },
}

const Stored = z.object({
  out: z.number(),
  err: z.number(),
  parser: z.record(z.string(), z.unknown()),
  samples: z.object({ offset: z.number(), count: z.number(), last: z.unknown() }),
})

/** Numbers that JSON lacks, Maps and Sets are written as text and as lists. */
export function writeReaderState(state: ReaderState): string {
  return JSON.stringify(state, (_, value: unknown) => {
    if (value instanceof Map) return { $map: [...value] }
    if (value instanceof Set) return { $set: [...value] }
    return typeof value === 'number' && !Number.isFinite(value) ? { $number: String(value) } : value
  })
}

/** The stored state; what is damaged, or was written by a version that kept other things, counts as nothing read. */
export function readReaderState(text: string | null): ReaderState {
  if (text === null) return NOTHING_READ
  try {
    const stored = Stored.parse(
      JSON.parse(text, (_, value: unknown) => {
        if (typeof value !== 'object' || value === null) return value
        if ('$map' in value) return new Map(value.$map as [unknown, unknown][])
        if ('$set' in value) return new Set(value.$set as unknown[])
        return '$number' in value ? Number(value.$number) : value
      }),
    )
    const parser = { ...EMPTY_LOG_STATE, ...stored.parser }
    if (!isOfKind(parser, EMPTY_LOG_STATE)) return { ...NOTHING_READ, out: stored.out, err: stored.err }
    return { ...stored, parser, samples: { ...stored.samples, last: stored.samples.last as Sample | null } }
  } catch {
    return NOTHING_READ
  }
}

/** True when the fields that hold collections hold collections of the same kind. */
function isOfKind(state: LogState, kind: LogState): boolean {
  return Object.entries(kind).every(([name, value]) => {
    const found = (state as unknown as Readonly<Record<string, unknown>>)[name]
    if (value instanceof Map) return found instanceof Map
    return !(value instanceof Set) || found instanceof Set
  })
}
