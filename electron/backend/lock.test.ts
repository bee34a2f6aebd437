import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { knownBackend } from '#electron/platform/known-backend.ts'
import { tempFolder } from '#test/fixtures/temp-folder.ts'
import { takeLock } from './lock.ts'
import { trackingToken, userToken } from './token.ts'

const INFO = { startedAt: 1, port: 5080, host: '127.0.0.1', build: 'b1', url: 'http://127.0.0.1:5080' }

describe('takeLock', () => {
  it('is held by one at a time, in one process and in several', () => {
    const folder = tempFolder()
    const lock = takeLock(folder)
    expect(() => takeLock(folder)).toThrow('runs already')
    lock.release()
    takeLock(folder).release()
  })

  it('is dropped by the system when its holder is killed', async () => {
    const folder = tempFolder()
    const source = `
      import { takeLock } from ${JSON.stringify(join(import.meta.dirname, 'lock.ts'))}
      takeLock(${JSON.stringify(folder)})
      process.stdout.write('taken')
      setInterval(() => {}, 1000)`
    const holder = spawn(process.execPath, ['--input-type=module-typescript', '-e', source], {
      cwd: process.cwd(),
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    onTestFinished(() => void holder.kill('SIGKILL'))
    await once(holder.stdout, 'data')
    expect(() => takeLock(folder)).toThrow('runs already')
    holder.kill('SIGKILL')
    await once(holder, 'exit')
    takeLock(folder).release()
  })

  it('makes the folder the user’s alone, also one that was there before', () => {
    const folder = join(tempFolder(), 'data')
    mkdirSync(folder)
    chmodSync(folder, 0o755)
    const lock = takeLock(folder)
    lock.announce(INFO)
    lock.release()
    expect([folder, join(folder, 'backend.lock')].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o600])
  })
})

describe('knownBackend', () => {
  it('is the one that announced itself, while it lives', () => {
    const folder = tempFolder()
    expect(knownBackend(folder)).toBeUndefined()
    const lock = takeLock(folder)
    const token = userToken(folder)
    lock.announce(INFO)
    expect(knownBackend(folder)).toEqual({ url: INFO.url, build: 'b1', pid: process.pid, token })
    lock.withdraw()
    expect(knownBackend(folder)).toBeUndefined()
    lock.release()
  })

  it('is nobody once its process is gone, even where another has its pid: that one must not be given the token', () => {
    const folder = tempFolder()
    userToken(folder)
    const lock = takeLock(folder)
    lock.announce(INFO)
    lock.release()
    const file = join(folder, 'backend.lock')
    const said = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
    for (const change of [{ started: 'another:1' }, { pid: 2 ** 22 + 1 }, { pid: -1 }, { started: undefined }]) {
      writeFileSync(file, JSON.stringify({ ...said, ...change }))
      expect([change, knownBackend(folder)]).toEqual([change, undefined])
    }
  })

  it.each(['', '{', 'null', '[]', '{"url":3}'])('is nobody by a file that says %j', (text) => {
    const folder = tempFolder()
    userToken(folder)
    writeFileSync(join(folder, 'backend.lock'), text)
    expect(knownBackend(folder)).toBeUndefined()
  })
})

describe('userToken', () => {
  it('is made once, and only the user can read it', () => {
    const folder = tempFolder()
    const token = userToken(folder)
    const file = join(folder, 'token')
    chmodSync(file, 0o644)
    expect([/^[0-9a-f]{64}$/.test(token), userToken(folder) === token, statSync(file).mode & 0o777]).toEqual([
      true,
      true,
      0o600,
    ])
    expect(userToken(tempFolder())).not.toBe(token)
  })

  it('scripts get another one, which is the same after a restart', () => {
    const folder = tempFolder()
    const token = userToken(folder)
    const tracking = trackingToken(folder, token)
    const file = join(folder, 'tracking-token')
    expect([tracking === token, trackingToken(folder, token), readFileSync(file, 'utf8').trim()]).toEqual([
      false,
      tracking,
      tracking,
    ])
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  it('is made anew where the file is damaged', () => {
    const folder = tempFolder()
    writeFileSync(join(folder, 'token'), 'short')
    const made = userToken(folder)
    expect([made.length, userToken(folder)]).toEqual([64, made])
  })
})
