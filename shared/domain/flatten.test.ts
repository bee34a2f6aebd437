import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FLATTEN_BOUNDS, flattenConfig } from './flatten.ts'

test('nested keys are dotted, plain lists stay one value', () => {
  const config = {
    model: { name: 'cnn', lr: 1e-3, layers: [{ size: 8 }, { size: 16 }] },
    betas: [0.9, 0.999],
    tags: ['a', 'b "c"'],
    amp: true,
    note: null,
    empty: {},
    none: [],
    since: new Date(0),
    loss: Number.NaN,
    big: 10n ** 20n,
  }
  expect(flattenConfig(config)).toEqual({
    values: {
      'model.name': 'cnn',
      'model.lr': '0.001',
      'model.layers.0.size': '8',
      'model.layers.1.size': '16',
      betas: '[0.9, 0.999]',
      tags: '["a", "b \\"c\\""]',
      amp: 'true',
      note: 'null',
      empty: '{}',
      none: '[]',
      since: '1970-01-01T00:00:00.000Z',
      loss: 'NaN',
      big: '100000000000000000000',
    },
    leftOut: 0,
  })
})

test('what is no configuration gives nothing', () => {
  expect([undefined, null, 5, 'text', true].map((value) => flattenConfig(value).values)).toEqual([{}, {}, {}, {}, {}])
  expect(flattenConfig([1, { a: 2 }]).values).toEqual({ '0': '1', '1.a': '2' })
})

test('bounds hold, and what they leave out is counted', () => {
  const loop: { inner?: unknown; lr: number } = { lr: 1 }
  loop.inner = loop
  const looped = flattenConfig(loop)
  expect([Object.keys(looped.values).length, looped.leftOut]).toEqual([FLATTEN_BOUNDS.depth, 1])

  const wide = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`k${index}`, index]))
  expect([Object.keys(flattenConfig(wide).values).length, flattenConfig(wide).leftOut]).toEqual([1_000, 4_000])

  const long = flattenConfig({ text: 'x'.repeat(1_000_000), ['k'.repeat(300)]: 1 })
  expect([long.values['text']?.length, long.values['text']?.endsWith('x…'), long.leftOut]).toEqual([6_000, true, 2])

  // Two ways to the same key: the first stays.
  expect(flattenConfig({ 'a.b': 1, a: { b: 2 } })).toEqual({ values: { 'a.b': '1' }, leftOut: 1 })
  expect(Object.keys(flattenConfig(JSON.parse('{"__proto__": {"x": 1}}')).values)).toEqual(['__proto__.x'])
})

test('any JSON: within bounds, and each key leads back to its value', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5, noUnicodeString: false }), (config) => {
      const { values } = flattenConfig(config)
      for (const [key, text] of Object.entries(values)) {
        expect(key.length <= FLATTEN_BOUNDS.keyLength && text.length <= FLATTEN_BOUNDS.valueLength).toBe(true)
      }
    }),
  )
  const name = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 3 })
  const record = fc.dictionary(name, fc.dictionary(name, fc.integer(), { minKeys: 1 }))
  fc.assert(
    fc.property(record, (config) => {
      const expected = Object.entries(config).flatMap(([outer, inner]) =>
        Object.entries(inner).map(([key, value]) => [`${outer}.${key}`, String(value)]),
      )
      expect(flattenConfig(config).values).toEqual(Object.keys(config).length === 0 ? {} : Object.fromEntries(expected))
    }),
  )
})
