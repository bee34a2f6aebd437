import { stripEscapes } from '../control-characters.ts'
import { numberOfLiteral, parseDict, type Literal } from './literal.ts'
import { isIgnored, isMeasure, LONGEST_KEY } from './names.ts'
import { type Pair, readPairs } from './pairs.ts'
import { scan } from './scan.ts'
import { type Counters, emit, type LogPoint, type LogProgress, type LogState, withCounters } from './state.ts'
import {
  type BarLine,
  readBar,
  readBoosting,
  readBoxRow,
  readKeras,
  readTableHeader,
  readTableRow,
} from './trainers.ts'

export interface LogStep {
  readonly state: LogState
  readonly points: readonly LogPoint[]
  readonly progress?: LogProgress
}

/** Longer lines than this are data, not what a trainer prints about itself. */
const LONGEST_LINE = 16_384

/** How many overwritten pieces of a line are looked through for its last progress bar. */
const BARS_BACK = 6

/**
 * Reads one line of a training's output.
 *
 * A pure fold: the state of the last line goes in, the next comes out. Of a progress bar only the last drawing counts.
 *
 * @param line without its line feed, with its carriage returns and escape sequences; any length, any bytes.
 * @returns the points of the line, and how far the training is where the line says so. Never throws; linear in the line.
 */
export function readLogLine(state: LogState, line: string): LogStep {
  const drawn = lastDrawn(line)
  const before = takeOverwrittenBar(state, line, drawn.from)
  const text = drawn.text
  if (text === '') return { state: before, points: [] }
  if (text.length > LONGEST_LINE || isBinary(text)) return { state: { ...before, dump: 0 }, points: [] }
  return (
    readDictLine(before, text) ??
    readBoostingLine(before, text) ??
    readKerasLine(before, text) ??
    readTableLine(before, text) ??
    readBarLine(before, text, line) ??
    readPlainLine(before, text)
  )
}

/** The progress that a line shows while it is still being drawn; for the live end of a log. */
export function readLogProgress(line: string): LogProgress | undefined {
  const { text } = lastDrawn(line)
  if (text.length > LONGEST_LINE) return undefined
  const bar = readBar(text) ?? readKeras(text)
  return bar === undefined || bar.total === null ? undefined : { unit: 'step', done: bar.done, total: bar.total }
}

/** What the carriage returns leave: the last piece that is not blank. */
function lastDrawn(line: string): { readonly text: string; readonly from: number } {
  let end = line.length
  while (end > 0) {
    const from = line.lastIndexOf('\r', end - 1) + 1
    const piece = line.slice(from, end)
    if (piece.length > LONGEST_LINE * 2) return { text: piece, from }
    const text = stripEscapes(piece).replaceAll('\b', '').trim()
    if (text !== '' || from === 0) return { text, from }
    end = from - 1
  }
  return { text: '', from: 0 }
}

/** Hugging Face draws its bar, wipes it, prints its dict, and draws it again: the bar's count is the dict's step. */
function takeOverwrittenBar(state: LogState, line: string, from: number): LogState {
  let end = from - 1
  for (let tries = 0; tries < BARS_BACK && end > 0; tries += 1) {
    const start = line.lastIndexOf('\r', end - 1) + 1
    const piece = line.slice(start, end)
    const bar = piece.length > LONGEST_LINE ? undefined : readBar(stripEscapes(piece))
    if (bar !== undefined) return withBar(state, bar)
    end = start - 1
  }
  return state
}

/** A bar inside an unfinished one (an evaluation, a download) does not replace it. */
function withBar(state: LogState, bar: { readonly done: number; readonly total: number | null }): LogState {
  const { done, total } = bar
  if (total === null || total === 0) return state
  const replaces = state.bar === null || state.bar.total === total || state.bar.done >= state.bar.total
  return replaces ? { ...state, bar: { done, total } } : state
}

function isBinary(text: string): boolean {
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  return /[\u0000-\u0007\u000e-\u001a\ufffd]/.test(text)
}

type Values = readonly (readonly [key: string, value: number])[]

function finish(state: LogState, counters: Counters, values: Values): LogStep {
  const moved = emit({ ...withCounters(state, counters), dump: 0 }, values, counters)
  const progress = progressOf(counters)
  return progress === undefined ? moved : { ...moved, progress }
}

