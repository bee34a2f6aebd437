export type Chance = {
  /** What to set BENCHTOP_KILL_SEED to, for the same choices again. */
  readonly seed: number
  /** A number in [0, 1). */
  readonly next: () => number
  readonly between: (from: number, to: number) => number
}

/** Choices that can be made again (Mulberry32). The seed is printed, for it is all that tells one failing run from another. */
export function openChance(what: string): Chance {
  const given = process.env['BENCHTOP_KILL_SEED']
  const seed = given === undefined ? Date.now() % 2 ** 31 : Number(given)
  process.stdout.write(`${what}: BENCHTOP_KILL_SEED=${seed}\n`)
  let state = seed | 0
  const next = (): number => {
    state = (state + 0x6d2b_79f5) | 0
    let word = Math.imul(state ^ (state >>> 15), state | 1)
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61)
    return ((word ^ (word >>> 14)) >>> 0) / 4_294_967_296
  }
  return { seed, next, between: (from, to) => from + next() * (to - from) }
}

export function after(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
