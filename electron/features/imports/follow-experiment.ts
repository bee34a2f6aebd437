import { z } from 'zod'
import { type ProjectContext } from '#electron/features/projects/index.ts'
import { setExperimentLifecycle } from '#electron/features/runs/index.ts'
import { mark, mergeTags, parseKept } from './came.ts'
import {
  experimentOfName,
  type ExperimentRow,
  experimentTags,
  othersIn,
  putExperimentTag,
  removeExperimentTag,
  setExperimentName,
} from './experiment-queries.ts'
import { noteMove } from './queries.ts'
import type { SourceExperiment } from './source.ts'
import type { Tally } from './tally.ts'
import { trashTime } from './trash-time.ts'

/** What came with an experiment last: what a person has changed here since is told from it. */
const CameExperiment = z.object({
  name: z.string(),
  deleted: z.boolean(),
  /** It came with this source, rather than being merged with one that was here. */
  made: z.boolean(),
  /** It lies in the trash here because it was deleted there. */
  moved: z.boolean(),
  tags: z.record(z.string(), z.string()),
})
export type CameExperiment = z.infer<typeof CameExperiment>

/** What came with an experiment. */
export function parseCameExperiment(text: string | null): CameExperiment | undefined {
  return parseKept(CameExperiment, text)
}

/** As it came now. */
export function cameNow(
  { deleted, tags }: SourceExperiment,
  { name, made, moved }: Pick<CameExperiment, 'name' | 'made' | 'moved'>,
): CameExperiment {
  return { name, deleted, made, moved, tags: Object.fromEntries(tags.map(({ key, value }) => [key, mark(value)])) }
}

/** What an experiment is called here that came under no name. */
export function nameOf({ id, name }: SourceExperiment): string {
  return name.trim() === '' ? `experiment ${id}` : name
}

/**
 * Renames an experiment that was renamed in its source. One that a person has renamed here, and one that was here before, keeps its name; both are told once.
 * Part of the caller's write.
 *
 * @returns The name that counts as having come; undefined when another experiment here has it now: it is tried again.
 */
export function followName(
  { db, clock }: ProjectContext,
  here: ExperimentRow,
  given: { readonly experiment: SourceExperiment; readonly before: CameExperiment },
  tally: Tally,
): string | undefined {
  const { experiment, before } = given
  const name = nameOf(experiment)
  if (name === before.name || name === here.name) return name
  const what = `experiment ${here.name}`
  if (!before.made || here.name !== before.name) {
    const why = before.made ? 'it was renamed here too' : 'it was here before'
    tally.note({ kind: 'skipped', what, why: `it is called ${name} there now; ${why}, so its name stays` })
    return name
  }
  if (experimentOfName(db, name) !== undefined) return undefined
  setExperimentName(db, here.id, name, Math.round(experiment.updatedAt ?? clock.now()))
  tally.add('updatedExperiments')
  tally.note({
    kind: 'changed',
    what: `experiment ${name}`,
    why: `it was renamed there: it was called ${here.name} here`,
  })
  return name
}

/**
 * Deletes or restores an experiment with its runs as its source did. One that holds runs of others stays, as does one that was here before; what was deleted
 * here is not restored. Part of the caller's write. Says whether it lies in the trash because of its source.
 */
export function followLifecycle(
  project: ProjectContext,
  here: ExperimentRow,
  given: { readonly experiment: SourceExperiment; readonly before: CameExperiment; readonly source: number },
  tally: Tally,
): boolean {
  const { experiment, before, source } = given
  const { db, clock } = project
  const what = `experiment ${here.name}`
  const move = (lifecycle: ExperimentRow['lifecycle'], at?: number): void => {
    noteMove(db, source, here.id, lifecycle === 'deleted')
    setExperimentLifecycle(project, here.id, lifecycle, () => {}, at)
    tally.add('updatedExperiments')
  }
  if (experiment.deleted === before.deleted) return before.moved && here.lifecycle === 'deleted'
  if (!experiment.deleted) {
    if (here.lifecycle === 'active') return false
    if (!before.moved) return false
    move('active')
    tally.note({ kind: 'changed', what, why: 'it was restored there: it is back here with its runs' })
    return false
  }
  if (here.lifecycle === 'deleted' || !before.made) return false
  const others = othersIn(db, here.id, source)
  if (others > 0) {
    const runs = others === 1 ? 'a run is in it' : `${others} runs are in it`
    tally.note({
      kind: 'skipped',
      what,
      why: `it was deleted there; here ${runs} that did not come from there, so it stays`,
    })
    return false
  }
  const { at, wasOld } = trashTime(experiment.updatedAt, clock.now())
  move('deleted', at)
  const from = wasOld ? '; its time there begins now' : ''
  tally.note({ kind: 'changed', what, why: `it was deleted there: it lies in the trash here with its runs${from}` })
  return true
}

/** Brings tags up to what the source says, as far as nobody has changed them here; says whether any came or went. Part of the caller's write. */
export function followTags(
  { db }: ProjectContext,
  here: string,
  there: SourceExperiment,
  before: CameExperiment | undefined,
): boolean {
  const own = new Map(experimentTags(db, here).map(({ key, value }) => [key, value]))
  const { set, removed } = mergeTags(own, there.tags, before?.tags ?? {})
  for (const tag of set) putExperimentTag(db, here, tag)
  for (const key of removed) removeExperimentTag(db, here, key)
  return set.length + removed.length > 0
}
