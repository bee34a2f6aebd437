import { describe, expect, it } from 'vitest'
import {
  double,
  type Fields,
  flag,
  object,
  objects,
  optionalText,
  queryFields,
  runId,
  text,
  texts,
  wireDouble,
} from './fields.ts'
import { optionalInteger, optionalTime } from './whole-numbers.ts'

/** What a reader gives, or the words of its refusal. */
function read<Value>(reader: (fields: Fields, name: string) => Value, value: unknown): Value | string {
  try {
    return reader({ field: value }, 'field')
  } catch (error) {
    return error instanceof Error ? `refused: ${error.message.split('. See ')[0]}` : 'threw something else'
  }
}

const refused = (value: string, type: string): string =>
  `refused: Invalid value ${value} for parameter 'field' supplied:  Hint: Value was of type '${type}'`

describe('texts', () => {
  it('are texts and nothing else', () => {
    expect([undefined, null, '', 'a', 1, true, ['a'], {}].map((value) => read(optionalText, value))).toEqual([
      undefined,
      undefined,
      '',
      'a',
      refused('1', 'int'),
      refused('true', 'bool'),
      refused('["a"]', 'list'),
      refused('{}', 'dict'),
    ])
    expect(read(text, '')).toBe("refused: Missing value for required parameter 'field'")
  })

  it('in a list, or one alone as a query has it', () => {
    expect([undefined, 'a', ['a', 'b'], ['a', 1], {}].map((value) => read(texts, value))).toEqual([
      [],
      ['a'],
      ['a', 'b'],
      refused('["a",1]', 'list'),
      refused('{}', 'dict'),
    ])
  })
})

describe('numbers', () => {
  it('that are whole, also as texts, within 64 bits', () => {
    const given = [undefined, null, 0, -3, '12', '-12', 1e15, 1.5, '1.5', '', ' 1', '0x10', true, [], '1e3']
    expect(given.map((value) => read(optionalInteger, value))).toEqual([
      undefined,
      undefined,
      0,
      -3,
      12,
      -12,
      1e15,
      refused('1.5', 'float'),
      refused('"1.5"', 'str'),
      refused('""', 'str'),
      refused('" 1"', 'str'),
      refused('"0x10"', 'str'),
      refused('true', 'bool'),
      refused('[]', 'list'),
      1_000,
    ])
    // The greatest and the smallest of 64 bits become the nearest doubles within them.
    expect(
      ['9223372036854775807', '-9223372036854775808', -(2 ** 63)].map((value) => read(optionalInteger, value)),
    ).toEqual([2 ** 63 - 1024, -(2 ** 63), -(2 ** 63)])
    for (const value of [1e300, '9'.repeat(30), '9'.repeat(1e6), -1e300, 2 ** 63, 2 ** 64, Number('1e999')])
      expect(read(optionalInteger, value)).toMatch(/^refused: Invalid value/)
  })

  it('of time may have a fraction, but not be endless', () => {
    const time = (fields: Fields, name: string): unknown => optionalTime(fields, name, () => fields)
    expect([1.9, -1.9, '12', undefined].map((value) => read(time, value))).toEqual([1, -1, 12, undefined])
    for (const value of [Number('1e999'), -Number('1e999'), 1e300, '1.5'])
      expect(read(time, value)).toMatch(/^refused: Invalid value/)
  })

  it('that are doubles, with the words that JSON lacks', () => {
    const given = [
      0.5,
      '0.5',
      ' 1e-3 ',
      '+2',
      '.5',
      'NaN',
      'nan',
      'Infinity',
      '-Infinity',
      'inf',
      '-inf',
      Number('1e999'),
    ]
    expect(given.map((value) => read(double, value))).toEqual([
      0.5,
      0.5,
      0.001,
      2,
      0.5,
      Number.NaN,
      Number.NaN,
      Infinity,
      -Infinity,
      Infinity,
      -Infinity,
      Infinity,
    ])
    for (const value of ['0x10', '1_000', 'one', '1e', '--1', true, [], {}])
      expect(read(double, value)).toMatch(/^refused: Invalid value/)
    for (const value of [undefined, null, '']) expect(read(double, value)).toMatch(/^refused: Missing value/)
  })

  it('are written as JSON can hold them', () => {
    expect([0.1, -0, Number.NaN, Infinity, -Infinity].map(wireDouble)).toEqual([
      0.1,
      -0,
      'NaN',
      'Infinity',
      '-Infinity',
    ])
  })
})

it('objects and lists of them', () => {
  expect([undefined, [], [{ a: 1 }], {}, [1], [null], [[]], 'a'].map((value) => read(objects, value))).toEqual([
    [],
    [],
    [{ a: 1 }],
    refused('{}', 'dict'),
    refused('[1]', 'list'),
    refused('[null]', 'list'),
    refused('[[]]', 'list'),
    refused('"a"', 'str'),
  ])
  expect([undefined, null, { a: 1 }, [], 'a'].map((value) => read(object, value))).toEqual([
    {},
    {},
    { a: 1 },
    refused('[]', 'list'),
    refused('"a"', 'str'),
  ])
})

it('flags as JSON and as a query have them', () => {
  expect([undefined, null, true, false, 'true', 'False', 1, 'yes'].map((value) => read(flag, value))).toEqual([
    false,
    false,
    true,
    false,
    true,
    false,
    refused('1', 'int'),
    refused('"yes"', 'str'),
  ])
})

it('a run is named by either of its names', () => {
  expect([
    runId({ run_id: 'a', run_uuid: 'b' }),
    runId({ run_id: '', run_uuid: 'b' }),
    runId({ run_uuid: 'b' }),
  ]).toEqual(['a', 'b', 'b'])
  expect(() => runId({})).toThrow("Missing value for required parameter 'run_id'.")
})

it('a query’s keys may come often, and have any name', () => {
  const fields = queryFields('a=1&b=x&b=y&b=z&__proto__=p&constructor=c')
  expect(Object.entries(fields)).toEqual([
    ['a', '1'],
    ['b', ['x', 'y', 'z']],
    ['__proto__', 'p'],
    ['constructor', 'c'],
  ])
  expect(Object.getPrototypeOf(fields)).toBe(Object.prototype)
})
