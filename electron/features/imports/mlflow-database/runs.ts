import { hash } from 'node:crypto'
import type { RunStatus } from '#shared/contract/common.ts'
import type { ForeignReader, Row } from '#electron/db/foreign/connection.ts'
import type { Notice, SourceRun } from '../source.ts'
import { exactOf, textOf, timeOf, wordOf } from './cells.ts'
import type { Listing } from './listing.ts'
import { countPoints, linksOf, pairsOf, runAt } from './queries.ts'
import type { Reading } from './reading.ts'

/** Runs to a transaction. */
const PAGE = 50

const STATUSES: Readonly<Record<string, RunStatus>> = {
  SCHEDULED: 'queued',
  RUNNING: 'running',
  FINISHED: 'finished',
  FAILED: 'failed',
  KILLED: 'killed',
}

type Found = {
  readonly row: Row
  readonly params: readonly Row[]
  readonly tags: readonly Row[]
  readonly print: string
}

/** Oldest first. What a run's fingerprint can't see: a point that was changed in place, which MLflow never does. */
export async function* runsOf(
  reading: Reading,
  listing: Listing,
  experiment: string,
  signal: AbortSignal,
  only?: ReadonlySet<string>,
): AsyncGenerator<SourceRun> {
  const all = await listing.of(reading, experiment, signal)
  const places = only === undefined ? all : all.filter(({ id }) => only.has(id))
  for (let start = 0; start < places.length; start += PAGE) {
    signal.throwIfAborted()
    const page = places.slice(start, start + PAGE)
    const work = (db: ForeignReader): readonly Found[] => page.flatMap(({ row, id }) => find(db, row, id))
    const found = await reading.read(work, signal)
    for (const run of found) yield runIn(run, experiment, reading.notice)
    await reading.breathe()
  }
}

function find(db: ForeignReader, place: number, id: string): readonly Found[] {
  const row = runAt(db, place)
  // Taken away since it was listed, or its number given to another.
  if (row === undefined || textOf(row[0]) !== id) return []
  const params = pairsOf(db, 'params', ['run_uuid', 'key', 'value'], id)
  const tags = pairsOf(db, 'tags', ['run_uuid', 'key', 'value'], id)
  const print = hash('sha1', JSON.stringify([row, params, tags, linksOf(db, id), countPoints(db, id)]))
  return [{ row, params, tags, print }]
}

function runIn({ row, tags, print }: Found, experiment: string, notice: Notice): SourceRun {
  const [idCell, name, status, lifecycle, deletedAt, startedAt, endedAt, user] = row
  const id = textOf(idCell) ?? ''
  return {
    id,
    experiment,
    name: wordOf(name) ?? wordOf(tags.find(([key]) => key === 'mlflow.runName')?.[1]),
    status: statusOf(wordOf(status), exactOf(endedAt), id, notice),
    deleted: textOf(lifecycle) === 'deleted',
    deletedAt: timeOf(deletedAt),
    startedAt: exactOf(startedAt),
    endedAt: exactOf(endedAt),
    user: wordOf(user),
    fingerprint: print,
  }
}

function statusOf(word: string | null, endedAt: number | bigint | null, id: string, notice: Notice): RunStatus {
  const known = STATUSES[word?.toUpperCase() ?? '']
  if (known !== undefined) return known
  const status = endedAt === null ? 'lost' : 'finished'
  notice({
    kind: 'changed',
    what: `run ${id}`,
    why: `Its status ${word ?? '(none)'} is not known; it came as ${status}.`,
  })
  return status
}
