import type { RunFacts } from '#shared/contract/runs.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import { gitOf, summaryOf } from './detail.ts'
import { isInternalTag } from './mirrored-tags.ts'
import { factOf, paramsOf, tagsOf } from './queries.ts'
import type { RunRecord } from './records.ts'
import type { RunIndex } from './run-index/run-index.ts'

/** What is compared between runs: see `differenceOf` in shared/domain/compare. */
export function runFacts(project: ProjectContext, index: RunIndex, run: RunRecord): RunFacts {
  const { db } = project
  const { number } = run
  return {
    id: run.id,
    number,
    name: run.name,
    status: run.status,
    startedAt: run.startedAt,
    endedAt: run.endedAt,
    params: Object.fromEntries(mergedParams(project, number)),
    metrics: project.metrics.list(number).map(summaryOf),
    tags: Object.fromEntries(
      tagsOf(db, number)
        .filter(({ key }) => !isInternalTag(key))
        .map(({ key, value }) => [key, value]),
    ),
    packages: factOf(db, number, 'python')?.packages ?? {},
    environment: factOf(db, number, 'environment') ?? {},
    facts: namedFacts(project, run),
    seedSpread: index.seedSpread(number),
  }
}

/** A run's parameters: what the script logged, and where it logged nothing under a key, what was captured. */
export function mergedParams({ db }: ProjectContext, run: number): ReadonlyMap<string, string> {
  const params = paramsOf(db, run)
  const of = (origin: string): readonly (readonly [string, string])[] =>
    params.filter((param) => param.origin === origin).map(({ key, value }) => [key, value])
  return new Map([...of('captured'), ...of('logged')])
}

/** Code and surroundings in words, as a table of differences shows them. What is not known is left out. */
function namedFacts(project: ProjectContext, run: RunRecord): Readonly<Record<string, string>> {
  const { db } = project
  const git = gitOf(project, run.number, tagsOf(db, run.number))
  const host = factOf(db, run.number, 'host')
  const python = factOf(db, run.number, 'python')
  const facts: readonly (readonly [string, string | null | undefined])[] = [
    ['script', run.script],
    ['command', run.command?.join(' ')],
    ['commit', git?.commit],
    ['branch', git?.branch],
    [
      'uncommitted',
      git === null || git.root === ''
        ? null
        : git.files === 0
          ? 'none'
          : `+${git.added} −${git.removed} in ${git.files} ${git.files === 1 ? 'file' : 'files'}`,
    ],
    ['python', python === null ? null : `${python.implementation} ${python.version}`],
    ['interpreter', python?.executable],
    ['host', host?.hostname],
    ['platform', host?.platform],
    ['cpu', host === null ? null : `${host.cpu}, ${host.cores} cores`],
    ['gpu', host === null ? null : host.gpus.join(', ') || 'none'],
  ]
  return Object.fromEntries(
    facts.flatMap(([name, value]) => (value === null || value === undefined ? [] : [[name, value]])),
  )
}
