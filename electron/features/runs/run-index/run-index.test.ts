import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { TableRequest } from '#shared/contract/runs.ts'
import type { Sort, TablePage } from '#shared/contract/runs.ts'
import { createRunsService } from '../service.ts'
import { openTestProject, type TestProject } from '../test-project.fixture.ts'
import { type Operation, operations, play } from './play.fixture.ts'
import { mergedParams, naiveCell, naiveGroups, type NaiveRun, naiveSort } from './naive-table.fixture.ts'
import { openRunIndex } from './run-index.ts'

const runs = createRunsService(() => 'unnamed')

const COLUMNS = [
  'attribute:name',
  'attribute:status',
  'attribute:started',
  'attribute:number',
  'param:lr',
  'param:depth',
  'param:x:y',
  'param:__proto__',
  'param:none',
  'tag:team',
  'tag:x:y',
  'metric:loss:last',
  'metric:loss:best',
  'metric:val_acc:best',
  'metric:a:b:min',
  'metric:a:b:max',
]
const sorts: fc.Arbitrary<readonly Sort[]> = fc.array(
  fc.record({
    column: fc.constantFrom(...COLUMNS, 'param:seed', 'param:opt'),
    direction: fc.constantFrom('asc' as const, 'desc' as const),
  }),
  { maxLength: 3 },
)

/** Filters as a person types them, and what they mean. */
const filters: readonly (readonly [string, (run: NaiveRun) => boolean])[] = [
  ['', () => true],
  [`params.opt = 'adam'`, (run) => mergedParams(run).get('opt') === 'adam'],
  [
    `params.lr != 0.1`,
    (run) => mergedParams(run).has('lr') && Number(mergedParams(run).get('lr') || Number.NaN) !== 0.1,
  ],
  [`metrics.loss < 1`, (run) => (last(run, 'loss') ?? Number.NaN) < 1],
  [`metrics.loss IS NULL`, (run) => last(run, 'loss') === undefined],
  [`metrics.loss = nan`, (run) => Number.isNaN(last(run, 'loss') ?? 0)],
  [`tags.team ILIKE 'b'`, (run) => run.tags.get('team')?.toLowerCase() === 'b'],
  [
    `status = 'RUNNING' OR NOT exists(params.depth)`,
    (run) => run.status === 'running' || !mergedParams(run).has('depth'),
  ],
  [`name LIKE 'run-%' AND status IN ('queued', 'running')`, (run) => run.name.startsWith('run-')],
]

function last(run: NaiveRun, key: string): number | undefined {
  return run.metrics.get(key)?.reduce((best, point) => (point.step >= best.step ? point : best)).value
}

let project: TestProject
beforeEach(() => {
  project = openTestProject()
})
afterEach(() => project.dispose())

function request(given: Omit<Partial<TableRequest>, 'project'> = {}) {
  return TableRequest.parse({ project: 'test', columns: COLUMNS, limit: 1_000, ...given })
}

test('filtering, sorting and cells agree with plain lists, whatever was written between two looks', async () => {
  await fc.assert(
    fc.asyncProperty(
      operations,
      sorts,
      fc.constantFrom(...filters),
      fc.constantFrom('active' as const, 'active' as const, 'archived' as const, 'deleted' as const),
      async (given, sort, [filter, test], lifecycle) => {
        await project.dispose()
        project = openTestProject()
        const index = openRunIndex(project)
        const look = (all: readonly NaiveRun[]): void => {
          const here = all.filter((run) => run.lifecycle === lifecycle)
          const expected = naiveSort(here.filter(test), sort)
          const page = index.table(request({ sort, filter, lifecycle }))
          expect({ ...page, revision: 0 }).toEqual({
            total: here.length,
            matched: expected.length,
            rowCount: expected.length,
            groups: 0,
            offset: 0,
            revision: 0,
            rows: expected.map((run) => ({
              id: run.id,
              number: run.number,
              name: run.name,
              status: run.status,
              depth: 0,
              members: 0,
              done: 0,
              expanded: false,
              parent: null,
              cells: COLUMNS.map((column) => naiveCell(all, run, column)),
            })),
          })
          expect(index.ids(request({ sort, filter, lifecycle }))).toEqual(expected.map(({ id }) => id))
        }
        const all = await play(project, given, look)
        look(all)
        const active = all.filter((run) => run.lifecycle === 'active')
        for (const column of COLUMNS) {
          for (const direction of ['asc', 'desc'] as const) {
            const ids = index.ids(request({ sort: [{ column, direction }] }))
            expect({ column, direction, ids }).toEqual({
              column,
              direction,
              ids: naiveSort(active, [{ column, direction }]).map(({ id }) => id),
            })
          }
        }
        // A fresh index of the same database says the same as the one that was patched.
        const fresh = openRunIndex(project)
        const asked = request({ sort, filter, lifecycle })
        expect({ ...fresh.table(asked), revision: 0 }).toEqual({ ...index.table(asked), revision: 0 })
      },
    ),
    { numRuns: 60 },
  )
}, 120_000)

