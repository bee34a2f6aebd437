import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { tempFolder } from '#test/fixtures/temp-folder.ts'
import { openTokenStore } from './tokens.ts'

it('keeps each token for its project and address alone, over a restart', () => {
  const folder = tempFolder()
  const store = openTokenStore(folder)
  store.keep('a', 'http://h', 'one')
  store.keep('a', 'http://h/x', 'two')
  store.keep('b', 'http://h', 'three')
  store.keep('a', 'http://h', 'four')
  const next = openTokenStore(folder)
  expect(
    (
      [
        ['a', 'http://h'],
        ['a', 'http://h/x'],
        ['b', 'http://h'],
        ['b', 'http://h/x'],
        ['__proto__', 'constructor'],
        ['a', 'constructor'],
      ] as const
    ).map(([project, location]) => next.get(project, location)),
  ).toEqual(['four', 'two', 'three', undefined, undefined, undefined])
  next.forget('a', 'http://h')
  next.forget('a', 'http://h')
  next.forget('c', 'http://h')
  expect([store.get('a', 'http://h'), store.get('a', 'http://h/x')]).toEqual([undefined, 'two'])
})

it('lies in a file of the user alone, which goes with the last token', () => {
  const folder = tempFolder()
  const file = join(folder, 'import-tokens.json')
  const store = openTokenStore(folder)
  store.keep('a', 'http://h', 'one')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  store.forget('a', 'http://h')
  expect(statSync(file, { throwIfNoEntry: false })).toBeUndefined()
})

it('goes with its project', () => {
  const store = openTokenStore(tempFolder())
  store.keep('a', 'http://h', 'one')
  store.keep('b', 'http://h', 'two')
  store.forgetUnknown((project) => project === 'b')
  expect([store.get('a', 'http://h'), store.get('b', 'http://h')]).toEqual([undefined, 'two'])
})

it('begins anew where the file is damaged', () => {
  const folder = tempFolder()
  const file = join(folder, 'import-tokens.json')
  writeFileSync(file, '{"a": {"http')
  const store = openTokenStore(folder)
  expect(store.get('a', 'http://h')).toBeUndefined()
  store.keep('a', 'http://h', 'one')
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ a: { 'http://h': 'one' } })
  // What was in it is kept, for the user alone.
  expect(readFileSync(`${file}.damaged`, 'utf8')).toBe('{"a": {"http')
})

it('goes on with what can be used of a file of another shape', () => {
  const folder = tempFolder()
  const file = join(folder, 'import-tokens.json')
  const text = JSON.stringify({ a: { 'http://h': 'one', 'http://i': 7 }, b: 'x', c: { 'http://h': 'three' }, d: null })
  writeFileSync(file, text)
  const store = openTokenStore(folder)
  expect([store.get('a', 'http://h'), store.get('a', 'http://i'), store.get('c', 'http://h')]).toEqual([
    'one',
    undefined,
    'three',
  ])
  store.keep('d', 'http://h', 'four')
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    a: { 'http://h': 'one' },
    c: { 'http://h': 'three' },
    d: { 'http://h': 'four' },
  })
  expect(readFileSync(`${file}.damaged`, 'utf8')).toBe(text)
})
