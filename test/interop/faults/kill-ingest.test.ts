import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openReader } from '#electron/db/connection.ts'
import { type BuiltApp, openBuiltApp } from '../support/built-app.ts'
import { startBackendProcess } from './support/backend-process.ts'
import { after, openChance } from '#test/fixtures/chance.ts'

const WRITERS = 4
const KEYS = 3
const STEPS_A_BATCH = 5
const ROUNDS = 3
const KILLS_A_ROUND = 12

describe('kill -9 of the backend while clients log', () => {
  let app: BuiltApp
  beforeAll(async () => {
    app = await openBuiltApp()
  })
  afterAll(() => app.close())

  it(
    'loses no acknowledged point, leaves no gap, and comes back on its port each time',
    { timeout: 170_000 },
    async () => {
      const chance = openChance('kill-ingest')
      const backend = await startBackendProcess(app)
      const project = (await app.client().projects.open({ folder: app.project })).id
      const base = `http://127.0.0.1:${backend.port()}/p/${project}/api/2.0/mlflow`
      const created = (await postUntilTaken(`${base}/runs/create`, { experiment_id: '0', start_time: Date.now() })) as {
        run: { info: { run_id: string } }
      }
      const run = created.run.info.run_id

      let stop = false
      const writers = Array.from({ length: WRITERS }, (_, writer) => logUntil(base, run, writer, () => stop))
      for (let round = 0; round < ROUNDS; round++) {
        if (round > 0) await backend.restart()
        for (let kill = 0; kill < KILLS_A_ROUND; kill++) {
          // From within the start of the next one to long after it.
          await after(chance.next() < 0.3 ? chance.between(0, 60) : chance.between(60, 900))
          await backend.kill()
        }
      }
      stop = true
      const acknowledged = await Promise.all(writers)
      process.stdout.write(
        `kill-ingest: ${backend.kills()} kills, ${acknowledged.reduce((sum, steps) => sum + steps, 0) * KEYS} points, back within ${Math.round(backend.longestGap())} ms\n`,
      )
      expect(backend.kills()).toBe(ROUNDS * KILLS_A_ROUND)

      const client = app.client()
      for (let writer = 0; writer < WRITERS; writer++) {
        const steps = acknowledged[writer] ?? 0
        expect(steps).toBeGreaterThan(0)
        for (let key = 0; key < KEYS; key++) {
          const { step, time, value } = await client.metrics.series({ project, run, key: nameOf(writer, key) })
          // A batch whose answer was lost was sent again: its points may be there twice, and count once.
          const points = new Set(Array.from(step, (at, index) => `${at} ${time[index]} ${value[index]}`))
          const sent = Array.from({ length: steps }, (_, at) => `${at} ${timeOf(at)} ${valueOf(writer, key, at)}`)
          expect([nameOf(writer, key), sent.filter((point) => !points.has(point))]).toEqual([nameOf(writer, key), []])
          // Nothing that was never sent; the last batch may be there without its acknowledgement.
          expect(points.size).toBeLessThanOrEqual(steps + STEPS_A_BATCH)
        }
      }
      await app.benchtop(['backend', 'stop'])
      const db = openReader(join(app.project, '.benchtop', 'project.db'))
      expect(db.all('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
      expect(db.all('PRAGMA foreign_key_check')).toEqual([])
      db.close()
    },
  )
})

const nameOf = (writer: number, key: number): string => `writer${writer}/m${key}`
const timeOf = (step: number): number => 1_700_000_000_000 + step
const valueOf = (writer: number, key: number, step: number): number =>
  Math.fround(Math.sin(step / 50 + writer) * (key + 1))

/** Logs batch after batch, each again and again until it is acknowledged, as the real client does. Answers how many steps were. */
async function logUntil(base: string, run: string, writer: number, over: () => boolean): Promise<number> {
  let acknowledged = 0
  while (!over()) {
    const metrics = Array.from({ length: STEPS_A_BATCH * KEYS }, (_, index) => {
      const step = acknowledged + Math.floor(index / KEYS)
      const key = index % KEYS
      return { key: nameOf(writer, key), step, timestamp: timeOf(step), value: valueOf(writer, key, step) }
    })
    await postUntilTaken(`${base}/runs/log-batch`, { run_id: run, metrics, params: [], tags: [] })
    acknowledged += STEPS_A_BATCH
  }
  return acknowledged
}

const agent = new Agent({ keepAlive: true })

/** Resolves with the answer of 200. Anything that is neither that nor a dead server is a fault. */
async function postUntilTaken(url: string, body: unknown): Promise<unknown> {
  for (const deadline = Date.now() + 60_000; ;) {
    try {
      const answer = await post(url, JSON.stringify(body))
      if (answer.status === 200) return JSON.parse(answer.text) as unknown
      throw new Error(`${answer.status} ${answer.text}`)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === undefined || Date.now() > deadline) throw error
      await after(10)
    }
  }
}

function post(url: string, body: string): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
    const call = request(url, { method: 'POST', agent, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (piece: string) => (text += piece))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
      response.on('error', reject)
    })
    call.on('error', reject)
    call.end(body)
  })
}
