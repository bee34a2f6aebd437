import { randomBytes } from 'node:crypto'

/** Sources of ids, so that tests can foresee them. */
export type Ids = {
  /** 32 hexadecimal digits, as MLflow names runs. */
  readonly run: () => string
  /** `m-` and 32 hexadecimal digits. */
  readonly model: () => string
  /** 18 decimal digits, as MLflow's file store names experiments; never a JS number. */
  readonly experiment: () => string
  /** 12 hexadecimal digits for launches and log entries. */
  readonly short: () => string
}

export const randomIds: Ids = {
  run: () => randomBytes(16).toString('hex'),
  model: () => `m-${randomBytes(16).toString('hex')}`,
  experiment: () =>
    ((randomBytes(8).readBigUInt64BE() % 900_000_000_000_000_000n) + 100_000_000_000_000_000n).toString(),
  short: () => randomBytes(6).toString('hex'),
}
