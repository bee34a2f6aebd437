import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Aggregate, ComparisonOperator, Entity, Filter, FilterKey, FilterValue } from './ast.ts'
import { parseFilter } from './parse.ts'
import { printFilter } from './print.ts'
import { parsed, withoutSpans } from './test-filter.fixture.ts'

test('writes one canonical form', () => {
  const text = `param.lr<>0.1 and (metric."a b" like "x%" or tag.t is not null) and run.status not in ("FAILED",'KILLED',)`
  expect(printFilter(parsed(text))).toBe(
    "params.lr != 0.1 AND (metrics.`a b` LIKE 'x%' OR exists(tags.t)) AND attributes.status NOT IN ('FAILED', 'KILLED')",
  )
})

const span = { from: 0, to: 0 }
const name = fc.oneof(
  fc.constantFrom(
    'lr',
    'val/acc',
    'model.lr',
    'a b',
    'and',
    'NOT',
    'metrics.x',
    'run.status',
    'min',
    '`',
    '"',
    "'",
    'x.',
  ),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 6 }),
)
const entity = fc.constantFrom<(Entity | null)[]>(null, 'attribute', 'metric', 'param', 'tag', 'dataset')
const aggregate = fc.constantFrom<Aggregate[]>('last', 'min', 'max', 'best')
const key: fc.Arbitrary<FilterKey> = fc.oneof(
  fc.record({ entity, name, aggregate: fc.constant(null), span: fc.constant(span) }),
  fc.record({ entity: fc.constant('metric' as const), name, aggregate, span: fc.constant(span) }),
)
const value: fc.Arbitrary<FilterValue> = fc.oneof(
  fc.string({ unit: 'binary' }).map((text): FilterValue => ({ kind: 'string', text, span })),
  fc.double().map((number): FilterValue => ({ kind: 'number', value: number, text: numberText(number), span })),
  fc.boolean().map((truth): FilterValue => ({ kind: 'boolean', value: truth, text: String(truth), span })),
  fc.nat(99).map((minutes): FilterValue => {
    return { kind: 'duration', milliseconds: minutes * 60_000, text: `${minutes}m`, span }
  }),
  fc.nat(99).map((days): FilterValue => {
    return { kind: 'moment', moment: { kind: 'ago', milliseconds: days * 86_400_000 }, text: `${days}d ago`, span }
  }),
)
const operator = fc.constantFrom<ComparisonOperator[]>('=', '!=', '<', '<=', '>', '>=')
const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 4 },
    fc.record({ kind: fc.constant('compare' as const), key, operator, value, span: fc.constant(span) }),
    fc.record({
      kind: fc.constant('like' as const),
      key,
      negated: fc.boolean(),
      ignoreCase: fc.boolean(),
      pattern: fc.string({ unit: 'binary' }),
      span: fc.constant(span),
    }),
    fc.record({
      kind: fc.constant('in' as const),
      key,
      negated: fc.boolean(),
      values: fc.array(value, { minLength: 1, maxLength: 3 }),
      span: fc.constant(span),
    }),
    fc.record({ kind: fc.constant('exists' as const), key, negated: fc.boolean(), span: fc.constant(span) }),
    fc.record({ kind: fc.constant('text' as const), text: name, span: fc.constant(span) }),
    fc.record({ kind: fc.constant('not' as const), term: tie('filter'), span: fc.constant(span) }),
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      terms: fc.array(tie('filter'), { minLength: 2, maxLength: 3 }),
      span: fc.constant(span),
    }),
  ),
}))

function numberText(number: number): string {
  return Object.is(number, -0) ? '-0' : String(number)
}

test('parsing what was printed gives the same filter, and printing that the same text', () => {
  fc.assert(
    fc.property(filter, (written) => {
      const text = printFilter(written)
      const back = parseFilter(text)
      expect([text, back.ok ? withoutSpans(back.value) : back.error]).toEqual([text, withoutSpans(written)])
      expect(back.ok && printFilter(back.value)).toBe(text)
    }),
    { numRuns: 2000 },
  )
})
