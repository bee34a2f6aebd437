import { expect, it, onTestFinished } from 'vitest'
import { releaseMemoryWhenQuiet } from './quiet-memory.ts'

const MB = 1 << 20

it('collects once after each burst, when nothing has been asked for a while', () => {
  let [held, quiet, collected] = [100 * MB, 0, 0]
  const memory = releaseMemoryWhenQuiet({ quiet: () => quiet, held: () => held, collect: () => void collected++ })
  onTestFinished(memory.close)
  const after = (now: number, since: number): number => {
    held = now * MB
    quiet = since
    memory.look()
    return collected
  }
  expect(after(120, 60_000)).toBe(0)
  expect(after(400, 1_000)).toBe(0)
  expect(after(400, 6_000)).toBe(1)
  // What it came to is the new measure, though it be more than at first.
  expect(after(180, 21_000)).toBe(1)
  expect(after(200, 36_000)).toBe(1)
  expect(after(250, 6_000)).toBe(2)
})

it('gives back what a burst has made V8 take', () => {
  const memory = releaseMemoryWhenQuiet({ quiet: () => Infinity })
  onTestFinished(memory.close)
  let burst: readonly unknown[] | undefined = Array.from({ length: 2_000_000 }, (_, index) => ({ index }))
  expect(burst.length).toBe(2_000_000)
  const before = process.memoryUsage().heapUsed
  burst = undefined
  memory.look()
  expect(before - process.memoryUsage().heapUsed).toBeGreaterThan(32 * MB)
})
