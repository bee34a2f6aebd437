import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Clause, Filter } from './ast.ts'
import { keysOf } from './ast.ts'
import { MLFLOW_FILTERS } from './mlflow-grammar.fixture.ts'
import { MOST_CHARACTERS, MOST_NESTING, parseFilter } from './parse.ts'
import { printFilter } from './print.ts'
import { parsed, withoutSpans } from './test-filter.fixture.ts'

const canonical = (text: string) => printFilter(parsed(text))

/** The error with the text that it points at. */
function problem(text: string): {
  readonly message: string
  readonly at: string
  readonly expected: readonly string[]
} {
  const result = parseFilter(text)
  if (result.ok) throw new Error(`${text} parses to ${printFilter(result.value)}`)
  const { message, from, to, expected } = result.error
  return { message, at: text.slice(from, to), expected }
}

describe('structure', () => {
  test('NOT binds closer than AND, AND closer than OR, in any case', () => {
    expect(canonical('not a = 1 AND b = 2 or c = 3 And d = 4')).toBe('NOT a = 1 AND b = 2 OR c = 3 AND d = 4')
    expect(withoutSpans(parsed('a = 1 or b = 2 and c = 3'))).toMatchObject({ kind: 'or', terms: [{}, { kind: 'and' }] })
    expect(canonical('(a = 1 or b = 2) and not (c = 3 or d = 4)')).toBe('(a = 1 OR b = 2) AND NOT (c = 3 OR d = 4)')
  })

  test('an empty text matches everything', () => {
    expect(withoutSpans(parsed('  '))).toEqual({ kind: 'and', terms: [] })
  })

  test('bare words search the name, several all together', () => {
    expect(canonical('cnn')).toBe('cnn')
    expect(canonical('cnn small')).toBe('cnn AND small')
    expect(canonical('cnn small AND lr > 0.1')).toBe('cnn AND small AND lr > 0.1')
    expect(canonical("\"two words\" or 'it''s'")).toBe("'two words' OR 'it''s'")
    expect(withoutSpans(parsed('lgbm-l15'))).toEqual({ kind: 'text', text: 'lgbm-l15' })
  })

  test('spans cover what was written', () => {
    const text = 'cnn and (min(val_loss) < 0.5 or not x in (1, 2))'
    const spans: string[] = []
    const walk = (filter: Filter) => {
      spans.push(text.slice(filter.span.from, filter.span.to))
      if ('terms' in filter) filter.terms.forEach(walk)
      if (filter.kind === 'not') walk(filter.term)
    }
    walk(parsed(text))
    expect(spans).toEqual([
      'cnn and (min(val_loss) < 0.5 or not x in (1, 2)',
      'cnn',
      'min(val_loss) < 0.5 or not x in (1, 2)',
      'min(val_loss) < 0.5',
      'not x in (1, 2)',
      'x in (1, 2)',
    ])
  })
})

describe('keys', () => {
  const key = (text: string) => {
    const [first] = keysOf(parsed(`${text} = 1`))
    return [first?.entity, first?.name, first?.aggregate]
  }

  test('have entities by any alias, quotes where needed, and aggregates', () => {
    expect(key('params.lr')).toEqual(['param', 'lr', null])
    expect(key('Parameters.model.lr')).toEqual(['param', 'model.lr', null])
    expect(key('metrics.val/acc')).toEqual(['metric', 'val/acc', null])
    expect(key('metrics.`a b`')).toEqual(['metric', 'a b', null])
    expect(key('metrics.sub."a b"')).toEqual(['metric', 'sub.a b', null])
    expect(key('"val acc"')).toEqual([null, 'val acc', null])
    expect(key('`it``s`')).toEqual([null, 'it`s', null])
    expect(key('best(val_acc)')).toEqual(['metric', 'val_acc', 'best'])
    expect(key('MIN( metrics.`val loss` )')).toEqual(['metric', 'val loss', 'min'])
  })

  test('that only look like entities stay bare', () => {
    expect(key('model.lr')).toEqual([null, 'model.lr', null])
    expect(key('dataset.batch_size')).toEqual([null, 'dataset.batch_size', null])
    expect(key('dataset.name')).toEqual(['dataset', 'name', null])
    expect(key('run.seed')).toEqual([null, 'run.seed', null])
    expect(key('run.run_id')).toEqual(['attribute', 'run_id', null])
  })
})

