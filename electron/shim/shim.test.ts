import { once } from 'node:events'
import { statSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { isAlive } from '#electron/platform/process/identity.ts'
import { signalTree, treeOf } from '#electron/platform/process/table.ts'
import { startShim, temporaryFolder, textOf, until } from './shim-process.fixture.ts'
import { readExit, readProcess, workFolder } from './work-folder.ts'

async function run(command: readonly string[], more: Parameters<typeof startShim>[1] | object = {}) {
  const folder = temporaryFolder('shim')
  startShim(folder, { command, ...more })
  const work = workFolder(folder)
  const exit = await until(() => readExit(work), 'the exit file')
  return { work, exit }
}

describe('the shim', () => {
  it('keeps the exit code and both streams apart, byte for byte', async () => {
    const { work, exit } = await run(['bash', '-c', 'echo out; echo err >&2; exit 7'])
    expect(exit).toEqual({ code: 7, signal: null, endedAt: expect.any(Number), error: null })
    expect([textOf(work.out), textOf(work.err)]).toEqual(['out\n', 'err\n'])
    expect(textOf(work.times).trim().split('\n').at(-1)).toMatch(/^\d+ 4 4$/)
  })

  it('says which signal ended the command', async () => {
    const { exit } = await run(['bash', '-c', 'kill -SEGV $$'])
    expect(exit).toMatchObject({ code: null, signal: 'SIGSEGV' })
  })

  it('answers as a shell does for what is not there or may not be run', async () => {
    const missing = await run(['no-such-program-here'])
    expect(missing.exit).toMatchObject({ code: 127, error: expect.stringContaining('no-such-program-here') })
    const folderless = await run(['bash', '-c', 'true'], { folder: '/no/such/folder' })
    expect(folderless.exit).toMatchObject({ code: 127, error: expect.stringContaining('/no/such/folder') })
    const notRunnable = await run(['/etc/passwd'])
    expect(notRunnable.exit).toMatchObject({ code: 126 })
    const large = await run(['bash', '-c', 'true', 'x'.repeat(1_000_000)])
    expect(large.exit).toMatchObject({ code: 126, error: expect.stringContaining('larger') })
  })

  it('says so when whoever started it was cut off while asking', async () => {
    const folder = temporaryFolder('shim')
    const shim = spawn(process.execPath, [fileURLToPath(new URL('./shim.ts', import.meta.url)), folder], {
      stdio: ['pipe', 'ignore', 'ignore'],
    })
    shim.stdin.end('{"launch": "x", "comm')
    const exit = await until(() => readExit(workFolder(folder)))
    expect(exit).toMatchObject({ code: null, signal: null, error: expect.stringContaining('interrupted') })
  })

  it('takes 100 MB in a second and binary output', async () => {
    const { work, exit } = await run(['bash', '-c', 'head -c 100000000 /dev/urandom'])
    expect(exit.code).toBe(0)
    expect(statSync(work.out).size).toBe(100_000_000)
    expect(textOf(work.times).trim().split('\n').at(-1)).toMatch(/ 100000000 0$/)
  })

  it('costs only the exit code when it is killed: the command goes on and its output is kept', async () => {
    const folder = temporaryFolder('shim')
    const work = workFolder(folder)
    startShim(folder, {
      command: ['bash', '-c', `echo one; until [ -e go ]; do sleep 0.02; done; echo two; touch done`],
    })
    const { pid, started, shimPid } = await until(() => {
      const file = readProcess(work)
      return file?.pid !== null && textOf(work.out) === 'one\n' && file
    })
    process.kill(shimPid, 'SIGKILL')
    const child = { pid: pid!, started: started! }
    expect(isAlive(child)).toBe(true)
    spawn('touch', ['go'], { cwd: folder })
    await until(() => !isAlive(child), 'the end of the command')
    expect(textOf(work.out)).toBe('one\ntwo\n')
    expect(readExit(work)).toBeUndefined()
  })

  it('passes SIGTERM on to the whole tree', async () => {
    const folder = temporaryFolder('shim')
    const work = workFolder(folder)
    const shim = startShim(folder, { command: ['bash', '-c', 'sleep 300 & echo ready; wait'] })
    const { pid } = await until(() => textOf(work.out) === 'ready\n' && readProcess(work))
    shim.kill('SIGTERM')
    await once(shim, 'exit')
    expect(readExit(work)).toMatchObject({ code: null, signal: 'SIGTERM' })
    await until(() => treeOf({ pid: pid! }).every((row) => row.zombie), 'the end of the tree')
  })

  it('samples what the tree uses', async () => {
    const folder = temporaryFolder('shim')
    const work = workFolder(folder)
    startShim(folder, { command: ['bash', '-c', 'sleep 300 & sleep 300'], sample: true })
    const line = await until(() => textOf(work.samples).split('\n')[0] || undefined, 'a sample')
    expect(JSON.parse(line)).toMatchObject({ processes: 3, cpu: expect.any(Number), resident: expect.any(Number) })
    signalTree({ pid: readProcess(work)!.pid! }, 'SIGKILL')
    await until(() => readExit(work))
  })
})

describe('the tree of a launch', () => {
  it('is found and killed whole: a child that ignores SIGTERM, forks, leaves the session and loses its parent', async () => {
    const folder = temporaryFolder('tree')
    const work = workFolder(folder)
    const stubborn = `trap '' TERM INT; echo up >> ${folder}/count; while :; do sleep 0.05; done`
    startShim(folder, {
      command: ['bash', '-c', `(setsid bash -c "${stubborn}" &) ; bash -c "${stubborn}" & bash -c "${stubborn}"`],
      environment: { ...(process.env as Record<string, string>), BENCHTOP_LAUNCH: folder },
    })
    await until(() => textOf(`${folder}/count`) === 'up\nup\nup\n', 'three stubborn processes')
    const root = { pid: readProcess(work)!.pid!, marker: `BENCHTOP_LAUNCH=${folder}` }
    signalTree(root, 'SIGTERM')
    const stay = treeOf(root).filter((row) => !row.zombie)
    expect(stay.length).toBeGreaterThanOrEqual(3)
    signalTree(root, 'SIGKILL')
    await until(() => {
      signalTree(root, 'SIGKILL')
      return treeOf(root).every((row) => row.zombie)
    }, 'the end of the tree')
  })
})
