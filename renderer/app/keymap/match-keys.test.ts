import { describe, expect, it } from 'vitest'
import { matchKeys, nothingPending, type Pending, type Press } from './match-keys.ts'

const press = (key: string, held: Partial<Press> = {}): Press => ({
  key,
  ctrl: false,
  meta: false,
  alt: false,
  shift: false,
  at: 0,
  ...held,
})
const bindings = [
  { id: 'palette', keys: 'Mod+K' },
  { id: 'runs', keys: 'g r' },
  { id: 'jobs', keys: 'g j' },
  { id: 'sheet', keys: '?' },
  { id: 'redo', keys: 'Mod+Shift+Z' },
  { id: 'undo', keys: 'Mod+Z' },
  { id: 'next', keys: 'j' },
]
const id = (key: Press, mac = false) => matchKeys(nothingPending, key, bindings, mac).id
const typed = (...keys: readonly Press[]) =>
  keys.reduce<{ pending: Pending; ids: readonly (string | undefined)[] }>(
    (now, key) => {
      const next = matchKeys(now.pending, key, bindings, false)
      return { pending: next.pending, ids: [...now.ids, next.id] }
    },
    { pending: nothingPending, ids: [] },
  ).ids

describe('chords', () => {
  it('take Control for Mod, and Command on a Mac', () => {
    expect(id(press('k', { ctrl: true }))).toBe('palette')
    expect(id(press('k', { meta: true }))).toBeUndefined()
    expect(id(press('k', { meta: true }), true)).toBe('palette')
    expect(id(press('k', { ctrl: true }), true)).toBeUndefined()
  })
  it('want exactly their modifiers', () => {
    expect(id(press('K', { ctrl: true, shift: true }))).toBeUndefined()
    expect(id(press('Z', { ctrl: true, shift: true }))).toBe('redo')
    expect(id(press('z', { ctrl: true }))).toBe('undo')
    expect(id(press('J', { shift: true }))).toBeUndefined()
    expect(id(press('j', { alt: true }))).toBeUndefined()
  })
  it('take a sign however it is typed', () => {
    expect(id(press('?', { shift: true }))).toBe('sheet')
    expect(id(press('?'))).toBe('sheet')
  })
})

describe('sequences', () => {
  it('wait for the next key, but not for ever', () => {
    expect(typed(press('g'), press('r', { at: 300 }))).toEqual([undefined, 'runs'])
    expect(typed(press('g'), press('r', { at: 3000 }))).toEqual([undefined, undefined])
  })
  it('go on with the key alone when it does not fit', () => {
    expect(typed(press('g'), press('?', { at: 10 }))).toEqual([undefined, 'sheet'])
    expect(typed(press('g'), press('g', { at: 10 }), press('j', { at: 20 }))).toEqual([undefined, undefined, 'jobs'])
  })
  it('do not mind modifiers on the way', () => {
    expect(typed(press('g'), press('Shift', { shift: true, at: 5 }), press('j', { at: 10 }))).toEqual([
      undefined,
      undefined,
      'jobs',
    ])
  })
  it('take what belongs to them, and nothing else', () => {
    expect(matchKeys(nothingPending, press('g'), bindings, false).taken).toBe(true)
    expect(matchKeys(nothingPending, press('q'), bindings, false).taken).toBe(false)
  })
})

it('lets the later of two equal bindings win', () => {
  expect(
    matchKeys(
      nothingPending,
      press('c'),
      [
        { id: 'app', keys: 'c' },
        { id: 'screen', keys: 'c' },
      ],
      false,
    ).id,
  ).toBe('screen')
})
