import { join } from 'node:path'
import { maskDiff, maskUrl } from '#shared/domain/secrets/mask-text.ts'
import { maskEnvironment } from '#shared/domain/secrets/mask-values.ts'
import { workingTree } from '#electron/platform/git/working-tree.ts'
import { withoutOurs } from '../child-environment.ts'
import type { CaptureRun, StartedCommand } from './context.ts'
import { hostFacts } from './host.ts'
import { pythonFacts } from './python.ts'
import type { Reading } from './recent.ts'

/** The machine. */
export async function captureHost({ deps, project, run }: CaptureRun, read: Reading): Promise<void> {
  await deps.runs.setFact(project, run.id, 'host', await read('host', hostFacts))
}

/** The variables that may be written down, masked. */
export async function captureEnvironment(
  { deps, project, run }: CaptureRun,
  { environment }: Pick<StartedCommand, 'environment'>,
): Promise<void> {
  if (!deps.settings().capture.environment) return
  const own = withoutOurs(environment, deps.url(), join(deps.resources, 'python'))
  await deps.runs.setFact(project, run.id, 'environment', { ...maskEnvironment(own).kept })
}

/** The repository: facts, and what was not committed. */
export async function captureGit({ deps, project, run, folder, signal }: CaptureRun, read: Reading): Promise<void> {
  const { git, diff } = deps.settings().capture
  if (!git) return
  const place = project.inbox ? folder : project.folder
  const tree = await read(`git ${diff} ${place}`, () => workingTree(place, { diff, signal }))
  if (tree === null) return
  await deps.runs.write(project, (writes) => {
    const { remote } = tree.facts
    writes.setFact(run.id, 'git', { ...tree.facts, remote: remote === null ? null : maskUrl(remote) })
    if (tree.diff !== null) writes.setDiff(run.id, maskDiff(tree.diff))
  })
}

/** The Python and its packages; nothing where no Python is known. */
export async function capturePython(
  { deps, project, run, folder, signal }: CaptureRun,
  { python, environment }: Pick<StartedCommand, 'python' | 'environment'>,
  read: Reading,
): Promise<void> {
  if (python === null || !deps.settings().capture.packages) return
  const probe = join(deps.resources, 'python', 'environment_probe.py')
  const facts = await read(`python ${folder} ${python}`, () =>
    pythonFacts(python, probe, { folder, environment, signal }),
  )
  if (facts !== null) await deps.runs.setFact(project, run.id, 'python', facts)
}
