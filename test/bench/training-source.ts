export type StepColumns = { readonly step: Float64Array; readonly time: Float64Array; readonly value: Float64Array }

const NOISE = 65_536

/**
 * What a training logs at each step: `size` values at about the same time. Values fall with 10 % of noise and were float32 once; times
 * have 14 ms of jitter. The columns are the same memory at each step.
 */
export function trainingSource(size: number): (step: number) => StepColumns {
  const noise = Float64Array.from(
    { length: NOISE + size },
    (_, i) => ((Math.imul(i + 1, 0x9e37_79b1) ^ Math.imul(i + 7, 0x85eb_ca6b)) >>> 0) / 2 ** 32,
  )
  const columns = { step: new Float64Array(size), time: new Float64Array(size), value: new Float64Array(size) }
  return (step) => {
    const from = (step * 7_919) % NOISE
    const level = Math.exp(-step / 20_000)
    columns.step.fill(step)
    for (let i = 0; i < size; i++) {
      const random = noise[from + i] as number
      columns.time[i] = 1.7e12 + step * 250 + Math.floor(random * 14)
      columns.value[i] = Math.fround(level * (1 + 0.1 * random))
    }
    return columns
  }
}
