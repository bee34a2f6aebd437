import { fork } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { openReader } from '#electron/db/connection.ts'
import { ensureBackend } from '#electron/backend/ensure-backend.ts'
import { installation } from '#electron/platform/installation.ts'
import { startRealServer } from '#test/interop/mlflow/support/real-server.ts'

/** A server under load, in processes of its own. */
export type LoadedServer = {
  readonly name: string
  readonly url: string
  /** Milliseconds from the start to the first answer. */
  readonly start: number
  /** What its processes hold in memory, shared pages counted by their share; MiB. */
  readonly memory: () => number
  /** Processor time that its processes took so far, seconds. */
  readonly cpu: () => number
  /** How long its first thread was ready but had no core so far, seconds. */
  readonly starved: () => number
  readonly close: () => Promise<Left>
}

/** What a server leaves behind. */
export type Left = {
  /** Of its database. */
  readonly bytes: number
  /** Of these, free pages and what still waits to be compacted: room that later points take. */
  readonly spare?: number
  /** What it says itself of the compaction that went on meanwhile. */
  readonly compaction?: Compaction
}
export type Compaction = { readonly slices: number; readonly longestSliceMs: number; readonly longestCommitMs: number }

/** The backend as it is started for a person: its bundle where one is built. */
export async function startOurs(): Promise<LoadedServer> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'bench-mlflow-'))
  const started = performance.now()
  const { url, pid } = await ensureBackend({
    dataFolder,
    node: process.execPath,
    entry: installation().backendEntry,
    port: 0,
  })
  return {
    name: 'Benchtop',
    url,
    start: performance.now() - started,
    memory: () => memoryOf([pid]),
    cpu: () => cpuOf([pid]),
    starved: () => starvedOf(pid),
    close: async () => {
      process.kill(pid, 'SIGTERM')
      while (isThere(pid)) await wait(20)
      const compaction = compactionIn(textOf(join(dataFolder, 'logs', 'backend.log')) ?? '')
      const bytes = sizeUnder(dataFolder, /^project\.db/)
      const spare = spareIn(join(dataFolder, 'inbox', 'project.db'))
      const left = { bytes, spare, ...(compaction === undefined ? {} : { compaction }) }
      rmSync(dataFolder, { recursive: true, force: true, maxRetries: 5 })
      return left
    },
  }
}

export async function startReal(python: string): Promise<LoadedServer> {
  const started = performance.now()
  const { url, pid, folder, close } = await startRealServer(python)
  return {
    name: 'mlflow server',
    url,
    start: performance.now() - started,
    memory: () => memoryOf(treeOf(pid)),
    cpu: () => cpuOf(treeOf(pid)),
    starved: () => starvedOf(pid),
    close: async () => {
      const bytes = sizeUnder(folder, /^mlflow\.db/)
      await close()
      return { bytes }
    },
  }
}

/** A server that reads a request and says `{}`: more than it does no server on this Node can do. */
export async function startNothing(): Promise<LoadedServer> {
  const started = performance.now()
  const child = fork(import.meta.filename, ['nothing'])
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (message) => resolve(Number(message)))
    child.once('error', reject)
  })
  const pids = child.pid === undefined ? [] : [child.pid]
  return {
    name: 'nothing',
    url: `http://127.0.0.1:${port}`,
    start: performance.now() - started,
    memory: () => memoryOf(pids),
    cpu: () => cpuOf(pids),
    starved: () => (child.pid === undefined ? 0 : starvedOf(child.pid)),
    close: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await ended
      return { bytes: 0 }
    },
  }
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** What the backend's log says of the project that was closed last. */
function compactionIn(log: string): Compaction | undefined {
  const line = log.split('\n').findLast((text) => text.includes('"event":"project closed"'))
  if (line === undefined) return undefined
  const { metrics, commits } = JSON.parse(line) as {
    readonly metrics: { readonly slices: number; readonly longestSliceMs: number }
    readonly commits: { readonly longestMs: number }
  }
  return {
    slices: metrics.slices,
    longestSliceMs: metrics.longestSliceMs,
    longestCommitMs: commits.longestMs,
  }
}

function spareIn(file: string): number {
  const db = openReader(file)
  try {
    const pages = db.value<number>('PRAGMA freelist_count') ?? 0
    const pageSize = db.value<number>('PRAGMA page_size') ?? 0
    return pages * pageSize + (db.value<number>(`SELECT sum(pgsize) FROM dbstat WHERE name = 'metric_log'`) ?? 0)
  } finally {
    db.close()
  }
}

function sizeUnder(folder: string, name: RegExp): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && name.test(entry.name))
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
}

/** A process and all that stem from it. */
function treeOf(root: number): readonly number[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    const pid = Number(name)
    const parent = Number.isInteger(pid) ? Number(statOf(pid)?.[1]) : Number.NaN
    if (!Number.isNaN(parent)) parents.set(pid, parent)
  }
  const isOf = (pid: number | undefined): boolean => pid !== undefined && (pid === root || isOf(parents.get(pid)))
  return [...parents.keys()].filter(isOf)
}

/** The fields of `/proc/PID/stat` behind the name: state, parent and so on. */
function statOf(pid: number): readonly string[] | undefined {
  const stat = textOf(`/proc/${pid}/stat`)
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
}

/** Linux counts in hundredths of a second, its ended children's time with their parent's. */
function cpuOf(pids: readonly number[]): number {
  const ticks = pids.map((pid) => (statOf(pid) ?? []).slice(11, 15).reduce((sum, field) => sum + Number(field), 0))
  return ticks.reduce((sum, one) => sum + one, 0) / 100
}

function starvedOf(pid: number): number {
  return Number(textOf(`/proc/${pid}/schedstat`)?.split(' ')[1] ?? 0) / 1e9
}

function memoryOf(pids: readonly number[]): number {
  const kilobytes = pids.map((pid) =>
    Number(/^Pss:\s+(\d+)/m.exec(textOf(`/proc/${pid}/smaps_rollup`) ?? '')?.[1] ?? 0),
  )
  return kilobytes.reduce((sum, one) => sum + one, 0) / 1_024
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

if (import.meta.main && process.argv[2] === 'nothing') {
  const server = createServer((request, response) => {
    request.resume()
    request.once('end', () => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 2 })
      response.end('{}')
    })
  })
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
}
