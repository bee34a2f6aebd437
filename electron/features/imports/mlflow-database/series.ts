import type { Cell, ForeignReader, Row } from '#electron/db/foreign/connection.ts'
import type { SourceRun, SourceSeries } from '../source.ts'
import { textOf } from './cells.ts'
import { type CollectorOptions, createCollector } from './collect.ts'
import {
  canReadPoints,
  findsMetrics,
  hasSteps,
  keyBehind,
  keysBehind,
  metricBehind,
  pointsBehind,
  PORTION,
} from './points.ts'
import { countPoints } from './queries.ts'
import type { Reading } from './reading.ts'

/** Points of a run that are held in memory at a time, unless one metric alone has more: 24 MB. */
const HELD = 1_000_000

/**
 * A run's metrics, one at a time. A run of usual size is read once, in the order in which it was logged. A larger one is read metric by metric where
 * the database has an index for it, and otherwise several times over, each time for as many metrics as may be held.
 */
export async function* seriesOf(
  reading: Reading,
  { id: run, startedAt }: Pick<SourceRun, 'id' | 'startedAt'>,
  signal: AbortSignal,
  held = HELD,
): AsyncGenerator<SourceSeries> {
  const what = `metrics of run ${run}`
  const ask = <T>(work: (db: ForeignReader) => T): Promise<T> => reading.read(work, signal)
  const { readable, count, finds, steps } = await ask((db) => ({
    readable: canReadPoints(db),
    count: countPoints(db, run),
    finds: findsMetrics(db),
    steps: hasSteps(db),
  }))
  if (count === 0) return
  if (!readable) {
    reading.notice({ kind: 'skipped', what, why: 'The table of metrics is not as MLflow makes it.' })
    return
  }
  const start = typeof startedAt === 'number' ? startedAt : null
  const options = { wanted: undefined, startedAt: start, hasSteps: steps }
  if (count <= held) yield* collected(reading, run, signal, options)
  else if (finds) {
    for (let key = await ask((db) => keyBehind(db, run, null)); key !== null;) {
      yield* collected(reading, run, signal, { ...options, wanted: new Set([key]) }, key)
      const last: string = key
      key = await ask((db) => keyBehind(db, run, last))
    }
  } else
    for (const wanted of await groupsOf(reading, run, held, signal))
      yield* collected(reading, run, signal, { ...options, wanted })
}

/** One reading of a run's points; with `alone`, of that metric's only. */
async function* collected(
  reading: Reading,
  run: string,
  signal: AbortSignal,
  options: CollectorOptions,
  alone?: string,
): AsyncGenerator<SourceSeries> {
  const collector = createCollector(options)
  let place: readonly [number | bigint, number] = [-Infinity, -Infinity]
  await portions(reading, signal, (db) => {
    const rows = alone === undefined ? pointsBehind(db, run, place[1]) : metricBehind(db, run, alone, place)
    return { rows, use: (row) => collector.add(row), moved: (row) => (place = [exactOf(row[3]), Number(row[5])]) }
  })
  for (const series of collector.take()) {
    await reading.breathe()
    signal.throwIfAborted()
    yield series
  }
  const what = `metrics of run ${run}`
  if (collector.refused() > 0)
    reading.notice({ kind: 'skipped', what, why: `${collector.refused()} points have no name or no numbers.` })
  if (collector.inSeconds() > 0)
    reading.notice({
      kind: 'changed',
      what: 'times of metrics',
      why: 'Clients before MLflow 1.0 wrote them in seconds; they came in milliseconds.',
    })
  if (!options.hasSteps)
    reading.notice({
      kind: 'changed',
      what: 'steps of metrics',
      why: 'The first schema has none; points got their order as their step.',
    })
}

/** A step as it has to be compared with: from behind a rounded one, points between would be passed over. */
function exactOf(cell: Cell | undefined): number | bigint {
  return typeof cell === 'string' && /^-?\d+$/.test(cell) ? BigInt(cell) : Number(cell)
}

/** Metrics' names in groups that may be held at a time, by counting all points. */
async function groupsOf(
  reading: Reading,
  run: string,
  most: number,
  signal: AbortSignal,
): Promise<readonly ReadonlySet<string>[]> {
  const counts = new Map<string, number>()
  let place = -Infinity
  await portions(reading, signal, (db) => ({
    rows: keysBehind(db, run, place),
    use: ([cell]) => {
      const key = textOf(cell)
      if (key !== null) counts.set(key, (counts.get(key) ?? 0) + 1)
    },
    moved: (row) => (place = Number(row[1])),
  }))
  const groups: Set<string>[] = []
  let held = most
  for (const [key, count] of counts) {
    if (held + count > most) {
      groups.push(new Set())
      held = 0
    }
    groups.at(-1)?.add(key)
    held += count
  }
  return groups
}

type Portion = {
  readonly rows: readonly Row[]
  readonly use: (row: Row) => void
  readonly moved: (last: Row) => void
}

/** Reads on until a portion is not full. Between two of them others may write. */
async function portions(reading: Reading, signal: AbortSignal, next: (db: ForeignReader) => Portion): Promise<void> {
  for (let before = ''; ;) {
    signal.throwIfAborted()
    const portion = await reading.read(next, signal)
    for (const row of portion.rows) portion.use(row)
    const last = portion.rows.at(-1)
    if (last === undefined || portion.rows.length < PORTION) return
    // Row numbers that JavaScript rounds could stand still.
    const now = JSON.stringify(last.slice(-3))
    if (now === before) return
    before = now
    portion.moved(last)
    await reading.breathe()
  }
}
