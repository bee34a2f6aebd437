import { parentPort, workerData } from 'node:worker_threads'
import type { ImportSource } from '../source.ts'
import { serveSource } from '../thread/serve-source.ts'
import { openStore } from './store.ts'

/**
 * A file store as a source. It reads without waiting for other work of its thread: there a read may block, a disk that does not answer keeps nobody else
 * waiting, and blocking reads of small files take a quarter of the time of others.
 */
function sourceOf(location: string, store: ReturnType<typeof openStore>): ImportSource {
  return {
    kind: 'mlflow-files',
    location,
    era: store.era,
    experiments: async () => store.experiments(),
    runs: (experiment, _, only) => each(() => store.runs(experiment, only)),
    contents: async (run) => {
      const contents = store.contents(run)
      return { ...contents, series: each(() => contents.series) }
    },
    loggedModels: (experiment) => each(() => store.loggedModels(experiment)),
    modelCounts: async () => store.modelCounts(),
    registeredModels: () => each(() => store.registeredModels()),
    close: async () => {},
  }
}

async function* each<Item>(items: () => Iterable<Item>): AsyncIterable<Item> {
  yield* items()
}

if (parentPort !== null) {
  const { location, filesFolder } = workerData as { readonly location: string; readonly filesFolder?: string }
  serveSource(parentPort, async (notice) => sourceOf(location, openStore(location, notice, filesFolder)))
}
