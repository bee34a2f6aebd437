import { basename, join, relative } from 'node:path'
import type { z } from 'zod'
import { flattenConfig } from '#shared/domain/flatten.ts'
import { maskText } from '#shared/domain/secrets/mask-text.ts'
import { maskConfig } from '#shared/domain/secrets/mask-values.ts'
import type { ConfigFile } from '#shared/contract/runs.ts'
import type { DataFile } from '#electron/features/runs/index.ts'
import { writeFileAtomic } from '#electron/platform/atomic-file.ts'
import { nameInside } from '../command.ts'
import { writeCaptured } from './captured-params.ts'
import { readConfig } from './config-files.ts'
import type { CaptureRun } from './context.ts'
import type { FileHasher } from './hash-file.ts'
import { filesInArguments, filesInConfig } from './named-files.ts'

type KeptConfig = z.infer<typeof ConfigFile>

/** Snapshots the configurations that arguments name, reads their values, and hashes the data files that either names. */
export async function captureNamedFiles(run: CaptureRun, given: readonly string[], hasher: FileHasher): Promise<void> {
  if (!run.deps.settings().capture.configFiles) return
  const { configs, data } = await filesInArguments(given, run.folder)
  const kept: KeptConfig[] = []
  const dataPaths = new Set(data)
  const values: [string, string][] = []
  for (const path of configs) {
    const content = await readConfig(path)
    if (content === undefined) {
      dataPaths.add(path)
      continue
    }
    kept.push(keepConfig(run, path, content.bytes, freeName(kept, basename(path))))
    values.push(...flattened(content.value))
    for (const named of await filesInConfig(content.value, run.folder)) dataPaths.add(named)
  }
  await addConfigs(run, kept)
  await writeCaptured(
    run,
    values.map(([key, value]) => ({ key, value })),
    'config',
  )
  await captureDataFiles(run, [...dataPaths], hasher)
}

/** The values of a configuration as parameters, secrets masked. A configuration that is a list, or one value, has none. */
export function flattened(value: unknown): readonly [string, string][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
  return Object.entries(flattenConfig(maskConfig(value)).values)
}

/** Writes a configuration, masked, to the run's artifacts under `config/`. */
export function keepConfig({ project, run }: CaptureRun, path: string, bytes: Buffer, name: string): KeptConfig {
  const artifact = `config/${name}`
  writeFileAtomic(join(project.artifactsFolder, run.id, 'artifacts', artifact), maskText(bytes.toString('utf8')))
  project.changed({ project: project.id, entity: 'artifact', ids: [run.id] })
  return { path: nameInside(path, project.folder), size: bytes.length, artifact }
}

/** Adds to the list of kept configurations; a later one of the same path replaces the earlier. */
export async function addConfigs({ deps, project, run }: CaptureRun, kept: readonly KeptConfig[]): Promise<void> {
  if (kept.length === 0) return
  const paths = new Set(kept.map(({ path }) => path))
  const before = deps.runs.getFact(project, run.id, 'config-files') ?? []
  await deps.runs.setFact(project, run.id, 'config-files', [...before.filter(({ path }) => !paths.has(path)), ...kept])
}

async function captureDataFiles(
  { deps, project, run, signal }: CaptureRun,
  paths: readonly string[],
  hasher: FileHasher,
): Promise<void> {
  const files: DataFile[] = []
  for (const path of paths) {
    const found = await hasher.hash(path, signal)
    if (found !== undefined) files.push({ path: nameInside(path, project.folder), ...found })
  }
  if (files.length > 0) await deps.runs.setFact(project, run.id, 'data-files', files)
}

function freeName(kept: readonly KeptConfig[], name: string): string {
  const taken = new Set(kept.map(({ artifact }) => artifact))
  for (let count = 1; ; count++) {
    const candidate = count === 1 ? name : `${count}-${name}`
    if (!taken.has(`config/${candidate}`)) return candidate
  }
}

/** Where a Hydra output's files go among the artifacts: by its folder, because a multirun has several. */
export function hydraName(projectFolder: string, folder: string, file: string): string {
  const inside = relative(projectFolder, folder)
  const safe = inside === '' || inside.startsWith('..') ? basename(folder) : inside
  return join('hydra', safe, file)
}
