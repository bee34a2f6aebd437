import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ExportPlan } from '#shared/contract/exports.ts'
import { formatBytes } from '#shared/lib/format.ts'
import { type ArtifactOwner, rootsOf, walkArtifacts } from '#electron/features/artifacts/index.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import type { Selection } from './selection.ts'
import { freeBytes, targetProblem } from './target.ts'

/** What a point takes in MLflow's database with its indexes, and what the empty database does; bytes, measured. */
const POINT = 260
const EMPTY = 400_000

/** Runs whose points are counted before others have their turn. */
const AT_ONCE = 100

const ALWAYS_LOST = [
  'What was captured around runs has no place in MLflow, but for the script, commit, branch and remote, which are written as its tags: command, environment, packages, host, uncommitted changes and the output stay here.',
  'Captured parameters are written as parameters. Where the script logged another value under the same name, the captured one is a tag benchtop.captured.<name>.',
  'MLflow has fewer states: a lost run is killed there, a queued one scheduled, a stopping one running. Archived runs are like others.',
  'Infinite values become the largest number of their sign, as in MLflow’s own database.',
] as const

/** What an export would write. */
export async function planOf(
  project: ProjectContext,
  selection: Selection,
  { target, artifacts }: { readonly target: string; readonly artifacts: boolean },
  signal: AbortSignal,
): Promise<ExportPlan> {
  let points = 0
  for (const [index, { number }] of selection.runs.entries()) {
    for (const { summary } of project.metrics.list(number)) points += summary.count
    if (index % AT_ONCE === 0) await nextTurn()
  }
  let files = 0
  let bytes = 0
  for (const owner of artifacts ? ownersIn(selection) : []) {
    signal.throwIfAborted()
    for await (const { size } of walkArtifacts(rootsOf(project, owner))) {
      files++
      bytes += size
    }
  }
  const free = await freeBytes(target)
  const needed = bytes + points * POINT + EMPTY
  const isShort = free !== null && free < needed
  return {
    experiments: selection.experiments.length,
    runs: selection.runs.length,
    points,
    loggedModels: selection.models.length,
    registeredModels: selection.registered.length,
    files,
    bytes,
    freeBytes: free,
    problem:
      (await targetProblem(target, join(project.folder, '.benchtop'))) ??
      (isShort ? `About ${formatBytes(needed)} are needed, and ${formatBytes(free)} are free.` : null),
    losses: artifacts
      ? ALWAYS_LOST
      : [...ALWAYS_LOST, 'Files are not written, so MLflow shows none, and loads no model.'],
  }
}

/** Runs and models whose files go along. */
export function ownersIn({ runs, models }: Selection): readonly ArtifactOwner[] {
  return [
    ...runs.map(({ id }) => ({ kind: 'run' as const, id })),
    ...models.map(({ id }) => ({ kind: 'model' as const, id })),
  ]
}
