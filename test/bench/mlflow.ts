import { fork } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import { need } from '#test/setup/needs.ts'
import { type Load, type LoadResult, STEP, TIME } from './http-load.ts'
import { type Left, type LoadedServer, startNothing, startOurs, startReal } from './mlflow-servers.ts'
import { type Loaded, type Measured, mlflowTable } from './mlflow-table.ts'

export type MlflowBenchOptions = {
  /** Whether the real server, where it is installed, is put under the same load: about four minutes more. */
  readonly real: boolean
  /** How long each load lasts. */
  readonly seconds: number
}

const API = '/api/2.0/mlflow/'
const RUNS = 10
const CONNECTIONS = 8
const SEARCHED = 1_000
const HISTORY = 25_000
/** Milliseconds after which a server has put away what it needed for the load alone. */
const QUIET = 35_000
/** Bodies of a run that differ in their values. */
const VARIANTS = 8

/**
 * The MLflow API under load from a process of its own, with the backend as a person starts it and compaction as it comes; beside it, where wanted
 * and installed, the real server on SQLite. Bodies are made before the clock starts. Load and server share the machine's cores: beside the results
 * stand what this generator reaches when a server does nothing, and the processor time of each side.
 */
export async function mlflowBench(options: MlflowBenchOptions): Promise<readonly string[]> {
  const generator = startGenerator()
  try {
    const ceiling = await measureNothing(await startNothing(), generator, options.seconds / 2)
    const ours = await measure(await startOurs(), generator, options.seconds)
    const python = options.real ? need('mlflow') : undefined
    const real =
      python?.ok === true ? await measure(await startReal(python.path), generator, options.seconds) : undefined
    return mlflowTable(ceiling, ours, real, python?.ok === false ? python.reason : undefined)
  } finally {
    generator.close()
  }
}

type Asked = Pick<Load, 'path' | 'bodies' | 'connections' | 'seconds'> & Partial<Load>
type Generator = {
  readonly run: (server: LoadedServer, load: Asked) => Promise<Loaded & { readonly requests: number }>
  readonly close: () => void
}

/** The load comes from one process, which keeps its count: no two loads log the same point. */
function startGenerator(): Generator {
  const child = fork(new URL('http-load.ts', import.meta.url).pathname)
  let firstStep = 1_000_000
  const send = (load: Load): Promise<LoadResult> =>
    new Promise((resolve, reject) => {
      child.once('message', (message: { readonly result?: LoadResult; readonly problem?: string }) =>
        message.result === undefined ? reject(new Error(message.problem)) : resolve(message.result),
      )
      child.send(load)
    })
  return {
    async run(server, asked) {
      const [before, waited] = [server.cpu(), server.starved()]
      const port = Number(new URL(server.url).port)
      const result = await send({ method: 'POST', least: 1, port, firstStep, ...asked, path: API + asked.path })
      const { requests, seconds, refused, cpu, p50, p99 } = result
      firstStep += requests
      if (refused > 0) throw new Error(`${server.name} refused ${refused} of ${asked.path}`)
      const serverCpu = (1_000 * (server.cpu() - before)) / requests
      return {
        requests,
        rate: requests / seconds,
        p50,
        p99,
        serverCpu,
        loadCpu: (1_000 * cpu) / requests,
        starved: (server.starved() - waited) / seconds,
      }
    },
    close: () => child.disconnect(),
  }
}

type Ingest = { readonly name: string; readonly path: string; readonly size: number; readonly connections: number }

/** Before the rest, and not shown: what a process learns of itself in its first second is nobody's figure. */
const WARM_UP: Ingest = { name: 'warm-up', path: 'runs/log-metric', size: 1, connections: CONNECTIONS }
const INGEST: readonly Ingest[] = [
  { name: 'log-metric', path: 'runs/log-metric', size: 1, connections: CONNECTIONS },
  { name: 'log-metric, one client', path: 'runs/log-metric', size: 1, connections: 1 },
  { name: 'log-batch of 10', path: 'runs/log-batch', size: 10, connections: CONNECTIONS },
  { name: 'log-batch of 100', path: 'runs/log-batch', size: 100, connections: CONNECTIONS },
  { name: 'log-batch of 1,000', path: 'runs/log-batch', size: 1_000, connections: CONNECTIONS },
]

async function measureNothing(
  server: LoadedServer,
  generator: Generator,
  seconds: number,
): Promise<ReadonlyMap<string, Loaded>> {
  const loads = new Map<string, Loaded>()
  try {
    const runs = ['0'.repeat(32)]
    await generator.run(server, ingest(WARM_UP, runs, 1))
    for (const kind of INGEST) loads.set(kind.name, await generator.run(server, ingest(kind, runs, seconds)))
  } finally {
    await server.close()
  }
  return loads
}

