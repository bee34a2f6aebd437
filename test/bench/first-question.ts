import { openRunIndex } from '#electron/features/runs/run-index/run-index.ts'
import { cpuWait } from './cpu-wait.ts'
import { closeProject, openProject, tableQuestion } from './table-project.ts'

/** What a start is told to write on its output, as JSON: milliseconds without those in which it waited for a core. */
export type FirstQuestion = { readonly opened: number; readonly first: number; readonly next: number }

/** Opens the project of a folder in a process that has answered nothing yet, and asks: what a person waits for after a restart. */
if (import.meta.main) {
  const [folder = '', columns = '40'] = process.argv.slice(2)
  const waited = cpuWait()
  const now = (): number => performance.now() - waited()
  const begun = now()
  const project = openProject(folder)
  const index = openRunIndex(project)
  const opened = now()
  index.table(tableQuestion(0.5, Number(columns)))
  const first = now()
  index.table(tableQuestion(0.6, Number(columns)))
  const next = now()
  const told: FirstQuestion = { opened: opened - begun, first: first - opened, next: next - first }
  process.stdout.write(JSON.stringify(told))
  index.close()
  await closeProject(project)
}
