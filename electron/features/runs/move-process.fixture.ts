import { writeSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { sweepErased } from './erase.ts'
import { createMover } from './move.ts'
import { createRunsService } from './service.ts'
import { openTestProject, START, type TestProject } from './test-project.fixture.ts'

/**
 * Moves all runs of two projects to and fro for ever, and logs to them meanwhile, for a test that kills it: `node move-process.fixture.ts FOLDER FOLDER`. Says
 * `<run> <step>` of each point that is acknowledged.
 */
const [one, other] = process.argv.slice(2).map((root, index) => openTestProject(`p${index}`, root))
if (one !== undefined && other !== undefined) {
  const service = createRunsService(() => 'unnamed')
  const mover = createMover({ require: (id) => (id === one.id ? one : other) }, sweepErased)
  const idsIn = (project: TestProject): readonly string[] =>
    project.db
      .prepare('SELECT id FROM run')
      .rows<readonly [string]>()
      .map(([id]) => id)
  writeSync(1, 'ready\n')
  const ids = [...idsIn(one), ...idsIn(other)]
  // A killed process before this one used lower ones.
  let step = Date.now()
  const log = async (): Promise<never> => {
    for (;;) {
      for (const id of ids) {
        for (const project of [one, other]) {
          const point = { key: 'live', value: 1, step: ++step, time: START }
          await service.logMetrics(project, id, [point]).then(
            () => writeSync(1, `${id} ${point.step}\n`),
            () => {},
          )
        }
      }
      await setImmediate()
    }
  }
  const move = async (): Promise<never> => {
    for (;;) {
      for (const [from, to] of [
        [one, other],
        [other, one],
      ] as const) {
        const there = idsIn(from)
        if (there.length > 0) await mover.move(from, to, there)
      }
    }
  }
  await Promise.all([log(), move()])
}
