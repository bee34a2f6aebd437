import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Change, RunStatus } from '#shared/contract/common.ts'
import { LaunchSpec, type LogLine } from '#shared/contract/launch.ts'
import { Settings } from '#shared/contract/settings.ts'
import type { CallContext } from '#shared/rpc/procedure.ts'
import { createOpenProjects, type ProjectContext } from '#electron/features/projects/index.ts'
import { createRuns, type RunsService } from '#electron/features/runs/index.ts'
import { systemClock } from '#electron/platform/clock.ts'
import { randomIds } from '#electron/platform/ids.ts'
import { installation } from '#electron/platform/installation.ts'
import type { LogFields } from '#electron/platform/log.ts'
import { identify } from '#electron/platform/process/identity.ts'
import { signalTree } from '#electron/platform/process/table.ts'
import { textOf } from '#electron/shim/shim-process.fixture.ts'
import { type LaunchRecord, launchesOfRun, liveLaunches } from './queries.ts'
import { createLaunch, type LaunchService } from './service.ts'

/** For tests: a backend's launching with everything real but the listener, which only takes pokes. */
export type Bench = {
  readonly launch: LaunchService
  readonly project: ProjectContext
  readonly runs: RunsService
  readonly folder: string
  readonly dataFolder: string
  /** What was logged as a warning or an error. */
  readonly complaints: readonly string[]
  readonly changes: readonly Omit<Change, 'revision'>[]
  readonly setting: (change: Partial<Settings>) => void
  /** A file in the project's folder. */
  readonly file: (name: string, text: string) => string
  /** Lets go of everything as a killed backend does, and begins anew on the same folders. */
  readonly restart: () => Promise<Bench>
  readonly dispose: () => Promise<void>
}

export const CONTEXT: CallContext = { signal: new AbortController().signal, actor: 'test' }

export type BenchOptions = {
  readonly root?: string
  readonly environment?: Readonly<Record<string, string>>
  readonly settings?: Partial<Settings>
}

const TOKEN = '0f'.repeat(32)

export async function openBench(options: BenchOptions = {}): Promise<Bench> {
  const root = options.root ?? realpathSync(mkdtempSync(join(tmpdir(), 'benchtop-launch-')))
  const folder = join(root, 'project')
  const dataFolder = join(root, 'data')
  mkdirSync(folder, { recursive: true })
  mkdirSync(dataFolder, { recursive: true })
  writeFileSync(join(dataFolder, 'token'), `${TOKEN}\n`)
  const complaints: string[] = []
  const changes: Omit<Change, 'revision'>[] = []
  const complain = (event: string, fields: LogFields = {}): void => {
    complaints.push(`${event}: ${fields['error'] instanceof Error ? fields['error'].message : JSON.stringify(fields)}`)
  }
  const surroundings = {
    clock: systemClock,
    ids: randomIds,
    log: { info: () => {}, warn: complain, error: complain },
    dataFolder,
    changed: (change: Omit<Change, 'revision'>) => void changes.push(change),
  }
  const projects = createOpenProjects(surroundings)
  const project = projects.openFolder(folder, true)
  const runs = createRuns({ projects })
  let settings = Settings.parse({ stopGrace: 1, ...options.settings })
  const { node, resources, shimEntry } = installation(import.meta.dirname)
  let port = 0
  const launch = createLaunch({
    surroundings,
    projects,
    runs: runs.service,
    settings: () => settings,
    url: () => `http://127.0.0.1:${port}`,
    token: TOKEN,
    resources,
    node,
    // The source: a bundle may be an older one.
    shimEntry: shimEntry.replace(/\/build\/shim\/shim\.js$/, '/electron/shim/shim.ts'),
    // A shim that finds no backend runs this, which ends at once: the test itself is the backend.
    backendEntry: '/dev/null',
    loginEnvironment: () =>
      Promise.resolve({
        environment: { PATH: process.env['PATH'] ?? '', HOME: root, LANG: 'C.UTF-8', ...options.environment },
        problem: null,
      }),
  })
  const server = await takePokes((id) => launch.handlers.poke({ launch: id }, CONTEXT))
  port = (server.address() as AddressInfo).port
  const lock = { url: `http://127.0.0.1:${port}`, build: 'test', ...identify(process.pid) }
  writeFileSync(join(dataFolder, 'backend.lock'), JSON.stringify(lock))
  await launch.start()

  let next: Bench | undefined
  const letGo = async (): Promise<void> => {
    await launch.close()
    await new Promise((resolve) => server.close(resolve))
    await projects.closeAll()
  }
  return {
    launch,
    project,
    runs: runs.service,
    folder,
    dataFolder,
    complaints,
    changes,
    setting: (change) => void (settings = { ...settings, ...change }),
    file(name, text) {
      const path = join(folder, name)
      mkdirSync(join(path, '..'), { recursive: true })
      writeFileSync(path, text)
      return path
    },
    async restart() {
      await letGo()
      next = await openBench({ ...options, root })
      return next
    },
    async dispose() {
      if (next !== undefined) return next.dispose()
      for (const { id, pid, shimPid } of liveLaunches(project)) {
        if (shimPid !== null && shimPid > 0) signalTree({ pid: shimPid }, 'SIGKILL')
        if (pid !== null) signalTree({ pid, marker: `BENCHTOP_LAUNCH=${id}` }, 'SIGKILL')
      }
      await letGo()
      rmSync(root, { recursive: true, force: true })
    },
  }
}

