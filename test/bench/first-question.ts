import { openRunIndex } from '#electron/features/runs/run-index/run-index.ts'
import { cpuWait } from './cpu-wait.ts'
import { closeProject, openProject, tableQuestion } from './table-project.ts'

/** What a start is told to write on its output, as JSON: milliseconds without those in which it waited for a core. */
export type FirstQuestion = {
  readonly opened: number
  /** Making ready what was last looked at, which a backend does by itself while its window loads; 0 where the question comes before it. */
  readonly ready: number
  /** Its longest turn. */
  readonly turn: number
  readonly first: number
  readonly next: number
}

/** Opens the project of a folder in a process that has answered nothing yet, and asks, with another filter than was ever asked before. */
if (import.meta.main) {
  const [folder = '', columns = '40', when = 'ready'] = process.argv.slice(2)
  const waited = cpuWait()
  const now = (): number => performance.now() - waited()
  const begun = now()
  const project = openProject(folder)
  const index = openRunIndex(project)
  const opened = now()
  const turns = longestTurn(now)
  if (when === 'ready') await index.getReady()
  const turn = turns()
  const ready = now()
  index.table(tableQuestion(0.55, Number(columns)))
  const first = now()
  index.table(tableQuestion(0.6, Number(columns)))
  const next = now()
  const told: FirstQuestion = {
    opened: opened - begun,
    ready: ready - opened,
    turn,
    first: first - ready,
    next: next - first,
  }
  process.stdout.write(JSON.stringify(told))
  index.close()
  await closeProject(project)
}

/** Watches how long the event loop stands; call the result for the longest, which also ends it. */
function longestTurn(now: () => number): () => number {
  let longest = 0
  let since = now()
  let next: NodeJS.Immediate
  const look = (): void => {
    longest = Math.max(longest, now() - since)
    since = now()
    next = setImmediate(look)
  }
  next = setImmediate(look)
  return () => {
    clearImmediate(next)
    return longest
  }
}
