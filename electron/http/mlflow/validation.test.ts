import { describe, expect, it } from 'vitest'
import {
  checkExperimentId,
  checkKey,
  checkLength,
  checkRunId,
  LIMITS,
  pairsIn,
  runParam,
  runTag,
  strictTag,
  truncate,
} from './validation.ts'

const passes = (work: () => unknown): boolean => {
  try {
    work()
    return true
  } catch (error) {
    if (error instanceof Error && error.name === 'MlflowError') return false
    throw error
  }
}

describe('checkKey', () => {
  it('takes the names that MLflow takes', () => {
    const names = ['lr', 'train/loss', 'a b', 'a-b_c.d:e', 'Größe', '学習率', '1', '.hidden', 'a/.b', '__proto__']
    expect(names.filter((name) => !passes(() => checkKey(name, 'key')))).toEqual([])
  })

  it('refuses other characters, and names that would be other paths', () => {
    const names = [
      '',
      'a\nb',
      'a%',
      'a"b',
      'a\\b',
      '\0',
      '../a',
      '..',
      '...',
      '.',
      'a/',
      '/a',
      'a//b',
      'a/../b',
      './a',
      'a/.',
      '‹',
    ]
    expect(names.filter((name) => passes(() => checkKey(name, 'key')))).toEqual([])
  })

  it('says which name and why', () => {
    expect(() => checkKey('a%', 'params[2].key')).toThrow(
      `Invalid value "a%" for parameter 'params[2].key' supplied: Names may only contain`,
    )
    expect(() => checkKey('../a', 'key')).toThrow(`This name would resolve to '../a'`)
  })
})

describe('lengths', () => {
  it('count characters, not their halves', () => {
    const rocket = '🚀'.repeat(LIMITS.key)
    expect([
      passes(() => checkLength(rocket, LIMITS.key, 'key')),
      passes(() => checkLength(`${rocket}x`, LIMITS.key, 'key')),
    ]).toEqual([true, false])
  })

  it('cut between characters', () => {
    expect([truncate('abc', 3), truncate('abcd', 3), truncate('🚀🚀🚀', 2), truncate('a🚀b', 2)]).toEqual([
      'abc',
      'abc',
      '🚀🚀',
      'a🚀',
    ])
  })

  it('of values that are cut, and of those that are refused', () => {
    const long = 'v'.repeat(LIMITS.tagValue + 1)
    expect(runTag({ key: 'k', value: long }).value).toHaveLength(LIMITS.tagValue)
    expect(runParam({ key: 'k', value: long }).value).toHaveLength(LIMITS.paramValue)
    expect(() => strictTag({ key: 'k', value: long }, LIMITS.tagValue)).toThrow('exceeds the maximum length of 8000')
    const key = 'k'.repeat(LIMITS.key + 1)
    for (const make of [runTag, runParam]) expect(passes(() => make({ key, value: '' }))).toBe(false)
  })
})

it('pairs have a key, and a text or nothing as their value', () => {
  expect(pairsIn({ tags: [{ key: 'a', value: 'b' }, { key: 'c' }, { key: 'd', value: null }] }, 'tags')).toEqual([
    { key: 'a', value: 'b' },
    { key: 'c', value: '' },
    { key: 'd', value: '' },
  ])
  expect(() => pairsIn({ tags: [{ key: 'a' }, { value: 'b' }] }, 'tags')).toThrow("'tags[1].key'")
  expect(() => pairsIn({ tags: [{ key: 'a', value: 3 }] }, 'tags')).toThrow("'tags[0].value'")
})

it('ids that name places on the disk are plain names', () => {
  const bad = ['', '.', '..', '../x', 'a/b', 'a\\b', '-a', '_a', 'a b', 'a\n', 'a'.repeat(257), '%2e%2e']
  expect(bad.filter((id) => passes(() => checkRunId(id)))).toEqual([])
  expect(['a', '0f'.repeat(16), 'imported_run-1'].filter((id) => !passes(() => checkRunId(id)))).toEqual([])
  expect(['0', '841234567890123456', '-1'].filter((id) => !passes(() => checkExperimentId(id)))).toEqual([])
  expect(['', '1.0', 'x', '--1', '１', '9'.repeat(65)].filter((id) => passes(() => checkExperimentId(id)))).toEqual([])
})
