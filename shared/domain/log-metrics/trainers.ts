import { isIgnored, isMeasure, keyOfWords } from './names.ts'
import { type Pair, readPairs } from './pairs.ts'
import { scan } from './scan.ts'
import type { Counters } from './state.ts'

/** What a line in a known trainer's own form says. */
export interface TrainerLine {
  readonly counters: Counters
  readonly values: readonly (readonly [key: string, value: number])[]
}

const BRACKETED = /^\[(\d{1,12})\]\s+(\S.*)$/
const CATBOOST = /^(\d{1,12}):\t+((?:learn|test|best)\d{0,3}: .*)$/
const SIGNED = '[+-]?(?:\\d{1,24}(?:\\.\\d{0,24})?(?:e[+-]?\\d{1,4})?|nan|inf)'
const FIELD = new RegExp(`^(.{1,120}?):\\s?(${SIGNED})(?:\\s?\\+\\s?(${SIGNED}))?(?:\\s\\(.{0,20}\\))?$`, 'i')

/**
 * LightGBM (`[10]<tab>train's auc: 0.9`), XGBoost (`[10]<tab>train-logloss:0.41`), both also with their spread over
 * folds (`0.82 + 0.03`, `0.57+0.003`), and CatBoost (`10:<tab>learn: 0.4<tab>test: 0.5<tab>best: 0.5 (9)`).
 *
 * LightGBM's `train's auc` becomes `train-auc`, as XGBoost and MLflow's autologging name it.
 */
