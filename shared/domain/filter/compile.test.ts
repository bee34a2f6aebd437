import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Aggregate, Entity, Filter } from './ast.ts'
import type { FilterColumn, FilterColumns, TextColumn } from './columns.ts'
import { compileLike } from './like.ts'
import type { FilterClock } from './moments.ts'
import { countByTerm, filterRows } from './rows.ts'
import { parsed } from './test-filter.fixture.ts'

const CLOCK: FilterClock = { now: Date.UTC(2026, 10, 21, 14, 20), utcOffsetMinutes: 0 }
const at = (...parts: readonly [number, number, number, number?]) =>
  Date.UTC(parts[0], parts[1] - 1, parts[2], parts[3] ?? 0)

/** A text column of one value a row; null where the row has none. */
function texts(values: readonly (string | null)[], canonical?: (text: string) => string): TextColumn {
  const dictionary = [...new Set(values.filter((value) => value !== null))]
  const codes = Int32Array.from(values, (value) => (value === null ? -1 : dictionary.indexOf(value)))
  return canonical === undefined ? { kind: 'text', codes, dictionary } : { kind: 'text', codes, dictionary, canonical }
}

function numbers(values: readonly (number | null)[], kind: 'number' | 'time' | 'duration' = 'number'): FilterColumn {
  return {
    kind,
    values: Float64Array.from(values, (value) => value ?? 0),
    present: Uint8Array.from(values, (value) => (value === null ? 0 : 1)),
  }
}

const TABLE: Readonly<Record<string, FilterColumn>> = {
  'attribute name': texts(['cnn-small', 'CNN-big', 'lgbm-l15', 'mlp', '50%_off']),
  'attribute status': texts(['finished', 'running', 'failed', 'finished', 'queued'], (text) => text.toLowerCase()),
  'attribute started': numbers(
    [at(2026, 11, 21, 9), at(2026, 11, 20, 23), at(2026, 11, 14, 15), at(2026, 11, 1), at(2025, 1, 1)],
    'time',
  ),
  'attribute ended': numbers([at(2026, 11, 21, 10), null, null, at(2026, 11, 2), null], 'time'),
  'attribute duration': numbers([3_600_000, 90_000, 5_000, 86_400_000, 0], 'duration'),
  'attribute archived': { kind: 'boolean', values: Uint8Array.of(0, 0, 1, 0, 0), present: null },
  'metric val_acc last': numbers([0.87, 0.91, null, Number.NaN, Infinity]),
  'metric val_acc best': numbers([0.9, 0.95, null, Number.NaN, Infinity]),
  'metric note last': numbers([1, 2, 3, 4, 5]),
  'param lr': texts(['1e-3', '0.001', '0.1', 'auto', null]),
  'param amp': texts(['True', 'true', 'False', null, 'yes']),
  'param val_acc': texts(['shadowed by the metric', null, null, null, null]),
  'tag timeout': texts(['5m', '300', '1h', null, 'x']),
  'tag date': texts(['2026-11-01', '2026-11-02', 'soon', null, '2027-01-01T10:00']),
  'dataset name': {
    kind: 'texts',
    offsets: Uint32Array.of(0, 2, 3, 3, 4, 4),
    codes: Uint32Array.of(0, 1, 1, 2),
    dictionary: ['train', 'test', 'iris'],
  },
}
const ROWS = 5
const COLUMNS: FilterColumns = {
  column: (entity: Entity, name: string, aggregate: Aggregate) =>
    TABLE[entity === 'metric' ? `${entity} ${name} ${aggregate}` : `${entity} ${name}`],
}

function rows(text: string): readonly number[] | string {
  const result = filterRows(parsed(text), COLUMNS, ROWS, CLOCK)
  return result.ok ? [...result.value] : `${text.slice(result.error.from, result.error.to)}: ${result.error.message}`
}

/** Each filter beside the rows that it must find. */
function expectRows(cases: Readonly<Record<string, readonly number[]>>): void {
  expect(Object.fromEntries(Object.keys(cases).map((text) => [text, rows(text)]))).toEqual(cases)
}

