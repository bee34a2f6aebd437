import { describe, expect, it } from 'vitest'
import { ariaKeys, formatKeys, parseKeys } from './keys.ts'

describe('parseKeys', () => {
  it('reads modifiers, names and sequences', () => {
    expect(parseKeys('Mod+Shift+K')).toEqual([{ key: 'k', mod: true, control: false, alt: false, shift: true }])
    expect(parseKeys('g r').map((chord) => chord.key)).toEqual(['g', 'r'])
    expect(parseKeys('Esc')[0]?.key).toBe('escape')
    expect(parseKeys('Mod+Plus')[0]).toMatchObject({ key: '+', mod: true })
    expect(parseKeys('+')[0]?.key).toBe('+')
  })
  it('refuses a modifier that does not exist', () => {
    expect(() => parseKeys('Hyper+K')).toThrow('Not a shortcut')
    expect(() => parseKeys('Mod+')).toThrow('Not a shortcut')
  })
})

describe('formatKeys', () => {
  it('writes what the machine has on its keys', () => {
    expect(formatKeys('Mod+Shift+I', true)).toEqual(['⌘', '⇧', 'I'])
    expect(formatKeys('Mod+Shift+I', false)).toEqual(['Ctrl', 'Shift', 'I'])
    expect(formatKeys('g r', false)).toEqual(['g', 'r'])
    expect(formatKeys('?', true)).toEqual(['?'])
    expect(formatKeys('Space', false)).toEqual(['Space'])
  })
  it('speaks ARIA', () => {
    expect(ariaKeys('Mod+K', false)).toBe('Control+K')
    expect(ariaKeys('Mod+K', true)).toBe('Meta+K')
    expect(ariaKeys('Alt+Up Enter', false)).toBe('Alt+ArrowUp Enter')
  })
})