describe('values', () => {
  const value = (text: string) => {
    const filter = parsed(`x = ${text}`)
    return filter.kind === 'compare' ? withoutSpans(filter.value) : filter.kind
  }

  test('are strings, numbers, truths, durations, moments or bare words', () => {
    expect(value("'it''s'")).toEqual({ kind: 'string', text: "it's" })
    expect(value('"5"')).toEqual({ kind: 'string', text: '5' })
    expect(value('encoding-study')).toEqual({ kind: 'string', text: 'encoding-study' })
    expect(value('-1e-3')).toEqual({ kind: 'number', value: -0.001, text: '-1e-3' })
    expect(value('-inf')).toEqual({ kind: 'number', value: -Infinity, text: '-inf' })
    expect(value('NaN')).toEqual({ kind: 'number', value: Number.NaN, text: 'NaN' })
    expect(value('True')).toEqual({ kind: 'boolean', value: true, text: 'True' })
    expect(value('1h30m')).toEqual({ kind: 'duration', milliseconds: 5_400_000, text: '1h30m' })
    expect(value('5 min')).toEqual({ kind: 'duration', milliseconds: 300_000, text: '5 min' })
    expect(value('7 days ago')).toEqual({
      kind: 'moment',
      moment: { kind: 'ago', milliseconds: 604_800_000 },
      text: '7 days ago',
    })
    expect(value('Today')).toEqual({ kind: 'moment', moment: { kind: 'named', word: 'today' }, text: 'Today' })
    expect(value('2026-11-01 14:20')).toEqual({
      kind: 'moment',
      moment: {
        kind: 'calendar',
        year: 2026,
        month: 11,
        day: 1,
        time: { hour: 14, minute: 20, second: null, millisecond: null },
        zone: null,
      },
      text: '2026-11-01 14:20',
    })
  })
})

describe('errors point at the character', () => {
  const cases: readonly (readonly [text: string, at: string, message: RegExp])[] = [
    ['lr > ', '', /value is missing/],
    ['lr > 0.1 adn loss < 1', 'adn', /AND or OR should stand before "adn"/],
    ['cnn lr > 0.1', 'lr', /AND or OR should stand before "lr"/],
    ['lr > 0.1 && loss < 1', '&&', /Write AND/],
    ['lr > 0.1 || loss < 1', '||', /Write OR/],
    ['(lr > 0.1', '(', /never closed/],
    ['lr > 0.1)', ')', /No parenthesis is open/],
    ['name = "cnn', '"cnn', /quote is never closed/],
    ['name = `cnn`', '`cnn`', /Back-ticks quote keys/],
    ["'name' = 5", '=', /Single quotes are for values/],
    ['median(loss) < 1', 'median', /no function median/],
    ['min(params.lr) < 1', 'params.lr', /of a metric/],
    ['x not 5', '5', /LIKE, ILIKE or IN/],
    ['x is 5', '5', /NULL or NOT NULL/],
    ['x in 5', '5', /list in parentheses/],
    ['x in ()', ')', /value should stand here/],
    ['x in (1 2)', '2', /comma/],
    ['exists x', 'x', /exists\(key\)/],
    ['and x = 1', 'and', /clause should stand here/],
    ['x = 1 and', '', /clause is missing at the end/],
    ['x = and', 'and', /value should stand here/],
    ['started > 2026-02-31', '2026-02-31', /not in the calendar/],
    ['metrics.acc > 1; metrics.b > 2', ';', /AND or OR/],
    ['x ! 5', '!', /operator should stand here/],
    ['x = = 5', '=', /value should stand here/],
  ]
  test.each(cases)('%s', (text, at, message) => {
    expect(problem(text)).toMatchObject({ at, message: expect.stringMatching(message) })
  })

  test('and say what could stand there', () => {
    expect(problem('lr > 0.1 x').expected).toEqual(['AND', 'OR'])
    expect(problem('metrics.lr is').expected).toEqual(['NULL', 'NOT NULL'])
  })
})

