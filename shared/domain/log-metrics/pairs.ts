import { counterOf, isIgnored, isMeasure, isPlan, isProse, isQualifier, keyOfWords, LONGEST_KEY } from './names.ts'
import type { Piece } from './scan.ts'
import type { Counters } from './state.ts'

/** A key with its number, and how sure its form makes it. */
export interface Pair {
  readonly key: string
  readonly value: number
  /** Printed as a whole number without unit: a count, or a setting, as likely as a measure. */
  readonly whole: boolean
  /** `key: value` or `key=value`, rather than words before a number. */
  readonly separated: boolean
}

export interface ReadLine {
  readonly counters: Counters
  readonly pairs: readonly Pair[]
  /** `batch 3/10`, which counts within an epoch. */
  readonly fraction: { readonly done: number; readonly total: number } | null
  /** The line is made of pairs alone: hardly a word in it is outside of one. */
  readonly bare: boolean
}

interface Reader {
  readonly counters: { epoch?: number; epochTotal?: number; step?: number; stepTotal?: number; global?: boolean }
  readonly pairs: Pair[]
  fraction: { done: number; total: number } | null
  /** Words since the last value or break, which may turn out to be a key. */
  words: string[]
  separated: boolean
  /** A counter's name was read, and its number is awaited. */
  counter: 'epoch' | 'step' | undefined
  counterName: string
  /** The epoch's number was just read: a fraction behind it counts steps (`Epoch: [0][ 10/5005]`). */
  afterEpoch: boolean
}

/** Reads the counters and the key-value pairs of a line's pieces, in one pass. */
export function readPairs(pieces: readonly Piece[]): ReadLine {
  const reader: Reader = {
    counters: {},
    pairs: [],
    fraction: null,
    words: [],
    separated: false,
    counter: undefined,
    counterName: '',
    afterEpoch: false,
  }
  for (const [index, piece] of pieces.entries()) readPiece(reader, piece, pieces[index + 1])
  const { counters, pairs, fraction } = reader
  const words = pieces.filter(({ kind }) => kind === 'name').length
  const bare = pieces.at(-1)?.kind === 'number' && words <= 2 * pairs.length + 1
  return { counters, pairs, fraction, bare }
}

function readPiece(reader: Reader, piece: Piece, next: Piece | undefined): void {
  switch (piece.kind) {
    case 'name':
      readName(reader, piece.text)
      break
    case 'separator':
      // A separator before words (`Test set: Average loss`) is a heading; what follows is the key.
      if (next?.kind === 'name') clear(reader)
      else reader.separated = true
      break
    case 'number':
      readNumber(reader, piece.value, piece.whole && piece.unit === '')
      break
    case 'fraction':
      readFraction(reader, piece.done, piece.total)
      break
    case 'open':
    case 'close':
      break
    case 'gap':
      if (next?.kind !== 'number' && next?.kind !== 'fraction') clear(reader)
      break
    case 'break':
    case 'other':
      clear(reader)
      reader.afterEpoch &&= piece.kind === 'break'
      break
  }
}

function clear(reader: Reader): void {
  reader.words = []
  reader.separated = false
  reader.counter = undefined
}

function readName(reader: Reader, text: string): void {
  if (reader.separated) clear(reader)
  const before = reader.words.at(-1)
  const counter = before !== undefined && isPlan(before) ? undefined : counterOf(text)
  reader.counter = counter
  reader.counterName = text.toLowerCase()
  reader.afterEpoch = false
  reader.words.push(text)
}

function readNumber(reader: Reader, value: number, whole: boolean): void {
  const { counter } = reader
  if (counter !== undefined && whole && value >= 0) {
    setCounter(reader, counter, value)
    return
  }
  // Trainers with fractional epochs print them as a value; the step is then known from elsewhere.
  if (counter === undefined && reader.words.length > 0) addPair(reader, value, whole)
  clear(reader)
  reader.afterEpoch = false
}

function setCounter(reader: Reader, counter: 'epoch' | 'step', value: number, total?: number): void {
  const { counters } = reader
  if (counter === 'epoch' && counters.epoch === undefined) {
    counters.epoch = value
    if (total !== undefined) counters.epochTotal = total
  } else if (counter === 'step' && counters.step === undefined) {
    counters.step = value
    if (total !== undefined) counters.stepTotal = total
    if (reader.counterName === 'global_step') counters.global = true
  }
  clear(reader)
  reader.afterEpoch = counter === 'epoch'
}

function readFraction(reader: Reader, done: number, total: number): void {
  const { counter, words } = reader
  if (counter !== undefined && done <= total) {
    setCounter(reader, counter, done, total)
    return
  }
  const key = keyOfWords(wordsOfKey(words))
  if (reader.afterEpoch && reader.counters.step === undefined) {
    reader.counters.step = done
    reader.counters.stepTotal = total
  } else if (/acc|correct/i.test(key) && total > 0 && done <= total) {
    addPair(reader, done / total, false)
  } else if (reader.fraction === null && total > 0 && done <= total && /^(?:batch|batches|$)/i.test(key)) {
    reader.fraction = { done, total }
  }
  clear(reader)
}

function addPair(reader: Reader, value: number, whole: boolean): void {
  const { words, separated } = reader
  const chosen = wordsOfKey(words)
  const last = chosen.at(-1) ?? ''
  const key = keyOfWords(chosen)
  if (key === '' || key.length > LONGEST_KEY || isIgnored(key) || isIgnored(last) || isProse(last)) return
  // Words and a number without a sign between them are a key only if there is one word, or it names a measure.
  if (!separated && words.length > 1 && !isMeasure(last)) return
  reader.pairs.push({ key, value, whole, separated })
}

/** The words of a phrase that belong to the key: all of a short one, else the last with its qualifiers. */
function wordsOfKey(words: readonly string[]): readonly string[] {
  if (words.length <= 3 && !words.some(isProse)) return words
  let from = words.length - 1
  while (from > 0 && words.length - from < 4 && isQualifier(words[from - 1] ?? '')) from -= 1
  return words.slice(from)
}