async function measure(server: LoadedServer, generator: Generator, seconds: number): Promise<Measured> {
  const loads = new Map<string, Loaded>()
  let points = 0
  let found: Omit<Measured, 'left'> | undefined
  let left: Left
  try {
    const idleMemory = server.memory()
    const runs: string[] = []
    for (let index = 0; index < RUNS; index++) runs.push(await createRun(server, '0', `run ${index}`))
    points += (await generator.run(server, ingest(WARM_UP, runs, 1))).requests
    for (const kind of INGEST) {
      const loaded = await generator.run(server, ingest(kind, runs, seconds))
      loads.set(kind.name, loaded)
      points += loaded.requests * kind.size
    }
    const one = { connections: 1, seconds: seconds / 2, least: 5 }
    const experiment = await searchedRuns(server)
    points += SEARCHED * 20
    for (const [name, given, count] of searches()) {
      const body = JSON.stringify({ experiment_ids: [experiment], ...given })
      const answer = (await ask(server, 'POST', 'runs/search', body)) as { readonly runs?: readonly unknown[] }
      if (answer.runs?.length !== count) throw new Error(`${server.name} found ${answer.runs?.length} runs of ${count}`)
      loads.set(name, await generator.run(server, { ...one, path: 'runs/search', bodies: [body] }))
    }
    points += HISTORY
    const history = await longHistory(server, runs[0] ?? '')
    loads.set(
      'history of 25,000 points',
      await generator.run(server, { ...one, method: 'GET', path: history, bodies: [''] }),
    )
    // Last: what is found out about so many new runs goes on for a while.
    const created = JSON.stringify({ experiment_id: '0', run_name: 'created', start_time: TIME })
    const creating = { path: 'runs/create', bodies: Array.from({ length: CONNECTIONS }, () => created) }
    loads.set(
      'create-run',
      await generator.run(server, { ...creating, connections: CONNECTIONS, seconds: seconds / 2 }),
    )
    const memory = server.memory()
    await wait(QUIET)
    found = { loads, start: server.start, idleMemory, memory, quietMemory: server.memory(), points }
  } finally {
    left = await server.close()
  }
  return { ...found, left }
}

function ingest({ path, size, connections }: Ingest, runs: readonly string[], seconds: number): Asked {
  const bodies = Array.from({ length: VARIANTS }, (_, variant) =>
    runs.map((run) => (path === 'runs/log-metric' ? metricOf(run, variant) : batchOf(run, size, variant))),
  )
  return { path, bodies: bodies.flat(), connections, seconds }
}

/** As the real client sends it: both names of the run, empty lists. */
function batchOf(run: string, size: number, variant: number): string {
  const metrics = Array.from({ length: size }, (_, index) => ({
    key: `metric_${index}`,
    value: valueOf(index, variant),
    timestamp: TIME,
    step: STEP,
  }))
  return JSON.stringify({ run_id: run, run_uuid: run, metrics, params: [], tags: [] })
}

function metricOf(run: string, variant: number): string {
  const value = valueOf(0, variant)
  return JSON.stringify({ run_id: run, run_uuid: run, key: 'single', value, timestamp: TIME, step: STEP })
}

/** As PyTorch's `.item()` gives it: a float32, widened. */
function valueOf(index: number, variant: number): number {
  return Math.fround(Math.abs(Math.sin(index * 7 + variant * 13)))
}

/** Twenty parameters, twenty metrics and five tags each; returns their experiment. */
async function searchedRuns(server: LoadedServer): Promise<string> {
  const body = JSON.stringify({ name: 'searched' })
  const { experiment_id: experiment } = (await ask(server, 'POST', 'experiments/create', body)) as {
    readonly experiment_id: string
  }
  const one = async (index: number): Promise<void> => {
    const run = await createRun(server, experiment, `r${index}`)
    const things = {
      run_id: run,
      params: keyed('p', 20, (key) => String((index * 7 + key) % 10)),
      metrics: keyed('m', 20, (key) => Math.sin(index + key)).map((metric) => ({
        ...metric,
        timestamp: TIME,
        step: 0,
      })),
      tags: keyed('t', 5, () => `v${index % 10}`),
    }
    await ask(server, 'POST', 'runs/log-batch', JSON.stringify(things))
  }
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < SEARCHED) await one(next++)
  }
  await Promise.all(Array.from({ length: 4 }, worker))
  return experiment
}

/** Searches with how many runs they find. */
function searches(): readonly (readonly [name: string, search: object, count: number])[] {
  const filter = "params.p1 = '3'"
  return [
    ['search, 100 of 1,000 runs', { max_results: 100 }, 100],
    ['search, 1,000 runs', { max_results: 1_000 }, SEARCHED],
    ['search, filtered and sorted, 100 of 1,000', { max_results: 100, filter, order_by: ['metrics.m3 DESC'] }, 100],
  ]
}

function keyed<Value>(prefix: string, count: number, valueOfKey: (key: number) => Value) {
  return Array.from({ length: count }, (_, key) => ({ key: `${prefix}${key}`, value: valueOfKey(key) }))
}

/** Logs a long series; returns the request that reads all of it. */
async function longHistory(server: LoadedServer, run: string): Promise<string> {
  for (let from = 0; from < HISTORY; from += 1_000) {
    const metrics = Array.from({ length: 1_000 }, (_, index) => ({
      key: 'long',
      value: (from + index) / 8,
      timestamp: TIME + from + index,
      step: from + index,
    }))
    await ask(server, 'POST', 'runs/log-batch', JSON.stringify({ run_id: run, metrics }))
  }
  const path = `metrics/get-history?run_id=${run}&metric_key=long&max_results=${HISTORY}`
  const { metrics } = (await ask(server, 'GET', path)) as { readonly metrics: readonly unknown[] }
  if (metrics.length !== HISTORY) throw new Error(`${server.name} has ${metrics.length} points of ${HISTORY}`)
  return path
}

async function createRun(server: LoadedServer, experiment: string, name: string): Promise<string> {
  const body = JSON.stringify({ experiment_id: experiment, run_name: name, start_time: TIME })
  const answer = await ask(server, 'POST', 'runs/create', body)
  return (answer as { readonly run: { readonly info: { readonly run_id: string } } }).run.info.run_id
}

async function ask(server: LoadedServer, method: string, path: string, body?: string): Promise<unknown> {
  const response = await fetch(server.url + API + path, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${server.name}: ${path} gave ${response.status} ${text.slice(0, 300)}`)
  return JSON.parse(text)
}
