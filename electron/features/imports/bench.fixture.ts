import type { ImportProgress, ImportReport } from '#shared/contract/imports.ts'
import { openTestProject, type TestProject } from '#electron/features/runs/test-project.fixture.ts'
import { createImports, type ImportFeature } from './create-imports.ts'
import type { Readers } from './readers.ts'
import type { Pace, WatchOptions } from './watch/watched-source.ts'

export type ImportBench = {
  readonly project: TestProject
  readonly feature: ImportFeature
  readonly calls: ImportFeature['handlers']
  readonly context: { readonly signal: AbortSignal; readonly actor: string }
  /** Starts an import and waits for its reports. */
  readonly take: (location: string, options?: TakeOptions) => Promise<readonly ImportReport[]>
  readonly dispose: () => Promise<void>
}

type TakeOptions = {
  readonly artifacts?: 'copy' | 'reference'
  readonly watched?: boolean
  readonly token?: string
  readonly onProgress?: (progress: ImportProgress, job: string) => void
}

type BenchOptions = {
  readonly pace?: Pace
  readonly tell?: WatchOptions['tell']
  readonly project?: TestProject
  /** The project's folder by default. */
  readonly dataFolder?: string
}

/** A project of its own that takes stores in. */
export function openImportBench(readers: Readers, options: BenchOptions = {}): ImportBench {
  const project = options.project ?? openTestProject()
  const feature = createImports({
    projects: { require: () => project, open: () => [project], onClose: () => {} },
    dataFolder: options.dataFolder ?? project.folder,
    readers,
    ...(options.pace === undefined ? {} : { pace: options.pace }),
    ...(options.tell === undefined ? {} : { tell: options.tell }),
  })
  const context = { signal: new AbortController().signal, actor: 'test' }
  const calls = feature.handlers
  return {
    project,
    feature,
    calls,
    context,
    async take(location, given = {}) {
      const { onProgress = () => {}, artifacts = 'copy', watched = false, token } = given
      const asked = { project: project.id, location, artifacts, watched, token }
      const { job } = await calls.start(asked, context)
      const reports: ImportReport[] = []
      for await (const event of calls.follow({ project: project.id, job }, context)) {
        if (event.type === 'progress') onProgress(event.progress, job)
        else reports.push(event.report as ImportReport)
      }
      return reports
    },
    async dispose() {
      await feature.close()
      if (options.project === undefined) await project.dispose()
    },
  }
}

/** All that an import writes, but for numbers and times of writing: two projects that hold the same are equal. */
export function everythingIn({ db, metrics }: TestProject) {
  const runs = db.all<Record<string, unknown> & { readonly number: number; readonly id: string }>(
    `SELECT number, id, experiment, name, status, lifecycle, started_at, ended_at, user, source, parent, note FROM run ORDER BY id`,
  )
  return {
    experiments: db.all(
      `SELECT id, name, lifecycle, artifact_location, (SELECT json_group_object(key, value) FROM experiment_tag WHERE experiment = id) AS tags
         FROM experiment ORDER BY id`,
    ),
    runs: runs.map(({ number, ...run }) => ({
      ...run,
      params: db.all('SELECT key, value FROM param WHERE run = ? ORDER BY key', number),
      tags: db.all('SELECT key, value FROM tag WHERE run = ? ORDER BY key', number),
      datasets: db.all('SELECT name FROM run_dataset JOIN dataset ON id = dataset WHERE run = ? ORDER BY name', number),
      metrics: metrics.list(number).map(({ id, key }) => {
        const { step, time, value } = metrics.series(id)
        return { key, points: [...step].map((at, index) => [at, time[index], value[index]]) }
      }),
      known: db.all('SELECT made, fingerprint, came FROM import_run WHERE run = ?', run.id),
    })),
    models: db.all('SELECT id, experiment, name, status, source_run, artifact_location FROM logged_model ORDER BY id'),
    registered: db.all('SELECT name, description, last_version FROM registered_model ORDER BY name'),
    versions: db.all(
      `SELECT name, version, stage, source, storage_location, run, model_version.description,
              (SELECT json_group_array(alias) FROM registered_model_alias AS a WHERE a.model = model_version.model AND a.version = model_version.version) AS aliases
         FROM model_version JOIN registered_model ON id = model ORDER BY name, version`,
    ),
  }
}