test('groups are the runs that are equal in everything but their seed', async () => {
  await fc.assert(
    fc.asyncProperty(operations, fc.array(fc.nat(5), { maxLength: 3 }), async (given, open) => {
      await project.dispose()
      project = openTestProject()
      const index = openRunIndex(project)
      const all = await play(project, given, () => void index.table(request({ group: 'seed' })))
      const groups = naiveGroups(
        naiveSort(
          all.filter((run) => run.lifecycle === 'active'),
          [],
        ),
      )
      const closed = index.table(request({ group: 'seed' }))
      expect([closed.groups, closed.rowCount, closed.matched]).toEqual([
        groups.length,
        groups.length,
        groups.flat().length,
      ])
      expect(closed.rows.map((row) => (row.members === 0 ? 1 : row.members))).toEqual(
        groups.map((group) => group.length),
      )
      const expanded = open.flatMap((place) => closed.rows[place]?.id ?? [])
      const page = index.table(request({ group: 'seed', expanded }))
      const expected = groups.flatMap((group, place) => {
        const row = closed.rows[place]
        const children =
          row !== undefined && expanded.includes(row.id) && group.length > 1 ? group.map(({ id }) => id) : []
        return [group.length === 1 ? group[0]?.id : row?.id, ...children]
      })
      expect(page.rows.map(({ id }) => id)).toEqual(expected)
      expect(page.rowCount).toBe(expected.length)
      // Every page is a piece of the whole, wherever it begins.
      for (let offset = 0; offset <= expected.length; offset += 3) {
        const part = index.table(request({ group: 'seed', expanded, offset, limit: 4 }))
        expect(part.rows).toEqual(page.rows.slice(offset, offset + 4))
      }
    }),
    { numRuns: 60 },
  )
}, 120_000)

test('a bad filter or column is refused with its place', async () => {
  const index = openRunIndex(project)
  expect(() => index.table(request({ filter: 'params.lr >' }))).toThrow(
    expect.objectContaining({ code: 'invalid', field: 'filter' }),
  )
  expect(() => index.table(request({ columns: ['metric:loss:median'] }))).toThrow(
    expect.objectContaining({ code: 'invalid' }),
  )
  expect(() => index.table(request({ sort: [{ column: 'nothing', direction: 'asc' }] }))).toThrow(
    expect.objectContaining({ code: 'invalid' }),
  )
})

test('an experiment’s new name and a restored run are seen at once, a rolled back write never', async () => {
  const index = openRunIndex(project)
  const { id: experiment } = await runs.createExperiment(project, { name: 'first' })
  const run = await runs.createRun(project, { source: 'client', experiment })
  const cells = (): TablePage['rows'][number]['cells'] | undefined =>
    index.table(request({ columns: ['attribute:experiment'] })).rows[0]?.cells
  expect(cells()).toEqual(['first'])
  await runs.renameExperiment(project, experiment, 'second')
  expect(cells()).toEqual(['second'])
  expect(index.table(request({ filter: `experiment = 'second'` })).matched).toBe(1)
  const { revision } = index.table(request())
  await runs
    .write(project, (writes) => {
      writes.updateRun(run.id, { name: 'never' })
      throw new Error('no')
    })
    .catch(() => {})
  expect(index.table(request())).toMatchObject({ revision, rows: [{ name: 'unnamed' }] })
})

test('many changes at once are taken over by loading anew', async () => {
  const index = openRunIndex(project)
  await runs.write(project, (writes) => {
    for (let count = 0; count < 2_500; count++) writes.createRun({ source: 'client', name: `r${count}` })
  })
  const page = index.table(request({ limit: 3, sort: [{ column: 'attribute:name', direction: 'asc' }] }))
  expect(page).toMatchObject({ total: 2_500, rows: [{ name: 'r0' }, { name: 'r1' }, { name: 'r2' }] })
})

test('of several hundred runs, where columns are dense, every order is that of plain lists', async () => {
  const index = openRunIndex(project)
  const words = ['adam', 'sgd', '0.1', '1e-1', 'nan', '2', '10', 'Run-9', 'run-10']
  const values = [0.5, -1, Number.NaN, Infinity, 3e300, 0]
  const pick = (number: number, key: number): number => Math.imul(number + 1, 0x9e37_79b1 + key * 0x85eb_ca6b) >>> 16
  const given: Operation[] = []
  for (let run = 0; run < 300; run++) {
    given.push({ do: 'create', name: `run-${pick(run, 0) % 40}`, script: null, queued: run % 3 === 0 })
    for (const [place, key] of ['lr', 'depth'].entries()) {
      if (pick(run, place) % 4 === 0) continue
      given.push({ do: 'param', run, key, value: words[pick(run, place + 5) % words.length] ?? '', captured: true })
    }
    for (const [place, key] of ['loss', 'val_acc'].entries()) {
      if (pick(run, place + 9) % 3 === 0) continue
      given.push({ do: 'metric', run, key, step: 0, value: values[pick(run, place + 3) % values.length] ?? 0 })
    }
    if (run === 150) given.push({ do: 'look' })
  }
  const check = (all: readonly NaiveRun[]): void => {
    for (const column of COLUMNS) {
      for (const direction of ['asc', 'desc'] as const) {
        const page = index.table(request({ columns: [column], sort: [{ column, direction }] }))
        const expected = naiveSort(all, [{ column, direction }])
        expect(page.rows.map(({ id, cells }) => [id, cells[0]])).toEqual(
          expected.map((run) => [run.id, naiveCell(all, run, column)]),
        )
      }
    }
  }
  check(await play(project, given, check))
}, 60_000)
