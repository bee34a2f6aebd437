/** `seed`, `random_state`, `train.rng_seed`, `PYTHONHASHSEED`. */
const SEED = /(?:^|[^a-z])(?:seed|random[_-]?state|seed_everything|pythonhashseed)$/i
/** `randomSeed`, `trainRandomState`. */
const CAMEL_SEED = /[a-z0-9](?:Seed|RandomState)$/

/** True for a parameter that only says where chance began: not for `seedling` or `seeded_layers`. */
export function isSeedKey(key: string): boolean {
  return SEED.test(key) || CAMEL_SEED.test(key)
}
