import { afterEach, beforeEach, expect, test } from 'vitest'
import { TableRequest } from '#shared/contract/runs.ts'
import { createRunsService } from '../service.ts'
import { openTestProject, START, type TestProject } from '../test-project.fixture.ts'
import { openRunIndex, type RunIndex } from './run-index.ts'

const runs = createRunsService(() => 'unnamed')
let project: TestProject
beforeEach(() => {
  project = openTestProject()
})
afterEach(() => project.dispose())

function request(given: Omit<Partial<TableRequest>, 'project'> = {}) {
  return TableRequest.parse({ project: 'test', columns: [], ...given })
}

async function seedStudy(): Promise<RunIndex> {
  for (const [lr, seed, loss] of [
    ['0.1', '1', 2],
    ['0.1', '2', 4],
    ['1e-1', '3', 9],
    ['0.2', '1', 7],
    ['0.2', '2', Number.NaN],
    ['0.3', '1', 1],
  ] as const) {
    const run = await runs.createRun(project, { source: 'client', name: `lr ${lr}`, script: 'train.py' })
    await runs.logParams(
      project,
      run.id,
      [
        { key: 'lr', value: lr },
        { key: 'seed', value: seed },
      ],
      'logged',
      null,
    )
    await runs.logMetrics(project, run.id, [{ key: 'loss', value: loss, time: START, step: 0 }])
    await runs.updateRun(project, run.id, { status: lr === '0.2' && seed === '2' ? 'failed' : 'finished' })
  }
  return openRunIndex(project)
}

const idOf = (index: RunIndex, filter: string): string => index.ids(request({ filter }))[0] ?? 'none'

test('a group shows mean and sample deviation of its runs, and says what varies', async () => {
  const index = await seedStudy()
  const page = index.table(
    request({
      group: 'seed',
      columns: ['param:lr', 'param:seed', 'metric:loss:last', 'attribute:status', 'attribute:script'],
      sort: [{ column: 'metric:loss:last', direction: 'asc' }],
    }),
  )
  // 2, 4, 9: mean 5, deviations 9 + 1 + 16 = 26, over n - 1 = 13.
  expect(page.rows).toEqual([
    expect.objectContaining({ name: 'lr 0.3', members: 0, done: 1, cells: [0.3, 1, 1, 'finished', 'train.py'] }),
    {
      id: expect.stringMatching(/^group:[0-9a-f]{16}$/),
      number: 1,
      name: 'lr 0.1',
      status: 'finished',
      depth: 0,
      members: 3,
      done: 3,
      memberIds: ['1', '2', '3'].map((seed) => idOf(index, `lr = 0.1 and seed = ${seed}`)),
      expanded: false,
      parent: null,
      cells: [
        0.1,
        { mean: 2, sd: 1, count: 3, varies: true },
        { mean: 5, sd: Math.sqrt(13), count: 3, varies: true },
        'finished',
        'train.py',
      ],
    },
    expect.objectContaining({
      name: 'lr 0.2',
      status: 'failed',
      members: 2,
      done: 1,
      cells: [
        0.2,
        { mean: 1.5, sd: Math.sqrt(0.5), count: 2, varies: true },
        // The NaN counts as a value that varies, not into the mean.
        { mean: 7, sd: null, count: 1, varies: true },
        { mean: Number.NaN, sd: null, count: 2, varies: true },
        'train.py',
      ],
    }),
  ])
})

test('the runs of some groups are known by the groups’ ids, for those that match', async () => {
  const index = await seedStudy()
  const { rows } = index.table(request({ group: 'seed' }))
  const groups = rows.filter(({ members }) => members > 0).map(({ id }) => id)
  const ids = (given: Omit<Partial<TableRequest>, 'project'>, only: readonly string[]): readonly string[] =>
    index.ids({ ...request({ group: 'seed', ...given }), groups: only })
  expect([
    ids({}, groups),
    ids({}, groups.slice(0, 1)).length,
    ids({ filter: 'seed = 2' }, groups),
    ids({}, ['group:none']),
  ]).toEqual([
    index.ids(request({ filter: 'lr < 0.3', group: 'seed' })),
    2,
    // Alone in its group, a run is a row of its own, but belongs to the same group.
    index.ids(request({ filter: 'lr < 0.3 and seed = 2' })),
    [],
  ])
})

test('the spread between seeds is known for runs that have mates', async () => {
  const index = await seedStudy()
  expect(index.seedSpread(1)).toEqual({ loss: Math.sqrt(13) })
  expect(index.seedSpread(4)).toEqual({})
  expect(index.seedSpread(6)).toEqual({})
  expect(index.seedSpread(99)).toEqual({})
})

test('columns are described with their range, values and histogram', async () => {
  const index = await seedStudy()
  const described = new Map(index.describe('active').map((column) => [column.id, column]))
  expect([...described.keys()].filter((id) => !id.startsWith('attribute:'))).toEqual([
    'param:lr',
    'param:seed',
    'metric:loss:last',
    'metric:loss:min',
    'metric:loss:max',
    'metric:loss:best',
  ])
  expect(described.get('param:seed')).toEqual({
    id: 'param:seed',
    kind: 'param',
    key: 'seed',
    count: 6,
    numeric: true,
    min: 1,
    max: 3,
    values: [
      { value: '1', count: 3 },
      { value: '2', count: 2 },
      { value: '3', count: 1 },
    ],
    histogram: [3, 0, 0, 0, 0, 2, 0, 0, 0, 1],
  })
  expect(described.get('metric:loss:last')).toMatchObject({
    count: 6,
    numeric: true,
    min: 1,
    max: 9,
    values: [],
    histogram: [1, 1, 0, 1, 0, 0, 0, 1, 0, 1],
  })
  expect(described.get('attribute:name')).toMatchObject({ numeric: false, min: null, histogram: [] })
  expect(index.describe('archived')).toEqual([])
})

test('a scatter pairs the numbers of matching runs', async () => {
  const index = await seedStudy()
  const { numbers, x, y } = index.scatter('params.lr >= 0.2', 'param:lr', 'metric:loss:last')
  expect({ numbers: [...numbers], x: [...x], y: [...y] }).toEqual({
    numbers: [4, 5, 6],
    x: [0.2, 0.2, 0.3],
    y: [7, Number.NaN, 1],
  })
  const { ids, names } = index.named(Float64Array.of(6, 4, 99, Number.NaN))
  expect(names).toEqual(['lr 0.3', 'lr 0.2', '', ''])
  expect(ids.map((id) => index.find(id, 2).map(({ number }) => number))).toMatchObject([[6], [4], {}, {}])
})

test('runs are found by words of name, id and number, newest first', async () => {
  const index = await seedStudy()
  expect(index.find('0.2 LR', 10).map(({ number }) => number)).toEqual([5, 4])
  expect(index.find('#3', 10).map(({ number }) => number)).toEqual([3])
  expect(index.find('', 2).map(({ number }) => number)).toEqual([6, 5])
  expect(index.find('no such', 10)).toEqual([])
  expect(index.find('', 10, true)).toEqual([])
})
