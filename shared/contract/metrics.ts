import { z } from 'zod'
import { query, stream } from '../rpc/procedure.ts'
import { Columns, ProjectId, RunId, SeriesOrigin } from './common.ts'
import { SeriesSummary } from './runs.ts'

export const Axis = z.enum(['step', 'time', 'relative'])
export type Axis = z.infer<typeof Axis>

export const SeriesName = z.object({ run: RunId, key: z.string().max(1_000), origin: SeriesOrigin.optional() })
export type SeriesName = z.infer<typeof SeriesName>

/**
 * A series at one zoom level, at most about two points a pixel. For bucket i: its first x, and the first, smallest, largest
 * and last value in it; NaN where a bucket has no finite value. Bucket extremes are exact.
 */
export const Level = z.object({
  run: RunId,
  key: z.string(),
  x: Columns,
  first: Columns,
  min: Columns,
  max: Columns,
  last: Columns,
  /** x of values that are NaN (0), +infinity (1), -infinity (-1). */
  oddX: Columns,
  oddKind: Columns,
  /** Points of the whole series; `x.length` of them when every point is its own bucket. */
  count: z.number().int(),
  exact: z.boolean(),
})
export type Level = z.infer<typeof Level>

export const Series = z.object({
  run: RunId,
  key: z.string(),
  step: Columns,
  time: Columns,
  value: Columns,
  /** By how much steps and times of 64 bits are more than these doubles; absent where none is. */
  rest: z.object({ step: Columns, time: Columns }).optional(),
})
export type Series = z.infer<typeof Series>

export const metrics = {
  list: query(z.object({ project: ProjectId, run: RunId }), z.array(SeriesSummary).readonly()),
  /** Keys that any of the runs has, with how many have it: for choosing panels. */
  keys: query(
    z.object({ project: ProjectId, runs: z.array(RunId).max(1_000).readonly() }),
    z.array(z.object({ key: z.string(), origin: SeriesOrigin, runs: z.number().int() })).readonly(),
  ),
  levels: query(
    z.object({
      project: ProjectId,
      series: z.array(SeriesName).max(1_000).readonly(),
      axis: Axis.default('step'),
      /** Bounds on the axis; absent means the whole series. `relative` is in milliseconds since the series' first point. */
      from: z.number().optional(),
      to: z.number().optional(),
      width: z.number().int().min(1).max(10_000),
    }),
    z.array(Level).readonly(),
  ),
  /** All points of a series, sorted by step, then time, then value. */
  series: query(z.object({ project: ProjectId }).extend(SeriesName.shape), Series),
  /** Which series of these runs have grown, at most 10 events a second. */
  watch: stream(
    z.object({ project: ProjectId, runs: z.array(RunId).min(1).max(1_000).readonly() }),
    z.object({ run: RunId, series: z.array(SeriesSummary).readonly() }),
  ),
}
