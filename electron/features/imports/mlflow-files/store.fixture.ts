import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ImportNote } from '#shared/contract/imports.ts'
import { openStore } from './store.ts'

export type Files = Readonly<Record<string, string | Uint8Array>>

/** Writes files below a folder; a name that ends with `/` is an empty folder. */
export function writeFiles(root: string, files: Files): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, name)
    mkdirSync(name.endsWith('/') ? path : dirname(path), { recursive: true })
    if (!name.endsWith('/')) writeFileSync(path, content)
  }
}

/** A new folder `mlruns` of these files in an empty one. */
export function storeIn(folder: string, files: Files): string {
  const root = join(folder, 'mlruns')
  mkdirSync(root)
  writeFiles(root, files)
  return root
}

export const experiment = (id: string, name: string, more = ''): string =>
  `artifact_location: file:///home/a/mlruns/${id}\nexperiment_id: '${id}'\nlifecycle_stage: active\nname: ${name}\n${more}`

/** A run's meta as MLflow 2 writes it; later lines win. */
export const run = (experimentId: string, id: string, more = ''): string =>
  `artifact_uri: file:///home/a/mlruns/${experimentId}/${id}/artifacts\nend_time: 1700000009000\nentry_point_name: ''\n` +
  `experiment_id: '${experimentId}'\nlifecycle_stage: active\nrun_id: ${id}\nrun_name: first\nsource_name: ''\nsource_type: 4\n` +
  `source_version: ''\nstart_time: 1700000000000\nstatus: 3\ntags: []\nuser_id: ada\n${more}`

/** All that a store gives, with plain arrays for columns. */
export function everythingOf(root: string) {
  const notes: ImportNote[] = []
  const store = openStore(root, (note) => notes.push(note))
  // First: what is looked at for this is told when it is read.
  const counts = store.modelCounts()
  const experiments = store.experiments()
  const runs = experiments.flatMap(({ id }) => [...store.runs(id)])
  return {
    era: store.era,
    experiments,
    runs: runs.map((one) => {
      const { series, ...contents } = store.contents(one)
      const points = [...series].map(({ key, step, time, value }) => ({
        key,
        points: [...step].map((at, index) => [at, time[index], value[index]]),
      }))
      return { ...one, ...contents, series: points }
    }),
    loggedModels: experiments.flatMap(({ id }) => [...store.loggedModels(id)]),
    registered: [...store.registeredModels()],
    counts,
    notes,
  }
}
