import type { WriteDb } from '#electron/db/connection.ts'
import { loadExperiments, loadRows, TEXT_LIMIT } from '../load-rows.ts'
import { setSeries } from '../load-metrics.ts'
import { type NumberColumn, sleepingNumbers } from '../number-column.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import { countRuns, createRunColumns, GONE, metricColumns, rowOf, type RunColumns } from '../run-columns.ts'
import { SEGMENT } from '../stored-cells.ts'
import { sleepingTexts, type TextColumn } from '../text-column.ts'
import { namedColumns } from './columns-by-name.ts'
import { damaged, hasSnapshot, segmentsOf, staleRuns, storedColumns, type StoredColumn } from './queries.ts'
import { type RowText, type Scratch, storedNumbers, storedTexts, type Valid } from './stored-columns.ts'
import { unpackNumbers } from './number-segment.ts'

/** Beyond this share of runs that are behind, reading all anew is cheaper; a few are always worth patching. */
const MANY = 1 / 4
const FEW = 1_000

/**
 * The run table as it was stored, with what was written since: columns that sleep until they are asked for. Undefined where nothing usable is stored.
 * Throws `corrupt` for what is not as it was written.
 */
export function readSnapshot({ db, metrics }: ProjectContext): RunColumns | undefined {
  if (!hasSnapshot(db)) return undefined
  const stored = storedColumns(db)
  const stale = staleRuns(db)
  const columns = readRows(db, stored)
  if (columns === undefined || stale.length > Math.max(FEW, columns.length * MANY)) return undefined
  const staleRows = stale.flatMap((number) => rowOf(columns, number) ?? [])
  for (const row of staleRows) columns.lifecycles[row] = GONE
  addColumns(db, columns, stored, { length: columns.length, stale: new Set(staleRows) })
  loadExperiments(db, columns)
  if (stale.length > 0) {
    loadRows(db, columns, stale)
    for (const series of metrics.standings(stale)) setSeries(columns, series)
  }
  for (const series of metrics.standingsInLog()) setSeries(columns, series)
  // What a stale row had and has no longer is in the stored segments still.
  const behind = new Set(staleRows.map((row) => Math.floor(row / SEGMENT)))
  for (const { changed } of namedColumns(columns)) for (const segment of behind) changed.add(segment)
  // A write that no trigger heard of shows in how many there are.
  const there = columns.length - countRuns(columns, GONE)
  return there === db.value<number>('SELECT count(*) FROM run') ? columns : undefined
}

/** Reads what is always needed: the runs' numbers and lifecycles. */
function readRows(db: WriteDb, stored: readonly StoredColumn[]): RunColumns | undefined {
  const numbers = readAll(
    db,
    stored.find(([, kind]) => kind === 'number'),
  )
  const lifecycles = readAll(
    db,
    stored.find(([, kind]) => kind === 'lifecycle'),
  )
  // A kill between the two leaves one of them shorter; the runs beyond are noted as behind.
  const length = Math.min(numbers.length, lifecycles.length)
  const columns = createRunColumns(Math.max(256, Math.ceil(length * ROOM)))
  columns.length = length
  columns.numbers.set(numbers.subarray(0, length))
  columns.lifecycles.set(lifecycles.subarray(0, length))
  columns.isStored = true
  for (let row = 1; row < length; row++) if ((numbers[row] ?? 0) <= (numbers[row - 1] ?? 0)) return undefined
  return columns
}

/** Room for new runs, so that the first of them does not make every column grow. */
const ROOM = 1.05

/** A column with a value in each row, up to the first segment that is not there. */
function readAll(db: WriteDb, column: StoredColumn | undefined): Float64Array {
  if (column === undefined) return new Float64Array(0)
  const [id] = column
  const segments = segmentsOf(db, id)
  const place = {
    values: new Float64Array(segments.length * SEGMENT),
    present: new Uint8Array(segments.length * SEGMENT),
  }
  for (const [index, { segment, body }] of segments.entries()) {
    const from = segment * SEGMENT
    if (segment !== index || unpackNumbers(body, place, from, from + SEGMENT) === undefined) throw damaged(id, segment)
  }
  const end = place.present.indexOf(0)
  return place.values.subarray(0, end === -1 ? place.values.length : end)
}

/** Ids and names are long, and shown of each run on a page. */
function rowTextOf(db: WriteDb, { numbers }: RunColumns, key: string): RowText | undefined {
  if (key !== 'id' && key !== 'name') return undefined
  const query = db.prepare(`SELECT substr(${key}, 1, ${TEXT_LIMIT}) FROM run WHERE number = ?`)
  return (row) => query.value<string>(numbers[row] ?? 0) ?? null
}

function addColumns(db: WriteDb, columns: RunColumns, stored: readonly StoredColumn[], valid: Valid): void {
  const { capacity } = columns
  const scratch: Scratch = { place: undefined }
  const texts = (id: number, rowText?: RowText): TextColumn =>
    sleepingTexts(capacity, storedTexts(db, id, valid, rowText))
  const numbers = (id: number): NumberColumn => sleepingNumbers(capacity, storedNumbers(db, id, valid, scratch))
  for (const [id, kind, key] of stored) {
    switch (kind) {
      case 'number':
      case 'lifecycle':
        break
      case 'text':
        Object.assign(columns.texts, { [key]: texts(id, rowTextOf(db, columns, key)) })
        break
      case 'time':
        Object.assign(columns.numeric, { [key]: numbers(id) })
        break
      case 'experiment':
        columns.experiments = texts(id)
        break
      case 'param':
        columns.params.set(key, texts(id))
        break
      case 'tag':
        columns.tags.set(key, texts(id))
        break
      case 'last':
      case 'min':
      case 'max':
      case 'origin':
        metricColumns(columns, key)[kind] = numbers(id)
        break
    }
  }
}
