import { parseKeys, type Chord } from '#renderer/ui/keys/keys.ts'

/** A key press as the browser reports it. */
export interface Press {
  readonly key: string
  readonly ctrl: boolean
  readonly meta: boolean
  readonly alt: boolean
  readonly shift: boolean
  /** Milliseconds; only differences count. */
  readonly at: number
}

export interface Binding {
  readonly id: string
  readonly keys: string
}

/** The presses of a sequence that has begun. */
export interface Pending {
  readonly presses: readonly Press[]
}

export const nothingPending: Pending = { presses: [] }

/** How long the next key of a sequence may take. */
export const SEQUENCE_MILLISECONDS = 1200

const modifierKeys = ['Control', 'Shift', 'Alt', 'Meta', 'AltGraph', 'CapsLock']

/**
 * Whether a press is a chord. A sign that needs Shift to be typed (`?`) needs none in the chord, whatever the layout;
 * letters and named keys want exactly the modifiers that the chord has.
 */
export const matchesChord = (chord: Chord, press: Press, mac: boolean): boolean => {
  const letter = /^\p{L}$/u.test(press.key)
  const sign = press.key.length === 1 && !letter && press.key !== ' '
  return (
    press.key.toLowerCase() === chord.key &&
    press.alt === chord.alt &&
    (sign || press.shift === chord.shift) &&
    press.ctrl === (mac ? chord.control : chord.mod || chord.control) &&
    press.meta === (mac ? chord.mod : false)
  )
}

const begins = (chords: readonly Chord[], presses: readonly Press[], mac: boolean): boolean =>
  presses.length <= chords.length &&
  presses.every((press, at) => {
    const chord = chords[at]
    return chord !== undefined && matchesChord(chord, press, mac)
  })

export interface Matched {
  readonly pending: Pending
  /** The binding that is complete: the last one, so that a screen's goes before the app's. */
  readonly id: string | undefined
  /** Whether the press was part of something, and is not to mean anything else. */
  readonly taken: boolean
}

/** One press more: completes a binding, begins or goes on with a sequence, or means nothing here. */
export const matchKeys = (pending: Pending, press: Press, bindings: readonly Binding[], mac: boolean): Matched => {
  if (modifierKeys.includes(press.key)) return { pending, id: undefined, taken: false }
  const last = pending.presses.at(-1)
  const fresh = last !== undefined && press.at - last.at <= SEQUENCE_MILLISECONDS
  for (const presses of fresh ? [[...pending.presses, press], [press]] : [[press]]) {
    const possible = bindings.filter((binding) => begins(parseKeys(binding.keys), presses, mac))
    const whole = possible.findLast((binding) => parseKeys(binding.keys).length === presses.length)
    if (whole !== undefined) return { pending: nothingPending, id: whole.id, taken: true }
    if (possible.length > 0) return { pending: { presses }, id: undefined, taken: true }
  }
  return { pending: nothingPending, id: undefined, taken: false }
}
