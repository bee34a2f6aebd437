import { expect, it, onTestFinished } from 'vitest'
import { releaseMemoryWhenQuiet } from './quiet-memory.ts'
import { eventually } from '#test/setup/eventually.ts'

const MB = 1 << 20

it('collects after each burst, when nothing has been asked for a while', () => {
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
  expect(after(180, 11_000)).toBe(1)
  expect(after(200, 16_000)).toBe(1)
  expect(after(250, 6_000)).toBe(2)
})

it('does so again while what a burst left to do is being done, and no further', async () => {
  let [held, quiet] = [100 * MB, 0]
  const done: string[] = []
  const tell = (what: string) => () => void done.push(what)
  const memory = releaseMemoryWhenQuiet({
    quiet: () => quiet,
    held: () => held,
    shrink: tell('shrink'),
    collect: tell('collect'),
    giveBack: tell('give back'),
  })
  onTestFinished(memory.close)
  /** What is done now, when so many megabytes are held and nothing was asked for so many seconds. */
  const after = async (now: number, seconds: number, whole = 0): Promise<readonly string[]> => {
    held = now * MB
    quiet = 1_000 * seconds
    memory.look()
    await eventually(() => expect(done.filter((what) => what === 'give back')).toHaveLength(whole))
    return done.splice(0)
  }
  const once = ['shrink', 'collect', 'give back']
  expect(await after(100, 200)).toEqual([])
  expect(await after(400, 6, 1)).toEqual(once)
  expect(await after(350, 11)).toEqual([])
  expect(await after(350, 21, 1)).toEqual(once)
  // Somebody asked a little: the quiet begins anew, the burst does not.
  expect(await after(300, 6)).toEqual([])
  expect(await after(300, 41, 1)).toEqual(once)
  expect(await after(200, 86)).toEqual([])
  expect(await after(200, 91, 1)).toEqual(once)
  expect(await after(150, 96)).toEqual([])
  expect(await after(150, 1_000)).toEqual([])
  // What grew while nobody asked: there is no time left to wait for.
  expect(await after(220, 1_005, 1)).toEqual(once)
  expect(await after(220, 1_010)).toEqual([])
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