export function readBoosting(line: string): TrainerLine | undefined {
  const match = BRACKETED.exec(line) ?? CATBOOST.exec(line)
  if (match === null) return undefined
  const values: (readonly [string, number])[] = []
  for (const field of (match[2] ?? '').split(/\t| {2,}/)) {
    const [, name, value, spread] = FIELD.exec(field.trim()) ?? []
    if (name === undefined || value === undefined) continue
    const key = name.replace(/'s /, '-').trim().replace(/\s+/g, '_')
    if (isIgnored(key)) continue
    values.push([key, numberOf(value)])
    if (spread !== undefined) values.push([`${key}-std`, numberOf(spread)])
  }
  // A bracketed number also starts lines of ranks and of lists.
  const known = line.includes('\t') || values.some(([key]) => isMeasure(key))
  return values.length > 0 && known ? { counters: { step: Number(match[1]), global: true }, values } : undefined
}

function numberOf(text: string): number {
  const lower = text.toLowerCase()
  if (lower.endsWith('nan')) return Number.NaN
  if (lower.endsWith('inf')) return lower.startsWith('-') ? -Infinity : Infinity
  return Number(lower)
}

/** A progress bar with what stands behind it. */
export interface BarLine {
  /** What stands before the bar: `Epoch 3`, `Training`, a table's row. */
  readonly before: string
  readonly done: number
  /** Null where the bar does not know its end. */
  readonly total: number | null
  readonly pairs: readonly Pair[]
}

const COUNT = '\\d{1,15}(?:\\.\\d{1,6})?[kMGT]?'
const BAR = new RegExp(
  `(?:^|[:\\s])\\s{0,8}\\d{1,3}%\\|[^|]{0,600}\\|\\s{0,8}(${COUNT})/(${COUNT}|\\?)\\s?\\[([^\\]]{0,4000})\\]?`,
)
const ENDLESS_BAR = new RegExp(`(?:^|[:\\s])\\s{0,8}(${COUNT})[a-z]{1,20} \\[(\\d[^\\]]{0,4000})\\]?`)

/** Reads a tqdm bar, which is also what Lightning, Hugging Face and ultralytics draw. */
export function readBar(line: string): BarLine | undefined {
  if (!line.includes('[')) return undefined
  const match = line.includes('%|') ? BAR.exec(line) : ENDLESS_BAR.exec(line)
  if (match === null) return undefined
  const [done, total] = [countOf(match[1]), match.length === 4 && match[2] !== '?' ? countOf(match[2]) : null]
  const inside = (match.length === 4 ? match[3] : match[2]) ?? ''
  // The postfix begins behind the times and the rate.
  const postfix = /^[^,]{0,60},[^,=]{0,60},(.*)$/s.exec(inside)?.[1] ?? ''
  return { before: line.slice(0, match.index), done, total, pairs: readPairs(scan(postfix)).pairs }
}

function countOf(text: string | undefined): number {
  const [, digits, unit] = /^([\d.]+)([kMGT]?)$/.exec(text ?? '') ?? []
  const power = 'kMGT'.indexOf(unit ?? '')
  return Math.round(Number(digits) * (unit === '' || power < 0 ? 1 : 1000 ** (power + 1)))
}

const KERAS = /^(\d{1,12})\/(\d{1,12}|Unknown)\s.{0,400}?\d{1,9}(?:us|ms|s|min|h)?\/(?:step|epoch|sample)((?: - .*)?)$/s

export interface KerasLine {
  readonly done: number
  readonly total: number | null
  readonly pairs: readonly Pair[]
}

/** Reads Keras' bar (`100/100 ━━━━ 3s 2ms/step - accuracy: 0.87 - loss: 0.41`), the older one and `verbose=2`. */
export function readKeras(line: string): KerasLine | undefined {
  const match = KERAS.exec(line)
  if (match === null) return undefined
  const total = match[2] === 'Unknown' ? null : Number(match[2])
  return { done: Number(match[1]), total, pairs: readPairs(scan(match[3] ?? '')).pairs }
}

const CELL = new RegExp(`^[│|]\\s{0,80}([A-Za-z][\\w./@-]{0,100})\\s{0,80}[│|]\\s{0,80}(${SIGNED})\\s{0,80}[│|]$`, 'i')

/** Reads a row of a two-column box (`│ test_acc │ 0.87 │`), as Lightning and Stable-Baselines print results. */
export function readBoxRow(line: string): readonly [key: string, value: number] | undefined {
  const [, key, value] = CELL.exec(line) ?? []
  return key === undefined || value === undefined ? undefined : [key, numberOf(value)]
}

/** The columns of a line set in columns: parted by bars, tabs or two blanks, else by any blank. */
export function columnsOf(line: string): readonly string[] {
  const parts = line
    .trim()
    .split(/\s*[|│]\s*|\t+| {2,}/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
  return parts.length > 1 ? parts : line.trim().split(/\s+/)
}

/** The keys of a table's header, if its first column counts and another measures (`epoch  train_loss  accuracy`). */
export function readTableHeader(line: string): readonly string[] | undefined {
  if (
    !/^[\s|│]{0,40}(?:epoch|ep|iter|iteration|step)\b/i.test(line) ||
    /[\d=:{}]/.test(line.replace(/map50|top[15]|f1/gi, ''))
  ) {
    return undefined
  }
  const columns = columnsOf(line).map((column) => keyOfWords(column.split(/\s+/)))
  const fits = columns.length >= 2 && columns.length <= 40 && columns.slice(1).some(isMeasure)
  return fits ? columns : undefined
}

/** Reads a row under a header: its counter, and the columns that are numbers. */
export function readTableRow(header: readonly string[], line: string): TrainerLine | undefined {
  const cells = columnsOf(line)
  const [first] = scan(cells[0] ?? '')
  if (cells.length !== header.length || first === undefined) return undefined
  const count =
    first.kind === 'number' && first.whole ? first.value : first.kind === 'fraction' ? first.done : undefined
  if (count === undefined) return undefined
  const values: (readonly [string, number])[] = []
  for (const [index, key] of header.entries()) {
    const pieces = scan(cells[index] ?? '')
    const [piece] = pieces
    if (index === 0 || pieces.length !== 1 || piece?.kind !== 'number') continue
    if (!isIgnored(key) && !/remaining|instances/i.test(key)) values.push([key, piece.value])
  }
  if (values.length === 0) return undefined
  const total = first.kind === 'fraction' ? { epochTotal: first.total } : {}
  const counters = /^ep/i.test(header[0] ?? '') ? { epoch: count, ...total } : { step: count, global: true }
  return { counters, values }
}
