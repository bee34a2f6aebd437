import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '#electron/shim/shim-process.fixture.ts'
import { findProgram } from './find-program.ts'
import { parseGpus } from './gpu.ts'
import { identify, isAlive } from './identity.ts'
import { loginEnvironment } from './login-environment.ts'
import { findSocket } from './peer.ts'
import { parseEnvironment, processFacts } from './process-facts.ts'
import { parsePsTable, processTable, treeOf } from './table.ts'

const folder = (): string => temporaryFolder('process')

describe('a process', () => {
  it('is told from a later one with its pid, and a zombie is dead', async () => {
    const child = spawn('sleep', ['600'])
    const identity = identify(child.pid!)!
    expect([isAlive(identity), isAlive({ ...identity, started: `${identity.started}0` })]).toEqual([true, false])
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect([isAlive(identity), identify(-1), identify(2 ** 30)]).toEqual([false, undefined, undefined])
  })

  it('tells its command, folder and environment', async () => {
    const cwd = folder()
    const child = spawn('sleep', ['600'], { cwd, env: { PATH: process.env['PATH'], A: 'x=1\ny' } })
    const facts = await processFacts(child.pid!)
    child.kill('SIGKILL')
    expect(facts).toMatchObject({ command: ['sleep', '600'], folder: cwd, environment: { A: 'x=1\ny' } })
    expect(await processFacts(2 ** 30)).toEqual({ command: null, folder: null, executable: null, environment: null })
  })

  it('stands in the table with those that it started', () => {
    const child = spawn('bash', ['-c', 'sleep 600 & wait'], { detached: true })
    const look = (): number => treeOf({ pid: child.pid! }, processTable()).length
    for (const deadline = Date.now() + 5_000; look() < 2 && Date.now() < deadline;);
    expect(look()).toBe(2)
    process.kill(-child.pid!, 'SIGKILL')
  })
})

describe('what the system prints', () => {
  it('of processes elsewhere than on Linux', () => {
    const text = `    1     0     1      0 Ss     1-02:03:04.50   1024
  501     1   501  ffff8 Z+          0:01.25       0
  502   501   501      7 R          12:03.00  204800
`
    expect(parsePsTable(text)).toEqual([
      { pid: 1, parent: 0, group: 1, session: -1, zombie: false, cpu: 93_784.5, resident: 1 << 20 },
      { pid: 501, parent: 1, group: 501, session: -1, zombie: true, cpu: 1.25, resident: 0 },
      { pid: 502, parent: 501, group: 501, session: 7, zombie: false, cpu: 723, resident: 200 << 20 },
    ])
  })

  it('of graphics cards, with the part of these processes', () => {
    const cards = '0, GPU-a, NVIDIA A100, 93, 4000, 40960, 71\n1, GPU-b, Tesla K80, [N/A], 10, 11441, [N/A]\n'
    const apps = 'GPU-a, 100, 3000\nGPU-a, 200, 900\nGPU-b, 100, [N/A]\n'
    expect(parseGpus(cards, apps, new Set([100]))).toEqual([
      {
        index: 0,
        name: 'NVIDIA A100',
        busy: 93,
        celsius: 71,
        used: 4000 * 2 ** 20,
        total: 40960 * 2 ** 20,
        ours: 3000 * 2 ** 20,
      },
      { index: 1, name: 'Tesla K80', busy: null, celsius: null, used: 10 * 2 ** 20, total: 11441 * 2 ** 20, ours: 0 },
    ])
    expect(parseGpus('', '', new Set())).toEqual([])
  })

  it('of sockets: only the end of the client counts', () => {
    // 127.0.0.1:54321 -> 127.0.0.1:5080, and the server's end of the same connection.
    const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:13D8 0100007F:D431 01 00000000:00000000 00:00000000 00000000  1000        0 111 1 0 20 4 30 10 -1
   1: 0100007F:D431 0100007F:13D8 01 00000000:00000000 00:00000000 00000000  1001        0 222 1 0 20 4 30 10 -1
`
    expect(findSocket(table, { remotePort: 54_321, localPort: 5_080 })).toEqual({ uid: 1001, inode: '222' })
    expect(findSocket(table, { remotePort: 54_322, localPort: 5_080 })).toBeUndefined()
    expect(findSocket('garbage', { remotePort: 1, localPort: 2 })).toBeUndefined()
  })

  it('of an environment: values may hold anything', () => {
    expect(parseEnvironment(['A=1', 'B=x=y', 'C=', '=D', 'E'])).toEqual({ A: '1', B: 'x=y', C: '' })
  })
})

describe('programs', () => {
  it('are found as a shell finds them', () => {
    const bin = folder()
    writeFileSync(join(bin, 'tool'), '', { mode: 0o755 })
    writeFileSync(join(bin, 'text'), '')
    expect(findProgram('tool', '/', `/nowhere:${bin}`)).toBe(join(bin, 'tool'))
    expect(findProgram('./tool', bin, '')).toBe(join(bin, 'tool'))
    expect(findProgram('tool', bin, ':/usr/bin')).toBe(join(bin, 'tool'))
    expect([findProgram('text', '/', bin), findProgram('tool', '/', '/usr/bin'), findProgram('', '/', bin)]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })
})

describe("the login shell's environment", () => {
  function shell(script: string): string {
    const file = join(folder(), 'bash')
    writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 })
    return file
  }
  // As a profile does it: noise, a variable of its own, a PATH; then what it is asked for.
  const PROFILE =
    'echo welcome; export MINE="two\nlines" MLFLOW_TRACKING_URI=http://there PATH=/profile:/usr/bin:/bin; shift 3; eval "$1"; echo bye'

  it('is what a new terminal would have, without what leads a training astray', async () => {
    const given = {
      SHELL: shell(PROFILE),
      HOME: '/',
      PATH: '/v/bin:/usr/bin:/app/node_modules/.bin:/late',
      VIRTUAL_ENV: '/v',
      NODE_OPTIONS: '--x',
      CONDA_PREFIX: '/c',
      BENCHTOP_HOME: '/b',
      KEPT: '1',
    }
    const { environment, problem } = await loginEnvironment(given)
    expect(problem).toBeNull()
    expect(environment).toMatchObject({
      MINE: 'two\nlines',
      KEPT: '1',
      MLFLOW_TRACKING_URI: 'http://there',
      PATH: '/profile:/usr/bin:/bin:/late',
    })
    expect(
      Object.keys(environment).filter((name) => /^(VIRTUAL_ENV|NODE_OPTIONS|CONDA_|BENCHTOP_)/.test(name)),
    ).toEqual([])
  })

  it('falls back to our own where the shell hangs, is not there, or says nothing', async () => {
    const given = { HOME: '/', PATH: '/usr/bin:/bin', KEPT: '1' }
    const hangs = await loginEnvironment({ ...given, SHELL: shell('sleep 600') }, 300)
    expect([hangs.environment['KEPT'], hangs.problem]).toEqual(['1', expect.stringContaining('longer than 0.3 s')])
    const gone = await loginEnvironment({ ...given, SHELL: '/no/shell' })
    expect([gone.environment['KEPT'], gone.problem]).toEqual(['1', expect.stringContaining('/no/shell')])
    const silent = await loginEnvironment({ ...given, SHELL: shell('exit 0') })
    expect([silent.environment['KEPT'], silent.problem]).toEqual(['1', expect.stringContaining('did not print')])
  })
})