describe('bounds', () => {
  test('nesting', () => {
    const nested = (depth: number) => `${'('.repeat(depth)}a = 1${')'.repeat(depth)}`
    expect(parseFilter(nested(MOST_NESTING)).ok).toBe(true)
    expect(problem(nested(MOST_NESTING + 1)).message).toMatch(/inside one another/)
    expect(problem('not '.repeat(100_000)).message).toMatch(/most|inside one another/)
    expect(problem('('.repeat(MOST_CHARACTERS)).message).toMatch(/inside one another/)
  })

  test('length', () => {
    expect(problem('x'.repeat(MOST_CHARACTERS + 1)).message).toMatch(/are the most/)
    const wide = Array.from({ length: 20_000 }, (_, index) => `a = ${index}`).join(' OR ')
    expect(withoutSpans(parsed(wide))).toMatchObject({ kind: 'or', terms: { length: 20_000 } })
  })
})

test('reads what MLflow reads, as MLflow reads it', () => {
  const entities: Readonly<Record<string, string>> = { parameter: 'param' }
  const bare = new Set(['status', 'run_name', 'start_time', 'end_time', 'user_id', 'artifact_uri'])
  for (const [text, clauses] of MLFLOW_FILTERS) {
    const filter = parsed(text)
    const terms = 'terms' in filter ? filter.terms : [filter]
    const read = terms.map((term) => asMlflow(term as Clause))
    const meant = clauses.map(([type, key, operator, value]) => {
      const entity = bare.has(key) && !text.includes(`.${key}`) ? null : (entities[type] ?? type)
      return [entity, key, operator, value]
    })
    expect([text, read]).toEqual([text, meant])
  }
})

function asMlflow(clause: Clause): readonly unknown[] {
  if (clause.kind === 'text') return ['text', clause.text]
  const { entity, name } = clause.key
  if (clause.kind === 'exists') return [entity, name, clause.negated ? 'IS NULL' : 'IS NOT NULL', null]
  const not = clause.kind !== 'compare' && clause.negated ? 'NOT ' : ''
  if (clause.kind === 'like') return [entity, name, `${not}${clause.ignoreCase ? 'ILIKE' : 'LIKE'}`, clause.pattern]
  if (clause.kind === 'in') return [entity, name, `${not}IN`, clause.values.map((value) => value.text)]
  const time = name.endsWith('_time') || name.toLowerCase() === 'created'
  return [entity, name, clause.operator, time ? Number(clause.value.text) : clause.value.text]
}

test('never throws, and errors lie inside the text', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '(',
      ')',
      ' ',
      'AND ',
      ' or ',
      'not ',
      '=',
      '!=',
      '<',
      "'",
      '"',
      '`',
      ',',
      'in',
      ' like ',
      ' is ',
      'null',
    ),
    fc.constantFrom(
      'metrics.',
      'a',
      'min(',
      'exists(',
      '5m',
      ' ago',
      '2026-11-01',
      '1e5',
      '&',
      ';',
      '\u0000',
      '\ud800',
    ),
    fc.string({ unit: 'binary', maxLength: 4 }),
  )
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(piece, { maxLength: 30 }).map((all) => all.join('')),
  )
  fc.assert(
    fc.property(text, (written) => {
      const result = parseFilter(written)
      if (result.ok) {
        // Whatever parses also prints to something that parses to the same.
        expect(withoutSpans(parsed(printFilter(result.value)))).toEqual(withoutSpans(result.value))
        return
      }
      const { from, to, message } = result.error
      expect(0 <= from && from <= to && to <= written.length && message.length > 0).toBe(true)
    }),
    { numRuns: 3000 },
  )
})
