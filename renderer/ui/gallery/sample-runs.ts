/** Invented but consistent runs, the same in every picture: a churn project's encoding study. */
export interface SampleRun {
  readonly name: string
  readonly seeds: string
  readonly state: 'done' | 'live' | 'bad'
  readonly auc: number
  readonly sd: number | null
  readonly loss: number
  readonly leaves: number | null
  readonly lr: number | null
  readonly encoding: string
  readonly number: number
  readonly shown: boolean
  readonly trend: readonly number[]
}

/** Deterministic noise: mulberry32, and a normal deviate by Box and Muller. */
export const noise = (seed: number): (() => number) => {
  let state = seed >>> 0
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  return () => Math.sqrt(-2 * Math.log(uniform() + 1e-12)) * Math.cos(2 * Math.PI * uniform())
}

/** A metric that rises, wanders, and falls again when it overfits. */
export const curve = (
  seed: number,
  peak: number,
  rise: number,
  turn: number,
  fall: number,
  steps: number,
): readonly (readonly [number, number])[] => {
  const normal = noise(seed)
  const points: (readonly [number, number])[] = []
  let wander = 0
  for (let step = 1; step <= steps; step += 3) {
    wander = wander * 0.9 + normal() * 0.1
    const over = step > turn ? ((fall * (step - turn)) / 100) * Math.min(1, (step - turn) / 60) : 0
    points.push([step, peak - 0.034 * Math.exp(-step / rise) - over + wander * 0.00055])
  }
  return points
}

const table: readonly (readonly [
  string,
  string,
  number,
  number,
  number,
  number | null,
  number | null,
  string,
  number,
  boolean,
  ('live' | 'bad')?,
])[] = [
  ['lgbm-l15-te', '5/5', 0.8497, 0.0007, 0.4121, 15, 0.03, 'target', 1, true],
  ['lgbm-l7-te', '5/5', 0.8491, 0.0005, 0.4126, 7, 0.05, 'target', 2, true],
  ['lgbm-l15-mono', '5/5', 0.8488, 0.0006, 0.4129, 15, 0.03, 'target', 9, false],
  ['catboost-d5', '5/5', 0.8486, 0.0009, 0.4131, null, 0.04, 'ordered', 6, false],
  ['lgbm-l15-woe', '3/5', 0.8482, 0.0008, 0.4137, 15, 0.03, 'woe', 10, false, 'live'],
  ['lgbm-l15', '5/5', 0.8479, 0.0008, 0.414, 15, 0.03, 'native', 5, true],
  ['lgbm-l7', '5/5', 0.8477, 0.0005, 0.4143, 7, 0.05, 'native', 14, false],
  ['xgb-d4', '5/5', 0.8472, 0.0008, 0.4148, null, 0.05, 'onehot', 7, false],
  ['lgbm-l31-te', '5/5', 0.8469, 0.0011, 0.4157, 31, 0.03, 'target', 8, false],
  ['lgbm-l15-dart', '5/5', 0.8463, 0.0014, 0.4189, 15, 0.05, 'native', 3, false],
  ['lgbm-l31', '5/5', 0.8458, 0.001, 0.417, 31, 0.03, 'native', 20, true],
  ['xgb-d6', '5/5', 0.8449, 0.0012, 0.4183, null, 0.05, 'onehot', 16, false],
  ['logreg-l1', '5/5', 0.8436, 0.0001, 0.4195, null, null, 'onehot', 19, false],
  ['lgbm-l15-smote', '5/5', 0.8431, 0.0017, 0.4517, 15, 0.03, 'target', 12, false],
  ['lgbm-l63-te', '5/5', 0.8428, 0.0015, 0.4206, 63, 0.03, 'target', 4, false],
  ['mlp-64-32', '5/5', 0.8421, 0.0026, 0.4232, null, 0.001, 'onehot', 15, false],
  ['lgbm-l63', '5/5', 0.8417, 0.0016, 0.4218, 63, 0.03, 'native', 17, false],
  ['rf-600', '5/5', 0.8409, 0.0008, 0.4241, null, null, 'onehot', 18, false],
  ['lgbm-l31-linear', '2/5', 0.8402, 0.0043, 0.4268, 31, 0.03, 'native', 29, false, 'bad'],
  ['lgbm-l127', '5/5', 0.8368, 0.0021, 0.4312, 127, 0.03, 'native', 13, true],
  ['a-run-with-a-name-that-is-far-too-long-no-tenure', '5/5', 0.8287, 0.0011, 0.4371, 15, 0.03, 'target', 11, false],
]

export const sampleRuns: readonly SampleRun[] = table.map(
  ([name, seeds, auc, sd, loss, leaves, lr, encoding, number, shown, state], at) => ({
    name,
    seeds,
    state: state ?? 'done',
    auc,
    sd,
    loss,
    leaves,
    lr,
    encoding,
    number,
    shown,
    trend: curve(
      at + 40,
      auc,
      50,
      200,
      Math.max(0, (0.8495 - auc) * 0.28 + ((leaves ?? 0) > 40 ? 0.0035 : 0)),
      300,
    ).map(([, y]) => y),
  }),
)

export const baselineRun: SampleRun = {
  name: 'logreg-onehot',
  seeds: '1/1',
  state: 'done',
  auc: 0.8432,
  sd: null,
  loss: 0.4198,
  leaves: null,
  lr: null,
  encoding: 'onehot',
  number: 21,
  shown: true,
  trend: [],
}
