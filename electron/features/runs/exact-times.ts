import { isWide, joinWhole, restOf, splitWhole } from '#shared/lib/whole-number.ts'
import type { ReadDb } from '#electron/db/connection.ts'
import type { RunRecord } from './records.ts'

/** The run with what its times are more than doubles, which is asked of the database only where there may be something. */
export function withRests(db: ReadDb, run: RunRecord): RunRecord {
  const { startedAt, endedAt } = run
  if (!isWide(startedAt ?? 0) && !isWide(endedAt ?? 0)) return run
  const texts = db
    .prepare('SELECT CAST(started_at AS TEXT), CAST(ended_at AS TEXT) FROM run WHERE number = ?')
    .row<readonly [string | null, string | null]>(run.number)
  const rest = { startedAt: restOf(texts?.[0] ?? '', startedAt ?? 0), endedAt: restOf(texts?.[1] ?? '', endedAt ?? 0) }
  return { ...run, rest }
}

/** The run with another end, as it would be read back: a bigint beyond what doubles hold. */
export function withEnd(run: RunRecord, endedAt: number | bigint | null): RunRecord {
  if (typeof endedAt !== 'bigint') return { ...run, endedAt }
  const { near, rest } = splitWhole(endedAt)
  return { ...run, endedAt: near, rest: { startedAt: run.rest?.startedAt ?? 0, endedAt: rest } }
}

/** A run's time with all its digits: a bigint where a double would round it. */
export function exactTime(run: RunRecord, name: 'startedAt' | 'endedAt'): number | bigint | null {
  const time = run[name]
  return time !== null && isWide(time) ? joinWhole(time, run.rest?.[name] ?? 0) : time
}

/** What the times of runs are more than `times`, their doubles; undefined where no double may stand for several times. */
export function restsOf(
  db: ReadDb,
  name: 'started_at' | 'ended_at',
  numbers: readonly number[],
  times: readonly (number | null)[],
): readonly number[] | undefined {
  if (!times.some((time) => time !== null && isWide(time))) return undefined
  const texts = new Map(
    db
      .prepare(
        `SELECT number, CAST("${name}" AS TEXT) FROM run
          WHERE number IN (SELECT value FROM json_each(?)) AND "${name}" NOT BETWEEN -9007199254740991 AND 9007199254740991`,
      )
      .rows<readonly [number, string]>(JSON.stringify(numbers)),
  )
  return numbers.map((number, row) => restOf(texts.get(number) ?? '', times[row] ?? 0))
}
