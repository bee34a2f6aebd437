import type { z } from 'zod'
import type { Change } from '#shared/contract/common.ts'

export type ChangeEvent = z.infer<typeof Change>

/** Which reads a changed entity concerns, by the beginning of their method's name. */
const CONCERNS: Readonly<Record<ChangeEvent['entity'], readonly string[]>> = {
  project: ['projects.'],
  run: ['runs.', 'models.', 'projects.get', 'launch.queue', 'launch.stopState', 'imports.list'],
  experiment: ['runs.'],
  metric: ['metrics.list', 'metrics.keys', 'runs.table', 'runs.columns', 'runs.changed', 'runs.scatter', 'runs.facts'],
  artifact: ['artifacts.', 'runs.get'],
  launch: ['launch.queue', 'launch.stopState', 'launch.recent', 'projects.get'],
  model: ['models.', 'runs.get', 'projects.get', 'artifacts.'],
  settings: ['settings.', 'launch.'],
  undo: ['projects.'],
  import: ['imports.'],
}
/** What a run was made of never changes again. */
const FIXED = new Set(['runs.uncommitted', 'runs.codeDifference', 'launch.specOf'])
/** Reads of one run alone: a change of others says nothing about them. */
const OF_ONE_RUN = new Set(['runs.get', 'metrics.list', 'artifacts.list', 'artifacts.written', 'launch.stopState'])

/** Whether a change may have made the answer to a read old. */
export function isConcerned(change: ChangeEvent, method: string, input: unknown): boolean {
  if (FIXED.has(method)) return false
  if (!CONCERNS[change.entity].some((prefix) => method.startsWith(prefix))) return false
  const { project, run } = (input ?? {}) as { readonly project?: string; readonly run?: string }
  if (change.project !== null && project !== undefined && project !== change.project) return false
  const namesRuns = change.entity === 'run' || change.entity === 'metric' || change.entity === 'artifact'
  const others = namesRuns && run !== undefined && change.ids.length > 0 && !change.ids.includes(run)
  return !(others && OF_ONE_RUN.has(method))
}

export type Pacer<Item> = { readonly add: (item: Item) => void; readonly close: () => void }

/**
 * Hands over what comes in, at once after a rest and then at most each `every` milliseconds, gathered meanwhile: whoever drags
 * or trains must not have the page ask for the same thing at each step.
 */
export function createPacer<Item>(every: number, take: (items: readonly Item[]) => void): Pacer<Item> {
  let waiting: Item[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  const flush = (): void => {
    timer = undefined
    if (waiting.length === 0) return
    const items = waiting
    waiting = []
    timer = setTimeout(flush, every)
    take(items)
  }
  return {
    add: (item) => {
      waiting.push(item)
      if (timer === undefined) flush()
    },
    close: () => clearTimeout(timer),
  }
}
