/** A value read from a log line, at the step (or epoch, or count of lines) that the line or its context gives. */
export interface LogPoint {
  readonly key: string
  readonly value: number
  readonly step: number
}

/** How far the training says that it is. */
export interface LogProgress {
  readonly unit: 'epoch' | 'step'
  readonly done: number
  readonly total: number
}

/** What a key's steps count, so that one series never mixes two of them. */
type KeyUnit = 'step' | 'epoch' | 'count'

interface KeyState {
  readonly unit: KeyUnit
  /** Points so far: the step of keys that stand near no counter. */
  readonly count: number
  readonly step: number
  readonly value: number
}

/** Everything that reading a log remembers between lines. Never changed in place. */
export interface LogState {
  readonly epoch: number | null
  /** The epoch's header was printed and its results were not yet (Keras). */
  readonly epochOpen: boolean
  readonly step: number | null
  readonly rawStep: number | null
  readonly stepTotal: number | null
  readonly stepEpoch: number | null
  /** Steps of the epochs before this one, for trainers whose steps begin anew. */
  readonly offset: number
  readonly bar: { readonly done: number; readonly total: number } | null
  readonly table: readonly string[] | null
  /** `key: value` lines in a row that are no measures: a configuration is being printed. */
  readonly dump: number
  readonly keys: ReadonlyMap<string, KeyState>
  /** Measures seen once inside what looked like a configuration. */
  readonly pending: ReadonlySet<string>
}

export const EMPTY_LOG_STATE: LogState = {
  epoch: null,
  epochOpen: false,
  step: null,
  rawStep: null,
  stepTotal: null,
  stepEpoch: null,
  offset: 0,
  bar: null,
  table: null,
  dump: 0,
  keys: new Map(),
  pending: new Set(),
}

/** Keys that one log may bring; a script that prints ever new keys is not printing metrics. */
const MOST_KEYS = 2_000

/** The counters that a line names. */
export interface Counters {
  readonly epoch?: number
  readonly epochTotal?: number
  readonly step?: number
  readonly stepTotal?: number
  /** The step counts over the whole training (`global_step`, LightGBM's `[10]`), never anew in each epoch. */
  readonly global?: boolean
}

/** Takes a line's counters into the state, turning steps that begin anew in each epoch into steps of the training. */
export function withCounters(state: LogState, counters: Counters): LogState {
  const epoch = counters.epoch ?? state.epoch
  if (counters.step === undefined) return { ...state, epoch }
  const raw = counters.step
  if (counters.global === true) return { ...state, epoch, step: raw, rawStep: raw }
  const restarted = state.rawStep !== null && epoch !== state.stepEpoch && raw <= state.rawStep
  const offset = restarted ? state.offset + (state.stepTotal ?? (state.rawStep ?? 0) + 1) : state.offset
  const stepTotal = counters.stepTotal ?? null
  return { ...state, epoch, step: offset + raw, rawStep: raw, stepTotal, stepEpoch: epoch, offset }
}

/**
 * Gives values their steps: the line's own step, else its epoch, else where the training stands, else their count.
 *
 * A key that began with steps stays with steps, so that an epoch's summary lands at the end of that epoch.
 */
export function emit(
  state: LogState,
  values: readonly (readonly [key: string, value: number])[],
  counters: Counters,
): { readonly state: LogState; readonly points: readonly LogPoint[] } {
  if (values.length === 0) return { state, points: [] }
  const keys = new Map(state.keys)
  const points: LogPoint[] = []
  for (const [key, value] of values) {
    const before = keys.get(key)
    if (before === undefined && keys.size >= MOST_KEYS) continue
    const { unit, step } = placeOf(state, counters, before)
    // A bar that is drawn twice says nothing new.
    if (before !== undefined && before.unit === unit && before.step === step && Object.is(before.value, value)) continue
    keys.set(key, { unit, count: (before?.count ?? 0) + 1, step, value })
    points.push({ key, value, step })
  }
  return { state: { ...state, keys }, points }
}

function placeOf(state: LogState, counters: Counters, before: KeyState | undefined): { unit: KeyUnit; step: number } {
  const epoch = counters.epoch ?? state.epoch
  const unit = before?.unit ?? unitOf(state, counters, epoch)
  if (unit === 'step') return { unit, step: state.step ?? before?.step ?? 0 }
  if (unit === 'epoch') return { unit, step: epoch ?? before?.step ?? 0 }
  return { unit, step: before?.count ?? 0 }
}

function unitOf(state: LogState, counters: Counters, epoch: number | null): KeyUnit {
  if (counters.step !== undefined) return 'step'
  if (epoch !== null) return 'epoch'
  return state.step === null ? 'count' : 'step'
}
