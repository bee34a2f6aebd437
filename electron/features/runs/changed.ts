import type { Changed } from '#shared/contract/runs.ts'
import { goalOf } from '#shared/domain/compare/goal.ts'
import { sameValue } from '#shared/domain/compare/seeds.ts'
import { isOfMachine } from '#shared/domain/system-series.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import { latestCommonStep } from './common-step.ts'
import type { DataFile } from './facts.ts'
import { factOf, previousRun } from './queries.ts'
import type { RunRecord } from './records.ts'
import { mergedParams } from './run-facts.ts'

const NOTHING: Omit<Changed, 'previous'> = {
  params: [],
  sameParams: 0,
  code: null,
  packages: [],
  samePackages: 0,
  dataFiles: [],
  sameDataFiles: 0,
  metrics: [],
}

/** Compares the code of two runs; null where nothing is recorded of it. */
export type CompareCode = (from: RunRecord, to: RunRecord) => Promise<Changed['code']>

/** What changed since the previous run of the same script in the same folder. */
export async function changedSince(
  project: ProjectContext,
  run: RunRecord,
  compareCode: CompareCode,
): Promise<Changed> {
  const previous = previousRun(project.db, run)
  if (previous === undefined) return { previous: null, ...NOTHING }
  const params = compareTexts(mergedParams(project, previous.number), mergedParams(project, run.number))
  const [before, now] = [packagesOf(project, previous), packagesOf(project, run)]
  // Of a run whose packages are not known, every package would seem new.
  const packages = before === null || now === null ? { changed: [], same: 0 } : compareTexts(before, now)
  const { id, name, number, startedAt, status } = previous
  return {
    previous: { id, name, number, startedAt, status },
    params: params.changed,
    sameParams: params.same,
    code: await compareCode(previous, run),
    packages: packages.changed.map(({ key, ...rest }) => ({ name: key, ...rest })),
    samePackages: packages.same,
    ...compareDataFiles(
      factOf(project.db, previous.number, 'data-files'),
      factOf(project.db, run.number, 'data-files'),
    ),
    metrics: compareMetrics(project, previous.number, run.number),
  }
}

type TextChanges = {
  readonly changed: readonly { readonly key: string; readonly before: string | null; readonly now: string | null }[]
  readonly same: number
}

/** Values that are equal as numbers are the same. Keys in the order of the alphabet. */
function compareTexts(before: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): TextChanges {
  const keys = [...new Set([...before.keys(), ...now.keys()])].toSorted()
  const pairs = keys.map((key) => ({ key, before: before.get(key) ?? null, now: now.get(key) ?? null }))
  const changed = pairs.filter((pair) => pair.before === null || pair.now === null || !sameValue(pair.before, pair.now))
  return { changed, same: pairs.length - changed.length }
}

function packagesOf({ db }: ProjectContext, { number }: RunRecord): ReadonlyMap<string, string> | null {
  const python = factOf(db, number, 'python')
  return python === null ? null : new Map(Object.entries(python.packages))
}

function compareDataFiles(
  before: readonly DataFile[] | null,
  now: readonly DataFile[] | null,
): Pick<Changed, 'dataFiles' | 'sameDataFiles'> {
  if (before === null || now === null) return { dataFiles: [], sameDataFiles: 0 }
  const old = new Map(before.map((file) => [file.path, file]))
  const fresh = new Map(now.map((file) => [file.path, file]))
  const dataFiles: Changed['dataFiles'][number][] = []
  let sameDataFiles = 0
  for (const path of [...new Set([...old.keys(), ...fresh.keys()])].toSorted()) {
    const [one, other] = [old.get(path), fresh.get(path)]
    if (one === undefined) dataFiles.push({ path, what: 'added' })
    else if (other === undefined) dataFiles.push({ path, what: 'removed' })
    else if (sameContent(one, other)) sameDataFiles++
    else dataFiles.push({ path, what: 'changed' })
  }
  return { dataFiles, sameDataFiles }
}

function sameContent(one: DataFile, other: DataFile): boolean {
  const [kind, otherKind] = [one.hash?.split(':')[0], other.hash?.split(':')[0]]
  if (one.hash !== null && other.hash !== null && kind === otherKind) return one.hash === other.hash
  return one.size === other.size && one.modifiedAt === other.modifiedAt
}

/** What the machine did is no result, and what was read from a log is only shown where the script logged nothing itself. */
function compareMetrics(project: ProjectContext, previous: number, run: number): Changed['metrics'] {
  const { metrics } = project
  const mine = new Map<string, 'logged' | 'log'>()
  for (const { key, origin } of metrics.list(run)) {
    if (origin !== 'system' && !isOfMachine({ key }) && mine.get(key) !== 'logged') mine.set(key, origin)
  }
  return [...mine].flatMap(([key, origin]) => {
    const before =
      metrics.find(previous, key, origin) ?? metrics.find(previous, key, origin === 'log' ? 'logged' : 'log')
    const now = metrics.find(run, key, origin)
    if (before === undefined || now === undefined) return []
    const common = latestCommonStep(metrics, before, now)
    return common === null ? [] : [{ key, ...common, goal: goalOf(key) }]
  })
}
