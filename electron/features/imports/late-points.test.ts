import { expect, it, onTestFinished } from 'vitest'
import { START } from '#electron/features/runs/test-project.fixture.ts'
import { openImportBench } from './bench.fixture.ts'
import { chooseRuns } from './late-points.ts'
import type { Look } from './look-queries.ts'
import { type MemoryRun, memoryStores } from './memory-source.fixture.ts'
import type { SourceRun } from './source.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const id = (number: number): string => number.toString(16).padStart(32, '0')

const run = (number: number, given: Partial<SourceRun> = {}): SourceRun => ({
  ...{ id: id(number), experiment: '0', name: null, status: 'finished', deleted: false, deletedAt: null },
  ...{ startedAt: START, endedAt: START, user: null, fingerprint: 'f', ...given },
})
const look = (lookedAt: number | null, changedAt: number | null = null): Look => ({
  ...{ number: 1, points: 1, lookedAt, changedAt },
})
const chosen = (runs: readonly SourceRun[], looks: readonly Look[], now: number, followed: boolean) => {
  const known = new Map(looks.map((one, index) => [runs[index]?.id ?? '', one]))
  const { due, postponed } = chooseRuns(runs, known, { now, followed, metrics: () => 100 })
  return [due.map((one) => Number.parseInt(one.id, 16)), postponed]
}

it('looks at open runs, those that ended lately and those that changed lately each time, at the others as much as there is room', () => {
  const runs = [
    run(1, { status: 'running', endedAt: null }),
    run(2, { endedAt: START + 2 * HOUR }),
    run(3),
    run(4),
    run(5),
  ]
  const now = START + 3 * HOUR
  const looks = [look(now), look(START + 2.5 * HOUR), look(START + 2 * HOUR, START + 1.5 * HOUR), look(null), look(now)]
  expect(chosen(runs, looks, now, false)).toEqual([[1, 2, 3, 4, 5], 0])
  // Followed: an open run that was just looked at rests, and one that ended long ago for a day.
  expect(chosen(runs, looks, now, true)).toEqual([[2, 3, 4], 0])
  expect(chosen(runs, looks, now + 3 * MINUTE, true)).toEqual([[1, 2, 3, 4], 0])
  expect(chosen(runs, looks, now + 24 * HOUR, true)).toEqual([[1, 2, 3, 4, 5], 0])
})

it('takes of those that ended long ago the ones that were not looked at for longest', () => {
  const runs = Array.from({ length: 30 }, (_, number) => run(number))
  const looks = runs.map((_, number) => look(START + 2 * HOUR + (30 - number)))
  const longest = Array.from({ length: 20 }, (_, at) => 29 - at)
  expect(chosen(runs, looks, START + 3 * HOUR, false)).toEqual([longest, 10])
  expect(chosen(runs, looks, START + 48 * HOUR, true)).toEqual([[29, 28], 28])
})

it('asks of many runs that ended long ago for some each time, says so, and comes round to all', async () => {
  const metrics = Object.fromEntries(Array.from({ length: 100 }, (_, key) => [`m${key}`, [[0, 0, 1]] as const]))
  const runs = Array.from({ length: 30 }, (_, number): MemoryRun => ({ id: id(number + 1), experiment: '0', metrics }))
  const memory = memoryStores({ 'memory:a': { experiments: [{ id: '0', name: 'Default' }], runs } })
  const asked = new Set<string>()
  const readers = memory.readers.map((reader) => ({
    ...reader,
    open: async (...given: Parameters<typeof reader.open>) => ({
      ...(await reader.open(...given)),
      hasOtherPoints: (one: SourceRun, counts: ReadonlyMap<string, number>) => {
        expect([counts.size, new Set(counts.values())]).toEqual([100, new Set([1])])
        asked.add(one.id)
        return Promise.resolve(false)
      },
    }),
  }))
  const { project, take, dispose } = openImportBench(readers)
  onTestFinished(dispose)
  await take('memory:a')
  const seen: unknown[] = []
  for (const turn of [1, 2]) {
    project.setTime(START + turn * HOUR)
    const [report] = await take('memory:a')
    seen.push([asked.size, report?.knownRuns, report?.notes.map(({ what }) => what)])
  }
  expect(seen).toEqual([
    [20, 30, ['10 runs that ended long ago']],
    [30, 30, ['10 runs that ended long ago']],
  ])
})