function progressOf(counters: Counters): LogProgress | undefined {
  const { epoch, epochTotal, step, stepTotal } = counters
  if (epoch !== undefined && epochTotal !== undefined) return { unit: 'epoch', done: epoch, total: epochTotal }
  if (epoch === undefined && step !== undefined && stepTotal !== undefined) {
    return { unit: 'step', done: step, total: stepTotal }
  }
  return undefined
}

/** Dicts and JSON, alone or behind a prefix; taken where a number in them is a measure. */
function readDictLine(state: LogState, text: string): LogStep | undefined {
  const open = text.indexOf('{')
  const parsed = open === -1 ? undefined : parseDict(text, open)
  if (parsed === undefined) return undefined
  const flat = new Map<string, number>()
  flatten(parsed.value, '', flat)
  const named = countersOf(flat)
  const prefix = readPairs(scan(text.slice(0, open))).counters
  const barred = named.step === undefined && prefix.step === undefined && state.bar !== null && 'epoch' in parsed.value
  const counters = { ...prefix, ...named, ...(barred ? { step: state.bar.done, global: true } : {}) }
  const counted = counters.epoch !== undefined || counters.step !== undefined || flat.has('epoch')
  const values = [...flat].filter(([key]) => key === 'epoch' || !isIgnored(key))
  const measured = values.some(([key, value]) => isMeasure(key) && (counted || !Number.isInteger(value)))
  return measured ? finish(state, counters, values) : { state: { ...state, dump: state.dump + 1 }, points: [] }
}

function flatten(value: Readonly<Record<string, Literal>>, prefix: string, into: Map<string, number>): void {
  for (const [name, inner] of Object.entries(value)) {
    const key = prefix + name
    if (key.length > LONGEST_KEY || into.size > 500) continue
    const number = numberOfLiteral(inner)
    if (number !== undefined) into.set(key, number)
    else if (typeof inner === 'object' && inner !== null && !Array.isArray(inner)) {
      flatten(inner as Readonly<Record<string, Literal>>, `${key}/`, into)
    }
  }
}

const STEP_KEYS = ['global_step', 'trainer/global_step', '_step', 'step', 'iteration', 'iter', 'num_updates']

/** The counters of a dict. An epoch that is whole counts; one with a fraction stays among the values, to draw by. */
function countersOf(flat: Map<string, number>): Counters {
  const epoch = flat.get('epoch')
  const stepKey = STEP_KEYS.find((key) => Number.isInteger(flat.get(key)))
  const step = stepKey === undefined ? undefined : flat.get(stepKey)
  if (epoch !== undefined && Number.isInteger(epoch) && stepKey === undefined) flat.delete('epoch')
  if (stepKey !== undefined) for (const key of STEP_KEYS) flat.delete(key)
  return {
    ...(epoch !== undefined && Number.isInteger(epoch) ? { epoch } : {}),
    ...(step === undefined ? {} : { step, global: true }),
  }
}

function readBoostingLine(state: LogState, text: string): LogStep | undefined {
  const read = readBoosting(text)
  return read === undefined ? undefined : finish(state, read.counters, read.values)
}

/** Keras: only the whole bar counts; one without its own header is an evaluation. */
function readKerasLine(state: LogState, text: string): LogStep | undefined {
  const bar = readKeras(text)
  if (bar === undefined) return undefined
  const progress = bar.total === null ? {} : { progress: { unit: 'step', done: bar.done, total: bar.total } as const }
  if (bar.total !== null && bar.done < bar.total) return { state, points: [], ...progress }
  const evaluation = !state.epochOpen && state.epoch !== null
  const values = bar.pairs.map(({ key, value }) => [evaluation ? `evaluate_${key}` : key, value] as const)
  return { ...finish({ ...state, epochOpen: false }, {}, values), ...progress }
}

/** Tables: a header whose rows follow, for fastai, scikit-learn and ultralytics. */
function readTableLine(state: LogState, text: string): LogStep | undefined {
  const header = readTableHeader(text)
  if (header !== undefined) return { state: { ...state, table: header, dump: 0 }, points: [] }
  if (state.table !== null) {
    const bar = readBar(text)
    const complete = bar === undefined || bar.done === bar.total
    const row = readTableRow(state.table, bar === undefined ? text : bar.before.replace(/:\s*$/, ''))
    if (row !== undefined) return complete ? finish(state, row.counters, row.values) : { state, points: [] }
  }
  const box = readBoxRow(text)
  if (box === undefined) return undefined
  const [key, value] = box
  if (key === 'total_timesteps') return { state: withCounters(state, { step: value, global: true }), points: [] }
  return isMeasure(key) ? finish(state, {}, [box]) : { state, points: [] }
}

