import type { Notes } from './notes.ts'

/**
 * What MLflow takes from its clients (`mlflow/utils/validation.py`). A SQLite database holds more, and MLflow shows it: so nothing is cut off, and
 * what would be refused elsewhere is told.
 */
const LIMITS = {
  parameter: { key: 250, value: 6_000 },
  tag: { key: 250, value: 8_000 },
  metric: { key: 250, value: Infinity },
  'experiment tag': { key: 250, value: 5_000 },
  "model's parameter": { key: 250, value: 6_000 },
  "model's tag": { key: 250, value: 8_000 },
  'dataset name': { key: 500, value: Infinity },
  'dataset digest': { key: 36, value: Infinity },
  'experiment name': { key: 500, value: Infinity },
} as const

const NAMES = new Set<keyof typeof LIMITS>(['dataset name', 'dataset digest', 'experiment name'])

/** Tells a key or value that MLflow would not take; `owner` says whose it is. */
export function noteLimits(notes: Notes, owner: string, kind: keyof typeof LIMITS, key: string, value = ''): void {
  const limit = LIMITS[kind]
  const what = `${owner}, ${kind} ${key.length > 80 ? `${key.slice(0, 80)}…` : key}`
  if (Array.from(key).length > limit.key)
    notes.add(what, `It is longer than the ${limit.key} characters that MLflow takes. It was written whole.`)
  if (!NAMES.has(kind) && !isPlainKey(key))
    notes.add(what, 'MLflow takes letters, digits and _ / . - : in such a name. It was written as it is.')
  if (value.length > limit.value)
    notes.add(
      what,
      `It is longer than the ${limit.value.toLocaleString('en')} characters that MLflow takes. It was written whole.`,
    )
}

/** Letters, digits, `_ / . - :` and blanks, in a path that is its own normal form (`_validate_metric_name` and its like). */
function isPlainKey(key: string): boolean {
  if (!/^[/\p{L}\p{N}_.\- :]+$/u.test(key)) return false
  return key === '/' || !key.split('/').some((part) => part === '' || part === '.' || part === '..')
}
