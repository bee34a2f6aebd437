/**
 * How shortcuts are written in code: `Mod+K`, `Mod+Shift+I`, `Shift+Enter`, `?`, or a sequence `g r`.
 * Mod is Command on a Mac and Control elsewhere. A printable key stands for the character it types, so `?` needs no
 * Shift and works on every layout.
 */
export interface Chord {
  readonly key: string
  readonly mod: boolean
  readonly control: boolean
  readonly alt: boolean
  readonly shift: boolean
}

const names: Readonly<Record<string, string>> = {
  esc: 'escape',
  return: 'enter',
  up: 'arrowup',
  down: 'arrowdown',
  left: 'arrowleft',
  right: 'arrowright',
  space: ' ',
  plus: '+',
}

const parseChord = (text: string): Chord => {
  const parts = text === '+' ? ['+'] : text.split('+')
  const key = (parts.at(-1) ?? '').toLowerCase()
  const modifiers = parts.slice(0, -1).map((part) => part.toLowerCase())
  const known = ['mod', 'ctrl', 'alt', 'shift']
  const foreign = modifiers.find((part) => !known.includes(part))
  if (key === '' || foreign !== undefined) throw new Error(`Not a shortcut: "${text}"`)
  return {
    key: names[key] ?? key,
    mod: modifiers.includes('mod'),
    control: modifiers.includes('ctrl'),
    alt: modifiers.includes('alt'),
    shift: modifiers.includes('shift'),
  }
}

/** Reads `Mod+K` as one chord and `g r` as two. Throws on a modifier that does not exist. */
export const parseKeys = (keys: string): readonly Chord[] =>
  keys
    .trim()
    .split(/\s+/)
    .map((chord) => parseChord(chord))

const macSigns: Readonly<Record<string, string>> = {
  arrowup: '↑',
  arrowdown: '↓',
  arrowleft: '←',
  arrowright: '→',
  enter: '↵',
  backspace: '⌫',
  delete: '⌦',
  escape: 'Esc',
  tab: 'Tab',
  ' ': 'Space',
}
const otherSigns: Readonly<Record<string, string>> = { ...macSigns, enter: 'Enter', backspace: '⌫', delete: 'Del' }

const label = (key: string, mac: boolean, single: boolean): string => {
  const sign = (mac ? macSigns : otherSigns)[key]
  if (sign !== undefined) return sign
  if (key.length > 1) return key.charAt(0).toUpperCase() + key.slice(1)
  return single ? key : key.toUpperCase()
}

/** The key caps of a shortcut, in the order in which they are shown: `['⌘', 'K']`, or `['Ctrl', 'K']` elsewhere. */
export const formatKeys = (keys: string, mac: boolean): readonly string[] =>
  parseKeys(keys).flatMap((chord) => {
    const plain = !(chord.mod || chord.control || chord.alt || chord.shift)
    return [
      ...(chord.control ? [mac ? '⌃' : 'Ctrl'] : []),
      ...(chord.alt ? [mac ? '⌥' : 'Alt'] : []),
      ...(chord.mod ? [mac ? '⌘' : 'Ctrl'] : []),
      ...(chord.shift ? [mac ? '⇧' : 'Shift'] : []),
      label(chord.key, mac, plain),
    ]
  })

const ariaNames: Readonly<Record<string, string>> = {
  ' ': 'Space',
  arrowup: 'ArrowUp',
  arrowdown: 'ArrowDown',
  arrowleft: 'ArrowLeft',
  arrowright: 'ArrowRight',
}

/** The same for `aria-keyshortcuts`, in the words which that attribute wants. */
export const ariaKeys = (keys: string, mac: boolean): string =>
  parseKeys(keys)
    .map((chord) =>
      [
        ...(chord.control ? ['Control'] : []),
        ...(chord.alt ? ['Alt'] : []),
        ...(chord.mod ? [mac ? 'Meta' : 'Control'] : []),
        ...(chord.shift ? ['Shift'] : []),
        ariaNames[chord.key] ?? chord.key.charAt(0).toUpperCase() + chord.key.slice(1),
      ].join('+'),
    )
    .join(' ')

/** Whether this machine writes Command for Mod. */
export const onMac = (): boolean => typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform)