/** A bar counts at its end; redrawn inside its epoch it is only progress. */
function readBarLine(state: LogState, text: string, line: string): LogStep | undefined {
  const bar = readBar(text)
  if (bar === undefined) return undefined
  const after = withBar(state, bar)
  const { counters } = readPairs(scan(bar.before))
  const shown = progressOf(counters) ?? barProgress(bar)
  const progress = shown === undefined ? {} : { progress: shown }
  const values = barValues(bar, counters)
  const redrawn =
    (counters.epoch !== undefined || line.includes('\u001b[A')) && bar.total !== null && bar.done < bar.total
  if (values.length === 0 || redrawn) return { state: withCounters(after, counters), points: [], ...progress }
  const inEpoch = counters.epoch !== undefined || counters.step !== undefined || after.epoch !== null
  return { ...finish(after, inEpoch ? counters : { step: bar.done, global: true }, values), ...progress }
}

function barProgress(bar: BarLine): LogProgress | undefined {
  return bar.total === null ? undefined : { unit: 'step', done: bar.done, total: bar.total }
}

function barValues(bar: BarLine, counters: Counters): Values {
  if (counters.epoch === undefined && !bar.pairs.some(({ key }) => isMeasure(key))) return []
  return bar.pairs.flatMap(({ key, value, whole }) => (whole && !isMeasure(key) ? [] : [[key, value] as const]))
}

/** `NAME(...)` prints an object: a namespace, an optimiser, a layer. */
const CONSTRUCTOR = /^[\w.]{1,80}\s?\(/

/** `key: value` and nothing else. */
const SETTING = /^["']?[\w.\- ]{1,80}["']?\s{0,40}[:=]\s*\S/

function readPlainLine(state: LogState, text: string): LogStep {
  const { counters, pairs, fraction, bare } = readPairs(scan(text))
  const counted = counters.epoch !== undefined || counters.step !== undefined
  if (CONSTRUCTOR.test(text) && !counted) return { state, points: [] }
  if (counted) return readCountedLine(state, text, counters, pairs)
  const measures = pairs.filter((pair) => isCertain(pair, bare))
  if (measures.length === 0) {
    const progress = fraction === null ? {} : { progress: { unit: 'step', ...fraction } as const }
    return { state: { ...state, dump: SETTING.test(text) ? state.dump + 1 : 0 }, points: [], ...progress }
  }
  const values = measures.map(({ key, value }) => [key, value] as const)
  return state.dump >= 2 ? holdBack(state, values) : finish(state, {}, values)
}

/** With a counter in the line everything in it is a value; a line of the counter alone is a header. */
function readCountedLine(state: LogState, text: string, counters: Counters, pairs: readonly Pair[]): LogStep {
  if (CONSTRUCTOR.test(text) && text.includes('=')) return { state, points: [] }
  const header = counters.epoch !== undefined && pairs.length === 0
  const opened = header && /^[^\p{L}]*epoch\s\d+\/\d+$/iu.test(text) ? { ...state, epochOpen: true } : state
  return finish(
    opened,
    counters,
    pairs.map(({ key, value }) => [key, value] as const),
  )
}

/** Without a counter: a measure with a sign before its number, or in a line of pairs alone, that is no whole number. */
function isCertain({ key, value, whole, separated }: Pair, bare: boolean): boolean {
  return isMeasure(key) && !(whole && Number.isFinite(value)) && (separated || bare)
}

/** Inside a configuration a measure is believed when it comes again. */
function holdBack(state: LogState, values: Values): LogStep {
  const known = values.filter(([key]) => state.keys.has(key) || state.pending.has(key))
  if (known.length === values.length) return finish(state, {}, values)
  const pending = state.pending.size > 200 ? state.pending : new Set([...state.pending, ...values.map(([key]) => key)])
  return { state: { ...state, pending, dump: state.dump + 1 }, points: [] }
}