describe('numbers', () => {
  test('compare as IEEE 754 has it, and a lack is false also for !=', () => {
    expectRows({
      'metrics.val_acc > 0.88': [1, 4],
      'metrics.val_acc = 0.91': [1],
      'metrics.val_acc != 0.91': [0, 3, 4],
      'metrics.val_acc = nan': [3],
      'metrics.val_acc != nan': [0, 1, 4],
      'metrics.val_acc = inf': [4],
      'metrics.val_acc < 0.9': [0],
      'metrics.val_acc in (0.87, 0.91)': [0, 1],
      'metrics.val_acc not in (0.87, 0.91)': [3, 4],
      "metrics.val_acc >= '0.9'": [1, 4],
      'best(val_acc) >= 0.9': [0, 1, 4],
      'last(val_acc) >= 0.9': [1, 4],
      'min(val_acc) > 0': [],
    })
  })

  test('durations have units, plain numbers are seconds', () => {
    expectRows({
      'duration >= 1h': [0, 3],
      'duration > 89': [0, 1, 3],
      'duration = 5 s': [2],
      "duration < '2 min'": [1, 2, 4],
    })
  })

  test('truths are true and false', () => {
    expectRows({ 'archived = true': [2], 'archived != true': [0, 1, 3, 4], 'archived = 0': [0, 1, 3, 4] })
  })
})

test('moments: a date is its whole day', () => {
  expectRows({
    'started = today': [0],
    'started = yesterday': [1],
    'started > 2026-11-20': [0],
    'started >= 2026-11-20': [0, 1],
    'started <= 2026-11-01': [3, 4],
    'started < 2026-11-01': [4],
    'started > 7d ago': [0, 1, 2],
    'started > 6.5 days ago': [0, 1],
    "created > '2026-11-21 08:59'": [0],
    'attributes.start_time = 2026-11-21T10:00+01:00': [0],
    [`start_time >= ${at(2026, 11, 14, 15)}`]: [0, 1, 2],
    'ended != today': [3],
    'ended is null': [1, 2, 4],
    'not ended = today': [1, 2, 3, 4],
  })
})

test('texts', () => {
  expectRows({
    'params.lr = 0.001': [0, 1],
    "params.lr = '0.001'": [1],
    'params.lr != 0.001': [2, 3],
    'params.lr < 0.05': [0, 1],
    "params.lr > '0.01'": [2, 3],
    'params.lr = auto': [3],
    "params.lr IN ('auto', '0.1')": [2, 3],
    "params.lr NOT IN ('auto', '0.1')": [0, 1],
    "params.lr IN ('a', 'b', 'c', 'd', 'auto', '0.1')": [2, 3],
    "params.lr NOT IN ('a', 'b', 'c', 'd', 'auto', '0.1')": [0, 1],
    'params.lr is null': [4],
    'params.lr is not null': [0, 1, 2, 3],
    'exists(params.lr)': [0, 1, 2, 3],
    'params.lr exists and not params.lr = 0.001': [2, 3],
    'not params.lr = 0.001': [2, 3, 4],
    'params.amp = true': [0, 1],
    'params.amp != true': [2, 4],
    'tags.timeout = 5m': [0, 1],
    'tags.timeout > 5m': [2],
    'tags.date > 2026-11-01': [1, 4],
    "status = 'FINISHED'": [0, 3],
    'status in (RUNNING, queued)': [1, 4],
    'params.nothing = 1': [],
    'params.nothing != 1': [],
    'params.nothing is null': [0, 1, 2, 3, 4],
  })
})

test('LIKE minds case, ILIKE does not', () => {
  expectRows({
    "name like 'cnn%'": [0],
    "name ilike 'cnn%'": [0, 1],
    'name not like cnn%': [1, 2, 3, 4],
    "name like '%l__'": [2],
    "name like '50%'": [4],
    "name like ''": [],
    "params.lr not ilike 'AUTO'": [0, 1, 2],
  })
})

