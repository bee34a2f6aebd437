import type { TableRequest } from '#shared/contract/runs.ts'
import { describeColumns } from '#electron/features/runs/run-index/describe-columns.ts'
import type { IndexState } from '#electron/features/runs/run-index/index-state.ts'
import { setNumber } from '#electron/features/runs/run-index/number-column.ts'
import {
  ACTIVE,
  createRunColumns,
  keyColumn,
  metricColumns,
  rowFor,
  type RunColumns,
  setLifecycle,
} from '#electron/features/runs/run-index/run-columns.ts'
import { signatures } from '#electron/features/runs/run-index/signatures.ts'
import { makeView, pageOf } from '#electron/features/runs/run-index/table.ts'
import { setText } from '#electron/features/runs/run-index/text-column.ts'
import { time } from './median.ts'
import { generator, METRICS, paramOf, PARAMS, tableQuestion, tableRequest } from './table-project.ts'
import { measureRestart } from './table-restart.ts'

export type BenchRow = { readonly name: string; readonly value: number; readonly unit: string; readonly target: string }

const SMALL = 10_000
const LARGE = 100_000

/**
 * The run table, with 20 parameters and 20 metrics a run: reading it from a database, opening it as it was stored, and filtering, sorting and paging
 * over 10,000 and 100,000. Times are medians in milliseconds; those of a restart are of new processes, without what they waited for a core.
 */
export async function runTableBench(): Promise<readonly BenchRow[]> {
  const opened = await measureRestart(SMALL)
  const restarted = await measureRestart(LARGE)
  const small = measureTable(SMALL)
  const large = measureTable(LARGE)
  const row = (name: string, value: number, target = ''): BenchRow => ({ name, value, unit: 'ms', target })
  return [
    row('run table: read from its rows, 10,000 runs x 40', opened.load, '< 500'),
    row('run table: opened as it was stored, 10,000', opened.opened),
    row('run table: first filter + sort + page after a restart, 10,000', opened.first),
    row('run table: read from its rows, 100,000 runs x 40', restarted.load),
    row('run table: opened as it was stored, 100,000', restarted.opened),
    row('run table: made ready while the window loads, 100,000 x 40 columns', restarted.ready),
    row('run table: longest turn of that, of 7 starts', restarted.turn, '< 50'),
    row('run table: first filter + sort + page after a restart, 100,000', restarted.first, '< 10'),
    row('run table: the next filter + sort + page', restarted.next, '< 10'),
    row('run table: the first one where it is asked at once, before any is ready', restarted.atOnce),
    row('run table: the same with 5 columns shown', restarted.atOnceOfFive),
    row('run table: page after one run changed, 10,000', opened.patched),
    row('run table: filter + sort + page, 10,000 x 40', small.page, '< 2'),
    row('run table: filter + sort + page, 100,000 x 40', large.page, '< 10'),
    row('run table: next page of the same view, 100,000', large.next),
    row('run table: all, sorted by two columns, 100,000', large.sorted),
    row('run table: all, sorted by name, 100,000', large.named),
    row('run table: everything but the seed, 100,000', large.grouped),
    row('run table: describe all columns, 100,000', large.described),
    row('run table: describe all after one run changed, 100,000', restarted.described),
  ]
}

function measureTable(runs: number) {
  const columns = madeColumns(runs)
  const fingerprints = signatures(columns)
  const state: IndexState = {
    columns,
    now: 0,
    signatures: () => fingerprints,
    datasets: () => {
      throw new Error('No filter of this asks for datasets.')
    },
  }
  const ask = (given: Omit<Partial<TableRequest>, 'project'>): void => {
    const asked = tableRequest(given)
    pageOf(state, makeView(state, asked), asked)
  }
  const view = makeView(state, tableRequest({}))
  return {
    page: time(15, () => ask(tableQuestion(0.5, 40))),
    next: time(15, () => void pageOf(state, view, tableRequest({ offset: runs / 2 }))),
    sorted: time(15, () =>
      ask({
        sort: [
          { column: 'param:p2', direction: 'desc' },
          { column: 'metric:m3:last', direction: 'asc' },
        ],
      }),
    ),
    named: time(15, () => ask({ sort: [{ column: 'attribute:name', direction: 'asc' }] })),
    grouped: time(9, () => ask({ group: 'seed' })),
    described: time(5, () => void describeColumns(state, 0)),
  }
}

function madeColumns(runs: number): RunColumns {
  const random = generator(7)
  const columns = createRunColumns(runs)
  for (let number = 1; number <= runs; number++) {
    const row = rowFor(columns, number)
    setText(columns.texts.id, row, `run-${number}`)
    setLifecycle(columns, row, ACTIVE)
    setText(columns.experiments, row, '0')
    setText(columns.texts.name, row, `run ${number}`)
    setText(columns.texts.status, row, 'finished')
    setNumber(columns.numeric.started, row, number * 1_000)
    for (let key = 0; key < PARAMS; key++)
      setText(keyColumn(columns, 'params', key === 0 ? 'seed' : `p${key}`), row, paramOf(number, key))
    for (let key = 0; key < METRICS; key++) {
      const metric = metricColumns(columns, `m${key}`)
      for (const column of [metric.last, metric.min, metric.max]) setNumber(column, row, random())
    }
  }
  return columns
}

if (import.meta.main) {
  for (const row of await runTableBench()) {
    console.log(`${row.name.padEnd(50)} ${row.value.toFixed(2).padStart(9)} ${row.unit}  ${row.target}`)
  }
}
