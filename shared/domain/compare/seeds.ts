/** A parameter that only chooses the random numbers: `seed`, `random_state`, `data.seed`, `--np-seed`. */
export function isSeedName(key: string): boolean {
  const last = key.split(/[./]/).at(-1)?.toLowerCase().replaceAll('-', '_') ?? ''
  return (
    /^(?:.*_)?(?:seed|random_state|random_seed|rng|rng_seed|manual_seed|fold)(?:_\d+)?$/.test(last) && last !== 'n_fold'
  )
}

/** Words of a parameter that are equal as numbers are one: `1e-3` and `0.001`, `1` and `1.0`. */
export function sameValue(a: string, b: string): boolean {
  if (a === b) return true
  if (a.trim() === '' || b.trim() === '') return false
  const [x, y] = [Number(a), Number(b)]
  return !Number.isNaN(x) && x === y
}

/** One spelling of a value for comparison: a number's own, else the text. */
export function canonicalValue(value: string): string {
  const number = value.trim() === '' ? Number.NaN : Number(value)
  return Number.isNaN(number) ? value : String(number)
}

/**
 * The key of the group that a run belongs to when runs are "equal in everything but their seed": what it ran and its
 * parameters, without the seeds.
 */
export function seedGroupKey(
  script: string | null,
  experiment: string,
  params: Iterable<readonly [key: string, value: string]>,
): string {
  const kept = [...params].filter(([key]) => !isSeedName(key)).map(([key, value]) => [key, canonicalValue(value)])
  kept.sort(([a = ''], [b = '']) => (a < b ? -1 : a > b ? 1 : 0))
  return JSON.stringify([script, experiment, kept])
}
