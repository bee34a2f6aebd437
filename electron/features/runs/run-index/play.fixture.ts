import fc from 'fast-check'
import type { Lifecycle } from '#shared/contract/runs.ts'
import { createRunsService } from '../service.ts'
import { START, type TestProject } from '../test-project.fixture.ts'
import type { NaiveRun } from './naive-table.fixture.ts'

const runs = createRunsService(() => 'unnamed')

export type Operation =
  | { readonly do: 'create'; readonly name: string; readonly script: string | null; readonly queued: boolean }
  | {
      readonly do: 'param'
      readonly run: number
      readonly key: string
      readonly value: string
      readonly captured: boolean
    }
  | { readonly do: 'tag'; readonly run: number; readonly key: string; readonly value: string }
  | { readonly do: 'metric'; readonly run: number; readonly key: string; readonly step: number; readonly value: number }
  | { readonly do: 'rename'; readonly run: number; readonly name: string }
  | { readonly do: 'state'; readonly run: number; readonly lifecycle: Lifecycle }
  | { readonly do: 'erase'; readonly run: number }
  | { readonly do: 'look' }

const index = fc.nat(7)
const text = fc.constantFrom('a', 'B', 'run-2', 'run-10', 'run-010', 'é', '', '12', 'nan', 'constructor')
const value = fc.constantFrom('0.1', '1e-1', '1', '10', '2', 'nan', '-inf', 'adam', 'sgd', '12345678901234567890', '')
const paramKey = fc.constantFrom('lr', 'depth', 'seed', 'opt', 'x:y', '__proto__')
const metricKey = fc.constantFrom('loss', 'val_acc', 'a:b')
// Without −0: it equals 0, and which of the two equal ones is the smallest of a series says nothing.
const number = fc.constantFrom(0, 1, -1, 0.5, 3e300, -3e300, Number.NaN, Infinity, -Infinity, 5e-324)
const creation: fc.Arbitrary<Operation> = fc.record({
  do: fc.constant('create' as const),
  name: text,
  script: fc.constantFrom('train.py', null),
  queued: fc.boolean(),
})
const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 1, arbitrary: creation },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('param' as const),
      run: index,
      key: paramKey,
      value,
      captured: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('tag' as const),
      run: index,
      key: fc.constantFrom('team', 'x:y'),
      value: text,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('metric' as const),
      run: index,
      key: metricKey,
      step: fc.nat(3),
      value: number,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('rename' as const), run: index, name: text }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('state' as const),
      run: index,
      lifecycle: fc.constantFrom('active' as const, 'archived' as const, 'deleted' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('erase' as const), run: index }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('look' as const) }) },
)

/** Long enough for several runs of several values; without `size` a list would rarely have more than a handful. */
export const operations = fc
  .tuple(
    fc.array(creation, { minLength: 5, maxLength: 8 }),
    fc.array(operation, { minLength: 20, maxLength: 80, size: 'max' }),
  )
  .map((parts) => parts.flat())

/** Applies operations to the project and to a plain list alike; `look` runs between them, so that patching is tested, not only loading. */
export async function play(
  project: TestProject,
  operations: readonly Operation[],
  look: (all: readonly NaiveRun[]) => void,
): Promise<readonly NaiveRun[]> {
  let all: NaiveRun[] = []
  let points = 0
  for (const operation of operations) {
    if (operation.do === 'look') {
      look(all)
      continue
    }
    if (operation.do === 'create') {
      const { name, script, queued } = operation
      const status = queued ? ('queued' as const) : ('running' as const)
      const run = await runs.createRun(project, { source: 'client', name, script, status })
      all.push({
        number: run.number,
        id: run.id,
        name,
        status,
        lifecycle: 'active',
        started: run.startedAt,
        script,
        logged: new Map(),
        captured: new Map(),
        tags: new Map(),
        metrics: new Map(),
      })
      continue
    }
    const run = all[operation.run]
    if (run === undefined) continue
    if (operation.do === 'erase') {
      await project.commits.enqueue(() => {
        project.db.run('DELETE FROM run WHERE number = ?', run.number)
        project.metrics.deleteRun(run.number)
      })
      all = all.filter((other) => other !== run)
      continue
    }
    if (operation.do === 'state') {
      await runs.updateRun(project, run.id, { lifecycle: operation.lifecycle })
      run.lifecycle = operation.lifecycle
      continue
    }
    if (run.lifecycle === 'deleted') continue
    if (operation.do === 'rename') {
      await runs.updateRun(project, run.id, { name: operation.name })
      run.name = operation.name
    } else if (operation.do === 'tag') {
      await runs.setTags(project, run.id, [{ key: operation.key, value: operation.value }])
      run.tags.set(operation.key, operation.value)
    } else if (operation.do === 'param') {
      const space = operation.captured ? run.captured : run.logged
      if (!operation.captured && space.has(operation.key)) continue
      const origin = operation.captured ? 'captured' : 'logged'
      await runs.logParams(project, run.id, [{ key: operation.key, value: operation.value }], origin, null)
      space.set(operation.key, operation.value)
    } else {
      const { key, step, value } = operation
      await runs.logMetrics(project, run.id, [{ key, step, value, time: START + ++points }])
      run.metrics.set(key, [...(run.metrics.get(key) ?? []), { step, value }])
    }
  }
  return all
}
