import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FilterSchema, FilterSchemaKey } from './complete.ts'
import { completeFilter } from './complete.ts'
import { fuzzyMatch } from './fuzzy.ts'
import { parseFilter } from './parse.ts'

function key(
  entity: FilterSchemaKey['entity'],
  name: string,
  kind: FilterSchemaKey['kind'],
  count: number,
  values: readonly string[] = [],
): FilterSchemaKey {
  const range = kind === 'number' ? { min: 0, max: 1 } : null
  return { entity, name, kind, count, range, values: values.map((text, index) => ({ text, count: 9 - index })) }
}

const SCHEMA: FilterSchema = {
  keys: [
    key('attribute', 'name', 'text', 214),
    key('attribute', 'status', 'text', 214, ['finished', 'running', "it's odd"]),
    key('attribute', 'started', 'time', 214),
    key('attribute', 'archived', 'boolean', 214),
    key('metric', 'val_auc', 'number', 200),
    key('metric', 'train_num_rows', 'number', 100),
    key('metric', 'val acc', 'number', 3),
    key('param', 'num_leaves', 'text', 120, ['31', '7']),
    key('param', 'num_layers', 'text', 40),
    key('param', 'lr', 'text', 90),
    key('param', 'linear_lambda', 'text', 30),
    key('tag', 'lr', 'text', 2),
  ],
}

/** Completes at the `|` and gives the labels. */
function labels(text: string): readonly string[] {
  const caret = text.indexOf('|')
  return completeFilter(text.replace('|', ''), caret, SCHEMA).map(({ label }) => label)
}

/** Takes the first suggestion at the `|`. */
function take(text: string): string {
  const caret = text.indexOf('|')
  const plain = text.replace('|', '')
  const [first] = completeFilter(plain, caret, SCHEMA)
  if (first === undefined) return 'nothing'
  return `${plain.slice(0, first.replaces.from)}${first.insert}|${plain.slice(first.replaces.to)}`
}

describe('keys', () => {
  test('rank by how and where they match, then by use', () => {
    expect(labels('num_l|')).toEqual(['num_leaves', 'num_layers'])
    expect(labels("status = 'a' and num|")).toEqual(['num_leaves', 'num_layers', 'train_num_rows'])
    expect(labels('lla|')).toEqual(['linear_lambda'])
    expect(completeFilter('leav', 4, SCHEMA)[0]).toMatchObject({
      label: 'num_leaves',
      matched: [4, 5, 6, 7],
      count: 120,
      key: { entity: 'param', range: null },
    })
  })

  test('are bare where that means them, else carry their entity', () => {
    expect(labels('lr|').slice(0, 2)).toEqual(['lr', 'tags.lr'])
    expect(labels('params.l|')).toEqual(['params.lr', 'params.linear_lambda', 'params.num_leaves', 'params.num_layers'])
    expect(take('tags.|')).toBe('tags.lr |')
  })

  test('are quoted where needed, also when half a quote is typed', () => {
    expect(take('val a|')).toBe('val AND |')
    expect(take('val_a|')).toBe('val_auc |')
    expect(take('`val |')).toBe('`val acc` |')
    expect(take('metrics.`val |')).toBe('metrics.`val acc` |')
  })

  test('inside functions', () => {
    expect(take('best(val|')).toBe('best(val_auc) |')
    expect(labels('min(|')).toEqual(['val_auc', 'train_num_rows', 'val acc'])
    expect(take('exists(lin|')).toBe('exists(linear_lambda) |')
    expect(take('bes|')).toBe('best(|')
  })

  test('replace the whole word that the caret stands in', () => {
    expect(take('num_l|xyz > 5')).toBe('num_leaves| > 5')
  })
})

test('operators fit the kind of the key', () => {
  expect(labels('val_auc |').slice(0, 4)).toEqual(['>', '>=', '<', '<='])
  expect(labels('status |').slice(0, 3)).toEqual(['=', '!=', 'LIKE'])
  expect(labels('attributes.status |').slice(0, 2)).toEqual(['=', '!='])
  expect(labels('archived |')).toEqual(['=', '!='])
  expect(labels('cnn |')).toContain('AND')
  expect(take('status li|')).toBe('status LIKE |')
  expect(labels('status not |')).toEqual(['LIKE', 'ILIKE', 'IN'])
  expect(labels('status is |')).toEqual(['NULL', 'NOT NULL'])
  expect(labels('status in |')).toEqual(['('])
  expect(labels('best(val_auc) |').slice(0, 1)).toEqual(['>'])
})

test('values are the distinct ones, quoted', () => {
  expect(take('status = |')).toBe("status = 'finished' |")
  expect(take('status = r|')).toBe("status = 'running' |")
  expect(take("status = 'it|")).toBe("status = 'it''s odd' |")
  expect(take('status IN (|')).toBe("status IN ('finished'|")
  expect(take("status IN ('running', fin|)")).toBe("status IN ('running', 'finished'|)")
  expect(labels('archived = |')).toEqual(['true', 'false'])
  expect(labels('started > |')).toEqual(['today', 'yesterday', '7d ago', '30d ago'])
  expect(labels('nothing = |')).toEqual([])
})

test('behind a clause stand the connectives', () => {
  expect(labels('val_auc > 0.5 |')).toEqual(['AND', 'OR'])
  expect(labels('(val_auc > 0.5 |')).toEqual(['AND', 'OR', ')'])
  expect(labels("status in ('a') |")).toEqual(['AND', 'OR'])
  expect(labels('started > 7d ago |')).toEqual(['AND', 'OR'])
  expect(labels('exists(lr) |')).toEqual(['AND', 'OR'])
  expect(labels('status is not null |')).toEqual(['AND', 'OR'])
})

test('anywhere in any text: in bounds, and no crash', () => {
  const piece = fc.constantFrom(
    'lr',
    'best(',
    ')',
    ' ',
    '=',
    "'a",
    '`b',
    ' and ',
    ' in (',
    ',',
    '5',
    'metrics.',
    ' not ',
    '!',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), fc.nat(40), (pieces, caret) => {
      const text = pieces.join('')
      for (const { replaces, label, matched } of completeFilter(text, caret, SCHEMA)) {
        expect(0 <= replaces.from && replaces.from <= replaces.to && replaces.to <= text.length).toBe(true)
        expect(matched.every((at) => at < label.length)).toBe(true)
      }
    }),
  )
})

test('what is taken leads to filters that parse', () => {
  const whole = [
    '|> 5',
    'val|> 5',
    'tags.| = 5',
    "status |'a'",
    'status = |',
    'best(|> 5',
    'status in (|)',
    '`val |> 5',
  ]
  const broken = whole.map((text) => take(text).replace('|', '')).filter((text) => !parseFilter(text).ok)
  expect(broken).toEqual([])
})

test('fuzzy matching prefers the start of a part', () => {
  expect(fuzzyMatch('acc', 'accuracy')).toEqual({ rank: 1, letters: [0, 1, 2] })
  expect(fuzzyMatch('acc', 'macc/val_acc')).toEqual({ rank: 2, letters: [9, 10, 11] })
  expect(fuzzyMatch('acc', 'acc')).toMatchObject({ rank: 0 })
  expect(fuzzyMatch('ac', 'xacx')).toMatchObject({ rank: 3 })
  expect(fuzzyMatch('vl', 'val')).toEqual({ rank: 4, letters: [0, 2] })
  expect(fuzzyMatch('lv', 'val')).toBeNull()
  expect(fuzzyMatch('i', 'İx')).toEqual({ rank: 3, letters: [] })
})
