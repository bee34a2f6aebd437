import { join } from 'node:path'
import type { CaptureRun } from './context.ts'
import { keepFile, keptPaths, keptPlace, writtenFiles } from './written-files.ts'

/** Lists the files that a run wrote under the project's folder, and keeps those that a rule asks for. */
export async function captureWritten(
  { deps, project, run, signal }: CaptureRun,
  from: number,
  until: number,
): Promise<void> {
  const { capture, keep } = deps.settings()
  if (!capture.writtenFiles || project.inbox) return
  const { files, leftOut } = await writtenFiles(project.folder, from, until, signal)
  const wanted = new Set(
    keptPaths(
      files.map(({ path }) => path),
      keep,
    ),
  )
  const kept = new Set<string>()
  for (const path of wanted) {
    const target = join(project.artifactsFolder, run.id, 'artifacts', keptPlace(path))
    if (await keepFile(join(project.folder, path), target)) kept.add(path)
  }
  await deps.runs.setWrittenFiles(
    project,
    run.id,
    files.map((file) => ({ ...file, kept: kept.has(file.path) })),
  )
  if (leftOut.length > 0) deps.surroundings.log.info('written files were left out', { run: run.id, leftOut })
  if (kept.size > 0) project.changed({ project: project.id, entity: 'artifact', ids: [run.id] })
}
