import type { RunStatus } from '#shared/contract/common.ts'
import type { Pair } from '#electron/features/models/index.ts'
import type { Readers } from './readers.ts'
import type {
  ImportSource,
  SourceArtifacts,
  SourceExperiment,
  SourceLoggedModel,
  SourceRegisteredModel,
  SourceRun,
} from './source.ts'

export type MemoryRun = {
  readonly id: string
  readonly experiment: string
  readonly name?: string
  readonly status?: RunStatus
  readonly deleted?: boolean
  readonly deletedAt?: number
  readonly params?: Readonly<Record<string, string>>
  readonly tags?: Readonly<Record<string, string>>
  /** Points of a metric: step, time, value. */
  readonly metrics?: Readonly<Record<string, readonly (readonly [number, number, number])[]>>
  readonly artifacts?: SourceArtifacts
  readonly datasets?: readonly string[]
}

export type MemoryStore = {
  readonly experiments: readonly (Pick<SourceExperiment, 'id' | 'name'> & Partial<SourceExperiment>)[]
  readonly runs: readonly MemoryRun[]
  readonly logged?: readonly SourceLoggedModel[]
  readonly registered?: readonly SourceRegisteredModel[]
}

/** Stores in memory by their locations, what was asked of them, and what happens when a series is read. */
export type MemoryStores = {
  readonly stores: Map<string, MemoryStore>
  readonly asked: string[]
  readonly readers: Readers
  onSeries: (run: string, key: string) => void
}

/** A kind of store whose content the test holds. Locations begin with `memory:`. */
export function memoryStores(initial: Readonly<Record<string, MemoryStore>>): MemoryStores {
  const made: MemoryStores = {
    stores: new Map(Object.entries(initial)),
    asked: [],
    onSeries: () => {},
    readers: [
      {
        kind: 'mlflow-server',
        holds: 'address',
        looksLike: (location) => Promise.resolve(made.stores.has(location)),
        open: (location) => {
          const store = made.stores.get(location)
          if (store === undefined) return Promise.reject(new Error('gone'))
          return Promise.resolve(sourceOf(location, store, made))
        },
      },
    ],
  }
  return made
}

const pairs = (record: Readonly<Record<string, string>> = {}): readonly Pair[] =>
  Object.entries(record).map(([key, value]) => ({ key, value }))

function sourceOf(location: string, store: MemoryStore, hooks: MemoryStores): ImportSource {
  const { asked } = hooks
  const byId = new Map(store.runs.map((run) => [run.id, run]))
  return {
    kind: 'mlflow-server',
    location,
    era: 'in memory',
    experiments: () =>
      Promise.resolve(
        store.experiments.map((given) => ({
          deleted: false,
          artifactLocation: null,
          createdAt: 1,
          updatedAt: 2,
          tags: [],
          ...given,
        })),
      ),
    async *runs(experiment, _, only) {
      for (const run of store.runs) {
        if (run.experiment !== experiment || only?.has(run.id) === false) continue
        asked.push(`run ${run.id}`)
        yield plain(run)
        await Promise.resolve()
      }
    },
    contents: (run) => {
      asked.push(`contents ${run.id}`)
      const { params, tags, metrics, artifacts, datasets } = byId.get(run.id) as MemoryRun
      async function* series() {
        for (const [key, points] of Object.entries(metrics ?? {})) {
          hooks.onSeries(run.id, key)
          await Promise.resolve()
          const column = (at: 0 | 1 | 2) => Float64Array.from(points, (point) => point[at])
          yield { key, step: column(0), time: column(1), value: column(2) }
        }
      }
      return Promise.resolve({
        params: pairs(params),
        tags: pairs(tags),
        datasets: (datasets ?? []).map((name) => ({
          name,
          digest: 'd',
          sourceType: 'local',
          source: '{}',
          schema: null,
          profile: null,
          tags: [],
        })),
        models: [],
        series: series(),
        artifacts: artifacts ?? { at: 'none' },
      })
    },
    async *loggedModels(experiment) {
      for (const model of store.logged ?? []) if (model.experiment === experiment) yield model
      await Promise.resolve()
    },
    modelCounts: () =>
      Promise.resolve({
        logged: store.logged?.length ?? 0,
        registered: store.registered?.length ?? 0,
        versions: (store.registered ?? []).reduce((sum, { versions }) => sum + versions.length, 0),
      }),
    async *registeredModels() {
      yield* store.registered ?? []
      await Promise.resolve()
    },
    close: () => Promise.resolve(),
  }
}

function plain(run: MemoryRun): SourceRun {
  return {
    id: run.id,
    experiment: run.experiment,
    name: run.name ?? null,
    status: run.status ?? 'finished',
    deleted: run.deleted ?? false,
    deletedAt: run.deletedAt ?? null,
    startedAt: 10,
    endedAt: run.status === 'running' ? null : 20,
    user: 'ada',
    fingerprint: JSON.stringify(run),
  }
}
