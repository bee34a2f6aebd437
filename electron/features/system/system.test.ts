import { execFileSync } from 'node:child_process'
import { chmodSync, lstatSync, mkdirSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { tempFolder } from '#test/fixtures/temp-folder.ts'
import { createSystem, type SystemOptions } from './index.ts'
import { eventually } from '#test/setup/eventually.ts'

const CONTEXT = { signal: new AbortController().signal, actor: 'test' }

/** A home with a folder for commands in it, and a command to be linked to. */
function home() {
  const root = tempFolder()
  const bin = join(root, 'home', 'bin')
  const command = join(root, "Ada's app", 'benchtop.sh')
  mkdirSync(bin, { recursive: true })
  mkdirSync(join(root, "Ada's app"))
  writeFileSync(command, '#!/bin/sh\necho benchtop "$@"\n')
  chmodSync(command, 0o755)
  vi.stubEnv('HOME', join(root, 'home'))
  onTestFinished(() => void vi.unstubAllEnvs())
  return { root, bin, command, link: join(bin, 'benchtop') }
}

function system(options: Partial<SystemOptions>) {
  return createSystem({
    info: () => ({
      version: '1.0.0',
      build: 'b1',
      port: 5080,
      url: 'http://127.0.0.1:5080',
      startedAt: 1,
      dataFolder: '/data',
      logFile: '/data/logs/backend.log',
    }),
    live: () => 0,
    watch: () => ({
      [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: true, value: undefined }) }),
    }),
    stop: () => {},
    ticket: () => 'one',
    command: '/nowhere/benchtop.sh',
    ...options,
  })
}

describe('the command on PATH', () => {
  it('the command that it shows makes the very link that it would make', async () => {
    const { bin, command, link } = home()
    const info = await system({ command, path: `/usr/bin:${bin}` }).info({}, CONTEXT)
    execFileSync('/bin/sh', ['-c', info.installCommand ?? 'false'])
    expect(readlinkSync(link)).toBe(command)
    expect(execFileSync(link, ['runs'], { encoding: 'utf8' })).toBe('benchtop runs\n')
    expect((await system({ command, path: bin }).info({}, CONTEXT)).installCommand).toBeNull()
  })

  it('goes into a folder of the user’s own that is on PATH, else into ~/.local/bin', async () => {
    const { root, bin, command, link } = home()
    const install = (path: string) => system({ command, path }).installCommand({}, CONTEXT)
    // A neighbour whose name begins alike is not at home.
    mkdirSync(join(root, 'home2', 'bin'), { recursive: true })
    expect(await install(`${join(root, 'home2', 'bin')}:${join(root, 'home', 'node_modules', '.bin')}:${bin}`)).toEqual(
      {
        path: link,
      },
    )
    expect(await install('/usr/bin')).toEqual({ path: join(root, 'home', '.local', 'bin', 'benchtop') })
  })

  it('takes the place of a link of ours or to nothing, never of anything else', async () => {
    const { root, bin, command, link } = home()
    const install = async () => system({ command, path: bin }).installCommand({}, CONTEXT)
    symlinkSync(join(root, 'old', 'benchtop.cjs'), link)
    await install()
    await install()
    expect(readlinkSync(link)).toBe(command)

    const theirs = join(root, 'pipx-benchtop')
    writeFileSync(theirs, '')
    execFileSync('ln', ['-sfn', theirs, link])
    await expect(install()).rejects.toMatchObject({ code: 'conflict' })
    expect(readlinkSync(link)).toBe(theirs)

    execFileSync('rm', [link])
    writeFileSync(link, 'mine')
    await expect(install()).rejects.toMatchObject({ code: 'conflict' })
    expect(lstatSync(link).isFile()).toBe(true)
  })

  it('is not linked to where there is none', async () => {
    const { bin } = home()
    await expect((async () => system({ path: bin }).installCommand({}, CONTEXT))()).rejects.toMatchObject({
      code: 'not_found',
    })
  })
})

describe('stopping', () => {
  it('is refused while something is live, unless it is meant', async () => {
    const stop = vi.fn<() => void>()
    const busy = system({ live: () => 2, stop })
    await expect((async () => busy.stop({ force: false }, CONTEXT))()).rejects.toMatchObject({
      code: 'busy',
      message: '2 runs are live.',
    })
    expect(stop).not.toHaveBeenCalled()
    await busy.stop({ force: true }, CONTEXT)
    await system({ stop }).stop({ force: false }, CONTEXT)
    // After the answers have gone out.
    expect(stop).not.toHaveBeenCalled()
    await eventually(() => expect(stop).toHaveBeenCalledTimes(2))
  })
})
