import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { flatMeta, parseAnyMeta, parseMeta } from './meta.ts'

describe('parseMeta', () => {
  it('keeps every word as it stands, ids of 18 digits above all', () => {
    const text = [
      'artifact_location: file:C:\\Users\\lb\\stock-quant\\mlruns/127694301877723077',
      "experiment_id: '127694301877723077'",
      'legacy_id: 127694301877723077',
      'current_stage: None',
      'description: null',
      "entry_point_name: ''",
      'name: 894e27',
      'tags: []',
      'aliases: {}',
      'user_id:',
      '',
    ].join('\r\n')
    expect(parseMeta(text)).toEqual(
      new Map<string, unknown>([
        ['artifact_location', 'file:C:\\Users\\lb\\stock-quant\\mlruns/127694301877723077'],
        ['experiment_id', '127694301877723077'],
        ['legacy_id', '127694301877723077'],
        ['current_stage', 'None'],
        ['description', null],
        ['entry_point_name', ''],
        ['name', '894e27'],
        ['tags', []],
        ['aliases', new Map()],
        ['user_id', null],
      ]),
    )
  })

  it('reads what PyYAML makes of long, quoted and unicode words', () => {
    // yaml.safe_dump({'a': "it's", 'b': 'x: y # z', 'c': 'one\ntwo', 'd': 'w ' * 40, 'e': {'k': 'v'}, 'f': 'größe 🦊', 'g': 'null'}, allow_unicode=True)
    const text =
      "a: it's\nb: 'x: y # z'\nc: 'one\n\n  two'\nd: 'w w w w w w w w w w w w w w w w w w w w w w w w w w w w w w w w w w w w w w\n  w w '\ne:\n  k: v\nf: größe 🦊\ng: 'null'\n"
    expect(parseMeta(text)).toEqual(
      new Map<string, unknown>([
        ['a', "it's"],
        ['b', 'x: y # z'],
        ['c', 'one\ntwo'],
        ['d', 'w '.repeat(40)],
        ['e', new Map([['k', 'v']])],
        ['f', 'größe 🦊'],
        ['g', 'null'],
      ]),
    )
  })

  it.each([
    ['', 'it is empty'],
    ['- a\n- b\n', 'it is not a list of fields'],
    ['name: "cut o', 'it is not whole YAML (line 1)'],
    [`a: ${'['.repeat(100)}`, /not whole YAML|too deeply/],
    [`a: ${'['.repeat(60)}${']'.repeat(60)}`, 'it is nested too deeply'],
    ['a: 1\n--- \nb: 2\n', /not whole YAML/],
  ])('says what is wrong with %j', (text, why) => {
    expect(() => parseMeta(text)).toThrow(why)
  })

  it('does not follow aliases, so that none can blow it up', () => {
    const bomb = [
      'a0: &a0 [x, x, x, x]',
      ...Array.from({ length: 40 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}]`),
    ]
    expect(parseMeta(`${bomb.join('\n')}\nname: b\n`).get('name')).toBe('b')
  })

  it('reads a line a field as the whole parser does, or leaves it to that', () => {
    const word = fc.oneof(
      fc.string({ unit: fc.constantFrom(...`ab01:#'"-?,[]{}&*!|>%@~. \\/=éü🦊\t`.split('')), maxLength: 8 }),
      fc.string({ unit: 'grapheme', maxLength: 6 }),
      fc.constantFrom(
        'null',
        '~',
        'None',
        'true',
        '[]',
        '{}',
        "''",
        "'a b'",
        '""',
        '12',
        '-1',
        '1e5',
        'a: b',
        'a #b',
        'C:\\x',
        'x:/y',
      ),
    )
    const line = fc.tuple(fc.constantFrom('name', 'run_id', 'a.b', 'x-y'), fc.constantFrom(': ', ':'), word)
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 3 }), fc.constantFrom('\n', '\r\n'), (lines, newline) => {
        const text = lines.map(([key, colon, value]) => key + colon + value + newline).join('')
        const flat = flatMeta(text)
        if (flat !== undefined) expect(flat).toEqual(parseAnyMeta(text))
      }),
      { numRuns: 3000 },
    )
  })

  it('gives a mapping or an error in words for any text', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...`a:- \n'"[]{}&*#|>!%`.split('')) })),
        (text) => {
          try {
            expect(parseMeta(text)).toBeInstanceOf(Map)
          } catch (error) {
            expect((error as Error).message).toMatch(/^it is /)
          }
        },
      ),
      { numRuns: 2000 },
    )
  })
})
