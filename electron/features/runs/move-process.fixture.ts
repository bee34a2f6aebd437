import { sweepErased } from './erase.ts'
import { createMover } from './move.ts'
import { createRunsService } from './service.ts'
import { openTestProject } from './test-project.fixture.ts'

/** Moves all runs of two projects to and fro for ever, for a test that kills it: `node move-process.fixture.ts FOLDER FOLDER`. */
const [one, other] = process.argv.slice(2).map((root, index) => openTestProject(`p${index}`, root))
if (one !== undefined && other !== undefined) {
  const service = createRunsService(() => 'unnamed')
  const mover = createMover(service, { require: (id) => (id === one.id ? one : other) }, sweepErased)
  process.stdout.write('ready\n')
  for (;;) {
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const) {
      const ids = from.db
        .prepare('SELECT id FROM run')
        .rows<readonly [string]>()
        .map(([id]) => id)
      if (ids.length > 0) await mover.move(from, to, ids)
    }
  }
}
