import { readLogLine, readLogProgress } from '#shared/domain/log-metrics/read-line.ts'
import type { LogProgress } from '#shared/domain/log-metrics/state.ts'
import type { MetricPoint } from '#electron/features/runs/index.ts'
import { createLineCutter } from './line-cutter.ts'
import { eachPortion, type LogFiles, type Reading, withRest } from './portions.ts'
import { rankOf, withoutRank } from './rank.ts'
import type { ReaderState } from './reader-state.ts'
import type { Stream } from './scan-lines.ts'
import { followTimes } from './time-entries.ts'

/** A point that was read from what a program prints or writes down. */
export type TimedPoint = MetricPoint

/** What a portion of the log said, and the state after it. */
export type LogReading = {
  readonly points: readonly TimedPoint[]
  readonly progress: LogProgress | null
  readonly state: Pick<ReaderState, 'out' | 'err' | 'parser'>
  /** False when more is there to be read at once. */
  readonly caughtUp: boolean
}

export type MetricReader = { readonly read: (ended: boolean) => Promise<LogReading> }

/** Read between two turns of the event loop: some milliseconds of parsing. */
const PORTION = 32 << 10
const POINTS = 4_000
/** A reading stops after this long, milliseconds, so that what it found is stored soon. */
const PATIENCE = 150

/** Reads metrics from a launch's log, each line once, in the order in which the lines ended, from where `from` stands. */
export function createMetricReader(files: LogFiles, from: Pick<ReaderState, 'out' | 'err' | 'parser'>): MetricReader {
  const times = followTimes(files.times)
  const cutters = { out: createLineCutter(), err: createLineCutter() }
  let reading: Reading = { entry: 0, out: { offset: from.out }, err: { offset: from.err } }
  let { parser } = from
  let progress: LogProgress | null = null

  return {
    async read(ended) {
      await times.refresh()
      const entries = ended ? withRest(times.entries(), files) : times.entries()
      const points: TimedPoint[] = []
      const begun = Date.now()
      let stopped = false
      const onLine = (text: string): void => {
        // Ranks print the same values, or their own part of them: the first one's count, as they do for every launcher's own log.
        const rank = rankOf(text.slice(0, 32))
        if (rank !== null && rank > 0) return
        const step = readLogLine(parser, rank === null ? text : withoutRank(text))
        parser = step.state
        progress = step.progress ?? progress
        const time = entries.time[reading.entry] ?? Date.now()
        for (const point of step.points) points.push({ ...point, time })
      }
      const visit = (stream: Stream, bytes: Buffer): boolean => {
        cutters[stream].take(bytes, onLine)
        reading = { ...reading, [stream]: { offset: reading[stream].offset + bytes.length } }
        stopped = points.length >= POINTS || Date.now() - begun >= PATIENCE
        return stopped
      }
      const passed = (entry: number): void => void (reading = { ...reading, entry: entry + 1 })
      await eachPortion(files, reading, entries, visit, passed, PORTION)
      if (ended && !stopped) for (const stream of ['out', 'err'] as const) finish(stream, onLine)
      return { points, progress: liveProgress() ?? progress, caughtUp: !stopped, state: position() }
    },
  }

  /** At the end, a line without its line feed is a line. */
  function finish(stream: Stream, onLine: (line: string) => void): void {
    const rest = cutters[stream].rest()
    if (rest === '') return
    onLine(rest)
    cutters[stream] = createLineCutter()
  }

  function liveProgress(): LogProgress | undefined {
    const err = cutters.err.rest()
    const out = cutters.out.rest()
    return (err === '' ? undefined : readLogProgress(err)) ?? (out === '' ? undefined : readLogProgress(out))
  }

  function position(): LogReading['state'] {
    return {
      out: reading.out.offset - cutters.out.waiting(),
      err: reading.err.offset - cutters.err.waiting(),
      parser,
    }
  }
}
