import { spawn as spawnPiped } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { spawn, type IPty } from '@lydell/node-pty'
import { describe, expect, it } from 'vitest'
import { isAlive, readProcStat } from '#electron/platform/process/identity.ts'
import { noBackend, temporaryFolder, textOf, until } from './shim-process.fixture.ts'
import { readExit, readProcess, type WorkFolder, workFolder } from './work-folder.ts'

const driver = fileURLToPath(new URL('./terminal.fixture.ts', import.meta.url))

function prepared(
  command: readonly string[],
  workPlace?: string,
): { readonly work: WorkFolder; readonly argument: string } {
  const folder = temporaryFolder('terminal')
  const work = workFolder(join(folder, 'work'))
  mkdirSync(work.folder)
  const launch = {
    launch: 'test',
    command,
    folder,
    workFolder: workPlace ?? work.folder,
    sample: false,
    backend: noBackend(folder),
  }
  return { work, argument: JSON.stringify(launch) }
}

type Terminal = {
  readonly work: WorkFolder
  readonly pty: IPty
  readonly screen: () => string
  readonly ended: Promise<{ readonly exitCode: number; readonly signal?: number }>
}

/** A person's terminal with the driver in it. */
function inTerminal(command: readonly string[]): Terminal {
  const { work, argument } = prepared(command)
  const pty = spawn(process.execPath, [driver, argument], { cols: 91, rows: 37, env: process.env })
  let screen = ''
  pty.onData((text) => (screen += text))
  return { work, pty, screen: () => screen, ended: new Promise((resolve) => pty.onExit(resolve)) }
}

function piped(command: readonly string[], input = '', workPlace?: string) {
  const { work, argument } = prepared(command, workPlace)
  const child = spawnPiped(process.execPath, [driver, argument], { stdio: 'pipe' })
  const pieces: Record<'out' | 'err', Buffer[]> = { out: [], err: [] }
  child.stdout.on('data', (piece: Buffer) => pieces.out.push(piece))
  child.stderr.on('data', (piece: Buffer) => pieces.err.push(piece))
  child.stdin.end(input)
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal }))
  })
  return {
    work,
    child,
    ended,
    out: () => Buffer.concat(pieces.out).toString(),
    err: () => Buffer.concat(pieces.err).toString(),
  }
}

describe('in a terminal', () => {
  it('gives the command a terminal of the right size, keeps the log, and ends with its code', async () => {
    const run = inTerminal(['bash', '-c', 'tty -s && stty size; echo err >&2; exit 9'])
    expect(await run.ended).toMatchObject({ exitCode: 9 })
    expect(run.screen()).toBe('37 91\r\nerr\r\n')
    expect(textOf(run.work.out)).toBe('37 91\r\nerr\r\n')
    expect(readExit(run.work)).toMatchObject({ code: 9, signal: null, error: null })
  })

  it('makes Ctrl-C a SIGINT that the command may handle', async () => {
    const run = inTerminal(['bash', '-c', `trap 'echo caught; exit 5' INT; echo ready; while :; do sleep 0.02; done`])
    await until(() => run.screen().includes('ready'))
    run.pty.write('\x03')
    expect(await run.ended).toMatchObject({ exitCode: 5 })
    expect(run.screen()).toContain('caught')
  })

  it('dies of the same signal as the command', async () => {
    const run = inTerminal(['bash', '-c', 'kill -TERM $$'])
    expect(await run.ended).toMatchObject({ signal: 15 })
    expect(readExit(run.work)).toMatchObject({ code: null, signal: 'SIGTERM' })
  })

  it('passes keys through, as a debugger needs them', async () => {
    const run = inTerminal(['python3', '-c', 'print("you said " + input("name? "))'])
    await until(() => run.screen().includes('name? '))
    run.pty.write('Ünï\r')
    await run.ended
    expect(run.screen()).toContain('you said Ünï')
  })

  it('follows the size of the window', async () => {
    const run = inTerminal(['bash', '-c', `trap 'stty size; exit' WINCH; echo ready; while :; do sleep 0.02; done`])
    await until(() => run.screen().includes('ready'))
    run.pty.resize(120, 50)
    await run.ended
    expect(run.screen()).toContain('50 120')
  })

  it('stops with the command on Ctrl-Z and wakes with it', async () => {
    const run = inTerminal(['bash', '-c', 'echo ready; read line; echo "got $line"'])
    await until(() => run.screen().includes('ready'))
    run.pty.write('\x1a')
    await until(() => readProcStat(run.pty.pid)?.state === 'T', 'the driver to stop')
    process.kill(run.pty.pid, 'SIGCONT')
    await until(() => readProcStat(readProcess(run.work)!.pid!)?.state === 'S', 'the command to go on')
    run.pty.write('word\r')
    await run.ended
    expect(run.screen()).toContain('got word')
  })

  it('says what is not there, with 127', async () => {
    const run = inTerminal(['no-such-program-here'])
    expect(await run.ended).toMatchObject({ exitCode: 127 })
    expect(readExit(run.work)).toMatchObject({ code: 127, error: expect.stringContaining('no-such-program-here') })
  })
})

describe('in a pipe', () => {
  it('runs the command whatever is wrong with our own folder', async () => {
    const run = piped(['bash', '-c', 'echo still; exit 6'], '', '/etc/passwd/no/place')
    expect(await run.ended).toEqual({ code: 6, signal: null })
    expect(run.out()).toBe('still\n')
  })

  it('keeps streams, order, input and code', async () => {
    const run = piped(['bash', '-c', 'cat; echo err >&2; exit 3'], 'from the pipe\n')
    expect(await run.ended).toEqual({ code: 3, signal: null })
    expect([run.out(), run.err()]).toEqual(['from the pipe\n', 'err\n'])
    expect([textOf(run.work.out), textOf(run.work.err)]).toEqual(['from the pipe\n', 'err\n'])
  })

  it('passes 20 MB of binary on without a change', async () => {
    const run = piped(['python3', '-c', 'import sys; sys.stdout.buffer.write(bytes(range(256)) * 80000)'])
    await run.ended
    expect(Buffer.compare(Buffer.from(textOf(run.work.out)), Buffer.from(run.out()))).toBe(0)
    expect(textOf(run.work.times).trim()).toMatch(/ 20480000 0$/)
  })

  it('lets a reader that hangs up break the pipe, as without us', async () => {
    const run = piped(['yes'])
    await until(() => run.out().length > 0)
    run.child.stdout.destroy()
    // What a shell shows for SIGPIPE.
    expect(await run.ended).toEqual({ code: 141, signal: null })
  })

  it('is a pipe that can be opened by name', async () => {
    const run = piped(['bash', '-c', 'echo named > /dev/stdout; echo wrong > /dev/stderr'])
    expect(await run.ended).toEqual({ code: 0, signal: null })
    expect([run.out(), run.err()]).toEqual(['named\n', 'wrong\n'])
  })

  it('passes SIGTERM on', async () => {
    const run = piped(['bash', '-c', `trap 'echo bye; exit 4' TERM; echo ready; while :; do sleep 0.02; done`])
    await until(() => run.out().includes('ready'))
    run.child.kill('SIGTERM')
    expect(await run.ended).toEqual({ code: 4, signal: null })
    expect(run.out()).toBe('ready\nbye\n')
    expect(isAlive({ pid: readProcess(run.work)!.pid!, started: readProcess(run.work)!.started! })).toBe(false)
  })
})