/** A spec with the contract's defaults. */
export function spec(command: readonly string[], more: Partial<LaunchSpec> = {}): LaunchSpec {
  return LaunchSpec.parse({ command, ...more })
}

/** The shim's way to the backend: any `POST` whose body names a launch. */
async function takePokes(poke: (launch: string) => unknown): Promise<Server> {
  const server = createServer((socket) => {
    let text = ''
    socket.on('error', () => {})
    socket.on('data', (bytes) => {
      text += bytes.toString()
      const launch = /\r\n\r\n.*"launch":"(\w+)"/s.exec(text)?.[1]
      if (launch === undefined) return
      const answer = (): void => void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}')
      Promise.resolve(poke(launch)).then(answer, answer)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

/** A bench that is disposed of after the test, in its state after all restarts. */
export async function bench(options: BenchOptions = {}): Promise<Bench> {
  const made = await openBench(options)
  onTestFinished(() => made.dispose())
  return made
}

/** Launches a command; the run's id. */
export async function start(
  b: Bench,
  command: readonly string[],
  more: Partial<LaunchSpec> = {},
  queue = false,
): Promise<string> {
  const { run } = await b.launch.handlers.start({ project: b.project.id, spec: spec(command, more), queue }, CONTEXT)
  return run
}

export const statusOf = (b: Bench, run: string): RunStatus => b.runs.getRun(b.project, run).status
export const record = (b: Bench, run: string): LaunchRecord => {
  const last = launchesOfRun(b.project, run).at(-1)
  if (last === undefined) throw new Error('The run was not launched.')
  return last
}
/** The run has its final status. */
export const isOver = (b: Bench, run: string): boolean =>
  ['finished', 'failed', 'killed', 'lost'].includes(statusOf(b, run))
/** Nothing is left to be done for it. */
export const isWholly = (b: Bench, run: string): boolean => record(b, run).state === 'ended'
/** What it wrote to its standard output, as it is in the file. */
export const output = (b: Bench, run: string): string => textOf(join(record(b, run).workFolder, 'out.log'))
export const logOf = async (b: Bench, run: string): Promise<readonly LogLine[]> =>
  (await b.launch.handlers.log({ project: b.project.id, run, from: 0, limit: 1_000 }, CONTEXT)).lines
/** Captured parameters. */
export const captured = (
  b: Bench,
  run: string,
): readonly { readonly key: string; readonly value: string; readonly source: string }[] =>
  b.project.db.all(
    `SELECT key, value, source FROM param WHERE run = ? AND origin = 'captured' ORDER BY key`,
    b.runs.getRun(b.project, run).number,
  )

/** By form a key, and no scanner of repositories takes it for a real one. */
export const SECRET = `sk-${'a7Bq9Zx2Lm4Rt6Kw'.repeat(3)}`
