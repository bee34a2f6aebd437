import { execFileSync } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { askBackend } from '#electron/transport/ask-backend.ts'
import { tempFolder } from '#test/fixtures/temp-folder.ts'
import {
  type BackendAddress,
  ensureBackend,
  type EnsureOptions,
  findBackend,
} from '#electron/backend/ensure-backend.ts'
import { takeLock } from '#electron/backend/lock.ts'
import { eventually } from '#test/setup/eventually.ts'

const entry = join(import.meta.dirname, '../../../electron/backend/serve.ts')

/**
 * How to start a backend in a folder of its own; it is ended with the test. Of several that were started at once one
 * that comes late may take the place of the one that was stopped: until no process is left, each is.
 */
function optionsIn(dataFolder: string): EnsureOptions {
  onTestFinished(() =>
    eventually(async () => {
      const running = await findBackend(dataFolder)
      if (running !== undefined) await stop(running).catch(() => {})
      expect(processesOf(dataFolder)).toEqual([])
    }),
  )
  return { dataFolder, node: process.execPath, entry, port: 0 }
}

/** What `ps` tells of the backends that were started for a folder. */
function processesOf(dataFolder: string): readonly string[] {
  const lines = execFileSync('ps', ['-axo', 'stat=,command='], { encoding: 'utf8' }).split('\n')
  return lines.filter((line) => line.includes(`--data-folder ${dataFolder}`) && !line.startsWith('Z'))
}

async function stop(backend: Pick<BackendAddress, 'url' | 'token'>): Promise<void> {
  await askBackend(backend, 'system.stop', { force: true }, z.object({}))
}

it('starts one for all who ask at once, and finds it afterwards', async () => {
  const options = optionsIn(join(tempFolder(), 'data'))
  const found = await Promise.all([ensureBackend(options), ensureBackend(options), ensureBackend(options)])
  expect(new Set(found.map(({ pid }) => pid)).size).toBe(1)
  expect(await ensureBackend(options)).toEqual({ ...found[0], started: false })
})

it('one that is killed comes back by itself, on the port that it had', async () => {
  const options = optionsIn(join(tempFolder(), 'data'))
  const before = await ensureBackend(options)
  process.kill(before.pid, 'SIGKILL')
  await eventually(async () => {
    const after = await findBackend(options.dataFolder)
    expect(after?.pid).toBeGreaterThan(0)
    expect(after?.pid).not.toBe(before.pid)
    expect(after?.url).toBe(before.url)
  })
})

it('one of another build is replaced while nothing is live, though it answers while it is told to stop', async () => {
  const options = optionsIn(join(tempFolder(), 'data'))
  const before = await ensureBackend(options)
  const { port: _any, ...again } = options
  const after = await ensureBackend({ ...again, build: 'another' })
  expect({ started: after.started, same: after.pid === before.pid, url: after.url }).toEqual({
    started: true,
    same: false,
    url: before.url,
  })
})

it('waits for one that is putting its things away', async () => {
  const options = optionsIn(join(tempFolder(), 'data'))
  const lock = takeLock(options.dataFolder)
  const starting = ensureBackend(options)
  const log = join(options.dataFolder, 'logs', 'backend.log')
  await eventually(() => expect(readFileSync(log, 'utf8')).toContain('waiting for another backend to end'))
  lock.release()
  expect((await starting).started).toBe(true)
})

it('a taken port is refused in words', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const options = optionsIn(join(tempFolder(), 'data'))
  await expect(ensureBackend({ ...options, port })).rejects.toMatchObject({
    code: 'unavailable',
    message: `Port ${port} on 127.0.0.1 is taken by another program, or by another user's Benchtop.`,
    hint: `Choose another: npm start -- --port ${port + 1}`,
  })
})

it('gives the token to nobody who merely sits on the port of a dead one', async () => {
  const dataFolder = join(tempFolder(), 'data')
  const options = optionsIn(dataFolder)
  const dead = await ensureBackend(options)
  const said = readFileSync(join(dataFolder, 'backend.lock'), 'utf8')
  await stop(dead)
  await eventually(() => expect(() => process.kill(dead.pid, 0)).toThrow('ESRCH'))
  const asked: string[] = []
  const thief = createServer((request, response) => {
    asked.push(request.headers.authorization ?? '')
    response.writeHead(200, { 'x-benchtop-pid': String(dead.pid), 'x-benchtop-build': dead.build }).end('OK')
  })
  onTestFinished(() => void thief.close())
  await new Promise<void>((resolve) => thief.listen(Number(new URL(dead.url).port), '127.0.0.1', resolve))
  writeFileSync(join(dataFolder, 'backend.lock'), said)
  expect(await findBackend(dataFolder)).toBeUndefined()
  expect(asked).toEqual([])
})

it('the address of the last start is kept for whoever brings it back; to be reached from elsewhere is asked for anew', async () => {
  const dataFolder = join(tempFolder(), 'data')
  const options = optionsIn(dataFolder)
  const hostOf = async (more: Partial<EnsureOptions>): Promise<string> => {
    const { port: _any, ...others } = options
    const backend = await ensureBackend({ ...others, ...more })
    const { host } = JSON.parse(readFileSync(join(dataFolder, 'backend.lock'), 'utf8')) as { readonly host: string }
    await stop(backend)
    await eventually(async () => expect(await findBackend(dataFolder)).toBeUndefined())
    return host
  }
  expect([
    await hostOf({ port: 0, host: '0.0.0.0' }),
    await hostOf({ again: true }),
    await hostOf({}),
    await hostOf({ again: true }),
  ]).toEqual(['0.0.0.0', '0.0.0.0', '127.0.0.1', '127.0.0.1'])
})
