import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { contract } from '#shared/contract/index.ts'
import { clientOf } from '#shared/rpc/client.ts'
import { SUBPROTOCOL } from '#electron/transport/web-socket.ts'
import { startTestBackend, type TestBackend } from './backend.fixture.ts'
import type { BackendOptions } from './start-backend.ts'
import { eventually } from '#test/setup/eventually.ts'

const MINUTE = 60_000
const signal = new AbortController().signal

const clientIn = ({ backend }: TestBackend) =>
  clientOf(contract, {
    call: (method, input) => backend.dispatcher.call(method, input, { signal, actor: 'test' }),
    stream: (method, input) => backend.dispatcher.stream(method, input, { signal, actor: 'test' }),
  })

describe('a backend that nobody needs', () => {
  const onIdle = vi.fn<() => void>()
  const cleanUps: (() => Promise<void>)[] = []
  beforeEach(() => {
    onIdle.mockClear()
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] })
  })
  afterEach(async () => {
    vi.useRealTimers()
    for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp()
  })
  const started = async (options: Partial<BackendOptions> = {}): Promise<TestBackend> => {
    const test = await startTestBackend({ idleAfter: 10 * MINUTE, onIdle, ...options })
    cleanUps.push(test.close)
    return test
  }
  /** In steps, with what is on its way arriving between them. */
  const pass = async (minutes: number, between: () => Promise<unknown> = () => Promise.resolve()): Promise<void> => {
    for (let at = 0; at < minutes * 4; at++) {
      await vi.advanceTimersByTimeAsync(MINUTE / 4)
      await between()
    }
  }

  it('ends after ten minutes', async () => {
    await started()
    await pass(9)
    expect(onIdle).not.toHaveBeenCalled()
    await pass(2)
    expect(onIdle).toHaveBeenCalled()
  })

  it('is needed by whoever asks it something now and then', async () => {
    const { backend } = await started()
    await pass(30, () => fetch(`${backend.url}/version`).then((answer) => answer.text()))
    expect(onIdle).not.toHaveBeenCalled()
    // To be looked for is not to be needed.
    await pass(11, () => fetch(`${backend.url}/health`).then((answer) => answer.text()))
    expect(onIdle).toHaveBeenCalled()
  })

  it('is needed by an open page', async () => {
    const { backend } = await started()
    const socket = new WebSocket(`ws://127.0.0.1:${backend.port}/ws`, [SUBPROTOCOL, `token.${backend.token}`])
    await once(socket, 'message')
    await pass(30, async () => {
      socket.ping()
      await once(socket, 'pong')
    })
    expect(onIdle).not.toHaveBeenCalled()
    socket.close()
    await once(socket, 'close')
    await pass(11)
    expect(onIdle).toHaveBeenCalled()
  })

  it('is needed by a run that it launched, however quiet', async () => {
    const test = await started()
    const client = clientIn(test)
    const folder = join(test.root, 'churn')
    mkdirSync(folder)
    const { id: project } = await client.projects.open({ folder })
    const { run } = await client.launch.start({ project, spec: { command: ['sleep', '1000'], folder: '.' } })
    const status = async (): Promise<string> => (await client.runs.get({ project, run })).status
    await eventually(async () => expect(await status()).toBe('running'))
    await pass(30)
    expect(onIdle).not.toHaveBeenCalled()
    await client.launch.stop({ project, run })
    await eventually(async () => {
      await vi.advanceTimersByTimeAsync(1_000)
      expect(await status()).toBe('killed')
    })
    await pass(12)
    expect(onIdle).toHaveBeenCalled()
  })

  it('is there for other machines for as long as it listens to them', async () => {
    await started({ host: '0.0.0.0' })
    await pass(60)
    expect(onIdle).not.toHaveBeenCalled()
  })
})

describe('a start that fails', () => {
  it('leaves the lock, and the announcement of nobody', async () => {
    const first = await startTestBackend()
    const dataFolder = join(first.root, 'other')
    await expect(startTestBackend({ dataFolder, port: first.backend.port })).rejects.toMatchObject({
      code: 'unavailable',
    })
    expect(existsSync(join(dataFolder, 'backend.lock'))).toBe(false)
    const second = await startTestBackend({ dataFolder })
    expect(JSON.parse(readFileSync(join(dataFolder, 'backend.lock'), 'utf8'))).toMatchObject({ pid: process.pid })
    await second.close()
    expect(existsSync(join(dataFolder, 'backend.lock'))).toBe(false)
    await first.close()
  })

  it('is a conflict where the same user’s backend runs already', async () => {
    const first = await startTestBackend()
    await expect(startTestBackend({ dataFolder: join(first.root, 'data') })).rejects.toMatchObject({ code: 'conflict' })
    expect(existsSync(join(first.root, 'data', 'backend.lock'))).toBe(true)
    await first.close()
  })
})
