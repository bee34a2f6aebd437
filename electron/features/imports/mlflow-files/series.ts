import { closeSync, readSync } from 'node:fs'
import type { SourceSeries } from '../source.ts'
import { named, openFile, type Place } from './files.ts'
import type { KeyedFile } from './keyed-files.ts'
import { lineParser, type LineParser, type ParsedLines } from './metric-lines.ts'

/** What a run says of its metrics' lines. */
export type LineEnds = {
  /** Milliseconds; null when it is not known. */
  readonly startedAt: number | null
  /** Whether it may still write. */
  readonly live: boolean
}

const CHUNK = 1 << 20
/** Longest line that is looked at: a few numbers and a dataset's name. */
const LONGEST = 64 << 10

/**
 * Reads a metric's file; undefined where it has no point. What is odd of it is told.
 *
 * A last line without its end is taken when the run has ended, because nothing more will come and MLflow itself would read it. While the run is
 * live it may be half a number, so it is left for the next reading: the file will have grown, and with it the run's fingerprint.
 */
export function readSeries(place: Place, file: KeyedFile, run: LineEnds): SourceSeries | undefined {
  const what = named(place, file.path)
  let parsed: ParsedLines | undefined
  try {
    parsed = readLines(place, file.path, run)
  } catch (error) {
    const why = error instanceof RangeError ? 'it does not fit into memory' : `it can't be read (${codeOf(error)})`
    place.notice({ kind: 'skipped', what, why })
  }
  if (parsed === undefined) return undefined
  const { points, bad, firstBad } = parsed
  if (bad > 0) {
    const lines = bad === 1 ? 'a line of it is no point' : `${bad} lines of it are no points`
    place.notice({ kind: 'skipped', what, why: `${lines}: “${firstBad}”` })
  }
  tellOfAge(place, what, parsed)
  if (points.value.length === 0) {
    if (bad === 0 && !run.live) place.notice({ kind: 'skipped', what, why: 'it has no points' })
    return undefined
  }
  return { key: file.key, ...points }
}

function readLines(place: Place, path: string, run: LineEnds): ParsedLines | undefined {
  const file = openFile(path)
  if (file === undefined) return undefined
  try {
    let bytes = place.scratch
    let end = readSync(file, bytes, 0, bytes.length, null)
    let isWhole = end < bytes.length
    // MLflow's lines have about 35 bytes; what room is left over is given back.
    const parser = lineParser(run.startedAt, Math.ceil(end / 32))
    if (!isWhole) bytes = Buffer.concat([bytes, Buffer.allocUnsafe(CHUNK)])
    for (;;) {
      const lines = end === 0 ? 0 : bytes.lastIndexOf(10, end - 1) + 1
      if (lines > 0) parser.take(bytes, 0, lines)
      bytes.copyWithin(0, lines, end)
      let kept = end - lines
      if (kept > LONGEST) {
        // No metric has such a line. It counts as a bad one, its rest as another.
        parser.take(bytes, 0, kept)
        kept = 0
      }
      if (isWhole) {
        takeTail(place, path, parser, bytes.subarray(0, kept), run)
        return parser.parsed()
      }
      end = kept + readSync(file, bytes, kept, bytes.length - kept, null)
      isWhole = end < bytes.length
    }
  } finally {
    closeSync(file)
  }
}

function takeTail(place: Place, path: string, parser: LineParser, tail: Buffer, run: LineEnds): void {
  if (tail.length === 0) return
  const what = named(place, path)
  if (run.live) {
    // Once for a run: it may have a hundred metrics.
    const owner = what.replace(/\/metrics\/.*$/s, '')
    const why = 'the last line of a metric is still being written, and comes with the next import'
    place.once(`${owner} ${why}`, () => place.notice({ kind: 'noticed', what: owner, why }))
    return
  }
  parser.take(tail, 0, tail.length)
  place.notice({ kind: 'noticed', what, why: 'its last line has no end: it may have been cut off' })
}

/** Told once for a store: there it is the same of hundreds of files. */
function tellOfAge(place: Place, what: string, { stepless, inSeconds, onDataset }: ParsedLines): void {
  const tell = (kind: 'changed' | 'skipped', why: string): void =>
    place.once(why, () => place.notice({ kind, what: `metrics such as ${what}`, why }))
  if (stepless > 0) tell('changed', 'their points have no step, and got the order of their lines as one: 0, 1, 2, …')
  if (inSeconds > 0) tell('changed', 'the times of their points are in seconds, and were made milliseconds')
  if (onDataset > 0) tell('skipped', 'their points name a dataset; the name did not come')
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown'
}
