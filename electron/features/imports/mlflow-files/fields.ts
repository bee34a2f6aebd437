import { wholeOf } from '#shared/lib/whole-number.ts'
import type { Meta } from './meta.ts'
import type { Pair } from '#electron/features/models/index.ts'

/** A field that is a word; null when it is missing or something else. */
export function textOf(meta: Meta, key: string): string | null {
  const value = meta.get(key)
  return typeof value === 'string' ? value : null
}

/** The first of several names under which MLflow's ages kept a word; null when it is empty everywhere. */
export function wordOf(meta: Meta, ...keys: readonly string[]): string | null {
  for (const key of keys) {
    const value = textOf(meta, key)
    if (value !== null && value !== '') return value
  }
  return null
}

/** A whole number; null when there is none, or one that JavaScript can't hold. */
export function integerOf(meta: Meta, key: string): number | null {
  const text = textOf(meta, key)
  if (text === null || !/^[+-]?\d{1,16}(\.0+)?$/.test(text)) return null
  const number = Number(text)
  return Number.isSafeInteger(number) ? number : null
}

/** A whole number of at most 64 bits, a bigint where a double would round it; null when there is none. */
export function exactOf(meta: Meta, key: string): number | bigint | null {
  return wholeOf(textOf(meta, key)?.replace(/\.0+$/, '') ?? '') ?? null
}

/** Milliseconds since 1970, as far as a Date goes. */
export function timeOf(meta: Meta, key: string): number | null {
  const time = integerOf(meta, key)
  return time !== null && time >= 0 && time <= 8.64e15 ? time : null
}

/** A mapping of words as pairs: the tags of an input. */
export function pairsOf(meta: Meta, key: string): readonly Pair[] {
  const value = meta.get(key)
  if (!(value instanceof Map)) return []
  return [...(value as Meta)].flatMap(([name, word]) =>
    typeof word === 'string' || word === null ? [{ key: name, value: word ?? '' }] : [],
  )
}
