import type { ProjectContext } from '#electron/features/projects/index.ts'
import { createBreath } from './breathe.ts'
import { type Look, looksOf, setLooked } from './look-queries.ts'
import type { ImportSource, SourceRun } from './source.ts'

export type LateOptions = {
  readonly project: ProjectContext
  readonly source: ImportSource
  readonly id: number
  readonly signal: AbortSignal
  /** It is a round over a source that is followed: others come soon, and nobody waits for this one. */
  readonly followed: boolean
  /** Before each run. */
  readonly onRun: (run: SourceRun) => void
}

export type Looked = {
  /** Ids of runs that have points which are not here, or may have. */
  readonly late: ReadonlySet<string>
  /** Ids of all that were looked at. */
  readonly looked: ReadonlySet<string>
  /** Runs that ended long ago and whose turn comes another time. */
  readonly postponed: number
}

const MINUTE = 60_000
/** So long after its end, or after the last that came of it, a run is looked at each time, milliseconds. */
const FRESH = 60 * MINUTE
/** In a source that is followed: between two looks at a run that may still grow, and at one that ended long ago. */
const OPEN_EVERY = 2 * MINUTE
const SETTLED_EVERY = 24 * 60 * MINUTE
/** Metrics of runs that ended long ago which are asked for at once. */
const MOST_METRICS = 2_000
const MOST_METRICS_FOLLOWED = 200
/** Runs whose look is written down at once. */
const NOTED = 100

/**
 * Looks for points that came late in runs whose fingerprints are as they were. Runs that are open, or ended a short while ago, are looked at each time; of
 * the others those whose last look is longest ago, so that in the end each has its turn. A source whose fingerprints see all has none.
 */
export async function findLatePoints(options: LateOptions, known: readonly SourceRun[]): Promise<Looked> {
  const { project, source, id, signal, followed } = options
  const late = new Set<string>()
  const looked = new Set<string>()
  if (source.hasOtherPoints === undefined) return { late, looked, postponed: 0 }
  const now = project.clock.now()
  const looks = looksOf(project.db, id)
  const breathe = createBreath()
  let same: string[] = []
  const note = async (): Promise<void> => {
    const runs = same
    same = []
    if (runs.length > 0) await project.commits.enqueue(() => setLooked(project.db, id, runs, now))
  }
  const { due, postponed } = chooseRuns(known, looks, {
    now,
    followed,
    metrics: (look) => countsOf(project, look).size,
  })
  for (const run of due) {
    signal.throwIfAborted()
    await breathe()
    options.onRun(run)
    looked.add(run.id)
    const look = looks.get(run.id)
    const counts = look === undefined ? undefined : countsOf(project, look)
    const total = counts === undefined ? -1 : [...counts.values()].reduce((sum, count) => sum + count, 0)
    // Only where all points here are those of the source, counting them tells anything.
    const isCounted = counts !== undefined && total === look?.points
    if (!isCounted || (await source.hasOtherPoints(run, counts, signal))) late.add(run.id)
    else same.push(run.id)
    if (same.length >= NOTED) await note()
  }
  await note()
  return { late, looked, postponed }
}

/** Which runs are looked at now, and how many of those that ended long ago have to wait. */
export function chooseRuns(
  runs: readonly SourceRun[],
  looks: ReadonlyMap<string, Look>,
  {
    now,
    followed,
    metrics,
  }: { readonly now: number; readonly followed: boolean; readonly metrics: (look: Look) => number },
): { readonly due: readonly SourceRun[]; readonly postponed: number } {
  const due: SourceRun[] = []
  const settled: { readonly run: SourceRun; readonly look: Look; readonly lookedAt: number }[] = []
  for (const run of runs) {
    const look = looks.get(run.id)
    const lookedAt = look?.lookedAt ?? 0
    const rested = now - lookedAt
    if (look !== undefined && isSettled(run, look)) {
      if (!followed || rested >= SETTLED_EVERY) settled.push({ run, look, lookedAt })
    } else if (!followed || rested >= OPEN_EVERY) due.push(run)
  }
  let left = followed ? MOST_METRICS_FOLLOWED : MOST_METRICS
  let postponed = 0
  for (const { run, look } of settled.toSorted((a, b) => a.lookedAt - b.lookedAt)) {
    if (left <= 0) postponed++
    else {
      left -= Math.max(1, metrics(look))
      due.push(run)
    }
  }
  return { due, postponed }
}

/** A look found it as it was, a good while after its end and after all that came of it. */
function isSettled(run: SourceRun, { lookedAt, changedAt }: Look): boolean {
  if (run.status === 'running' || run.status === 'queued' || lookedAt === null) return false
  const last = Math.max(Number(run.endedAt ?? run.startedAt ?? 0), changedAt ?? 0)
  return lookedAt >= last + FRESH
}

function countsOf({ metrics }: ProjectContext, { number }: Look): ReadonlyMap<string, number> {
  return new Map(
    metrics.list(number).flatMap(({ key, origin, summary }) => (origin === 'logged' ? [[key, summary.count]] : [])),
  )
}
