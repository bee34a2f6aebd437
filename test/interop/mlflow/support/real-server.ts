import Database from 'better-sqlite3'
import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { cleanEnvironment } from '../../support/run-python.ts'

export type RealServer = {
  readonly url: string
  /** The process that all of the server's own stem from. */
  readonly pid: number
  /** Where its database lies, until it is closed. */
  readonly folder: string
  readonly close: () => Promise<void>
}

/** A cold start on two busy cores has taken 40 s. */
const PATIENCE_MS = 150_000

/** The real `mlflow server` with one worker on SQLite, in a folder that goes away with it; resolves once it answers. */
export async function startRealServer(python: string): Promise<RealServer> {
  const folder = mkdtempSync(join(tmpdir(), 'real-mlflow-'))
  const database = join(folder, 'mlflow.db')
  const remove = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  const stores = ['--backend-store-uri', `sqlite:///${database}`, '--artifacts-destination', join(folder, 'artifacts')]
  try {
    const server = await serveStores(python, folder, stores)
    raiseIds(database)
    return { ...server, folder, close: () => server.close().finally(remove) }
  } catch (error) {
    remove()
    throw error
  }
}

/** The real `mlflow server` over stores that are there, with no job runner, which is none of our concern; resolves once it answers. */
export async function serveStores(
  python: string,
  cwd: string,
  stores: readonly string[],
): Promise<Omit<RealServer, 'folder'>> {
  const port = await freePort()
  const words = ['-m', 'mlflow', 'server', '--host', '127.0.0.1', '--port', String(port), '--workers', '1', ...stores]
  // A group of its own: the server is a tree of processes, which are ended together.
  const child = spawn(python, words, {
    cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...cleanEnvironment(process.env), MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false' },
  })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-8_000)))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-8_000)))
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const { pid } = child
  if (pid === undefined) throw new Error(`${python} could not be started`)
  const close = async (): Promise<void> => {
    try {
      process.kill(-pid, 'SIGKILL')
    } catch {
      // It has ended by itself.
    }
    await ended
  }
  const url = `http://127.0.0.1:${port}`
  const start = Date.now()
  while (!(await answers(url))) {
    if (child.exitCode !== null || Date.now() - start > PATIENCE_MS) {
      await close()
      throw new Error(`The real server did not start:\n${output}`)
    }
    await wait(200)
  }
  return { url, pid, close }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health`)).ok
  } catch {
    return false
  }
}

/** Its experiments are numbered from 1, and a 1 stands in many an answer: from here on their ids are as long as ours. */
function raiseIds(file: string): void {
  const database = new Database(file, { timeout: 10_000 })
  database.exec(
    `INSERT INTO experiments (experiment_id, name, artifact_location, lifecycle_stage, creation_time, last_update_time, workspace)
       VALUES (700000000000000000, 'far', 'mlflow-artifacts:/700000000000000000', 'active', 1, 1, 'default')`,
  )
  database.close()
}

/**
 * A port that nobody listens on, below those that systems give to connections (32768 and up on Linux): until the server
 * listens it is asked again and again, and such a port could be given to the asking connection itself.
 */
async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(15_000, 32_000)
    const probe = createServer()
    const isFree = await new Promise<boolean>((resolve) => {
      probe.once('error', () => resolve(false))
      probe.listen(port, '127.0.0.1', () => resolve(true))
    })
    if (!isFree) continue
    await new Promise((resolve) => probe.close(resolve))
    return port
  }
}