test('bare words search the name; bare keys are attributes, then metrics, params and tags', () => {
  expectRows({
    cnn: [0, 1],
    'cnn big': [1],
    "'50%'": [4],
    '': [0, 1, 2, 3, 4],
    'val_acc > 0.9': [1, 4],
    'lr = auto': [3],
    'timeout exists': [0, 1, 2, 4],
    'note > 3': [3, 4],
    'nobody = 1': [],
  })
  const params: FilterColumns = { ...COLUMNS, resolve: (name) => (name === 'val_acc' ? 'param' : undefined) }
  const found = filterRows(parsed('val_acc like shadow%'), params, ROWS, CLOCK)
  expect(found.ok && [...found.value]).toEqual([0])
})

test('a run of several datasets matches by any of them', () => {
  expectRows({
    "dataset.name = 'test'": [0, 1],
    "datasets.name IN ('train', 'iris')": [0, 3],
    "dataset.name LIKE 't%'": [0, 1],
    'dataset.name is null': [2, 4],
  })
})

test('what cannot be compared is said, with the place', () => {
  expect(rows("started > 'soon'")).toMatch(/^'soon': "soon" is not a date/)
  expect(rows('started > 5m')).toMatch(/^5m: .*write "5m ago"/)
  expect(rows('metrics.val_acc > high')).toBe('high: "high" is not a number.')
  expect(rows('duration > long')).toMatch(/^long: "long" is not a duration/)
  expect(rows("val_acc like '0.9%'")).toMatch(/LIKE compares texts; val_acc is not one/)
})

test('a term that lets nothing through is found', () => {
  const counts = countByTerm(parsed("status = 'finished' and val_acc > 2 and params.lr exists"), COLUMNS, ROWS, CLOCK)
  expect(counts.ok && counts.value.map(({ rows: count }) => count)).toEqual([2, 1, 4])
})

test('AND, OR and NOT are intersection, union and complement', () => {
  const clauses = ['val_acc > 0.88', 'lr = 0.001', 'cnn', 'params.lr is null', 'archived = true', "status = 'finished'"]
  const { tree } = fc.letrec<{ tree: { text: string; rows: ReadonlySet<number> } }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom(...clauses).map((text) => ({ text, rows: new Set(rows(text) as readonly number[]) })),
      tie('tree').map((inner) => ({
        text: `NOT (${inner.text})`,
        rows: new Set([0, 1, 2, 3, 4]).difference(inner.rows),
      })),
      fc.array(tie('tree'), { minLength: 2, maxLength: 5 }).map((all) => ({
        text: all.map(({ text }) => `(${text})`).join(' AND '),
        rows: all.map((each) => each.rows).reduce((left, right) => left.intersection(right)),
      })),
      fc.array(tie('tree'), { minLength: 2, maxLength: 5 }).map((all) => ({
        text: all.map(({ text }) => `(${text})`).join(' OR '),
        rows: all.map((each) => each.rows).reduce((left, right) => left.union(right)),
      })),
    ),
  }))
  fc.assert(
    fc.property(tree, ({ text, rows: expected }) => {
      expect(new Set(rows(text) as readonly number[])).toEqual(expected)
    }),
  )
})

test('a filter of 20,000 terms compiles and runs', () => {
  const terms: Filter[] = Array.from({ length: 20_000 }, () => parsed('lr = auto'))
  const found = filterRows({ kind: 'or', terms, span: { from: 0, to: 0 } }, COLUMNS, ROWS, CLOCK)
  expect(found.ok && [...found.value]).toEqual([3])
})

test('LIKE agrees with a regular expression, and stays quick where one would not', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '%', '_', '🙂', '\n'), maxLength: 12 })
  fc.assert(
    fc.property(letters, letters, fc.boolean(), (pattern, text, ignoreCase) => {
      const expression = new RegExp(
        `^${pattern.replaceAll('%', '.*').replaceAll('_', '.')}$`,
        `su${ignoreCase ? 'i' : ''}`,
      )
      expect(compileLike(pattern, ignoreCase)(text)).toBe(expression.test(text))
    }),
    { numRuns: 1000 },
  )
  expect(compileLike('%a'.repeat(50) + '%b', false)('a'.repeat(20_000))).toBe(false)
})
