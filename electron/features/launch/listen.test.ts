import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { joinWhole } from '#shared/lib/whole-number.ts'
import { identify } from '#electron/platform/process/identity.ts'
import { peerProcess, peerSocket } from '#electron/platform/process/peer.ts'
import { textOf, until } from '#electron/shim/shim-process.fixture.ts'
import { installation } from '#electron/platform/installation.ts'
import { type Bench, bench, CONTEXT, spec } from './bench.fixture.ts'
import { launchesOfRun } from './queries.ts'

const children: ChildProcess[] = []
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

const ended = (b: Bench, run: string) => launchesOfRun(b.project, run).at(-1)?.state === 'ended'

describe('behind the address of a launch', () => {
  it('the first run is the launched one, moved to where the script asks; later ones are its children and end with it', async () => {
    const b = await bench()
    const { run } = await b.launch.handlers.start(
      {
        project: b.project.id,
        spec: spec(['bash', '-c', 'until [ -e go ]; do sleep 0.02; done'], { name: 'launched' }),
        queue: false,
      },
      CONTEXT,
    )
    const launch = launchesOfRun(b.project, run)[0]!.id
    expect(b.launch.claims.projectOf(launch)).toBe(b.project)
    expect(b.launch.claims.projectOf('nobody-knows')).toBeUndefined()
    const experiment = await b.runs.createExperiment(b.project, { name: 'asked' })
    const asked = { source: 'client', experiment: experiment.id } as const
    // Two at the same moment: only one is the first.
    const [first, fold] = await Promise.all([
      b.launch.claims.claim(launch, { ...asked, name: 'fold 0', tags: [{ key: 'a', value: 'b' }] }),
      b.launch.claims.claim(launch, { ...asked, name: 'fold 1' }),
    ])
    expect([first.id, first.name, first.experiment, first.source]).toEqual([run, 'fold 0', experiment.id, 'launch'])
    expect([fold.parent, fold.name]).toEqual([run, 'fold 1'])
    const grandchild = await b.launch.claims.claim(launch, {
      ...asked,
      tags: [{ key: 'mlflow.parentRunId', value: fold.id }],
    })
    expect(grandchild.parent).toBe(fold.id)
    const answer = await b.launch.claims.update(b.project, run, { status: 'failed', endedAt: 7, name: 'renamed' })
    expect([answer.status, answer.endedAt, answer.name]).toEqual(['failed', 7, 'renamed'])
    expect(b.runs.getRun(b.project, run)).toMatchObject({ status: 'running', name: 'renamed', endedAt: null })
    writeFileSync(join(b.folder, 'go'), '')
    await until(() => ended(b, run))
    expect(b.runs.getRun(b.project, run)).toMatchObject({ status: 'finished', exitCode: 0 })
    expect(b.runs.getRun(b.project, fold.id)).toMatchObject({ status: 'finished' })
    // A straggler is not lost.
    expect((await b.launch.claims.claim(launch, asked)).parent).toBe(run)
  })

  it('is known to the next backend, with its project closed', async () => {
    let b = await bench()
    const { run } = await b.launch.handlers.start(
      { project: b.project.id, spec: spec(['true']), queue: false },
      CONTEXT,
    )
    await until(() => ended(b, run))
    const launch = launchesOfRun(b.project, run)[0]!.id
    b = await b.restart()
    expect(b.launch.claims.projectOf(launch)?.id).toBe(b.project.id)
  })
})

describe('a terminal', () => {
  it('is told what to run and with what, and its end is the end of the run', async () => {
    const b = await bench()
    b.file('train.py', 'import os; print("epoch 1 loss 0.5", os.environ["BENCHTOP_LAUNCH"])')
    const holder = spawn('sleep', ['600'], { env: { ...process.env, CUDA_VISIBLE_DEVICES: '3', PYTHONPATH: '/mine' } })
    children.push(holder)
    const prepared = await b.launch.handlers.prepare(
      { project: b.project.id, spec: spec(['python3', 'train.py', '--lr', '1']), pid: holder.pid!, terminal: true },
      CONTEXT,
    )
    expect(prepared).toMatchObject({ command: ['python3', 'train.py', '--lr', '1'], folder: b.folder })
    expect(prepared.environment['PYTHONPATH']).toMatch(/python\/hook:\/mine$/)
    expect(prepared.environment).not.toHaveProperty('PATH')
    const driver = join(import.meta.dirname, '../../shim/terminal.fixture.ts')
    const terminal = spawn(
      process.execPath,
      [
        driver,
        JSON.stringify({
          ...prepared,
          sample: true,
          backend: { dataFolder: b.dataFolder, node: '/bin/false', entry: '', port: 1 },
        }),
      ],
      { env: { ...process.env, ...prepared.environment }, stdio: ['ignore', 'pipe', 'inherit'] },
    )
    children.push(terminal)
    const [code] = (await once(terminal, 'exit')) as [number]
    expect(code).toBe(0)
    // The poke at the end has waited for the last line.
    expect(b.runs.getRun(b.project, prepared.run)).toMatchObject({ status: 'finished', source: 'terminal' })
    await until(() => ended(b, prepared.run))
    const { number } = b.runs.getRun(b.project, prepared.run)
    expect(b.project.metrics.find(number, 'loss', 'log')).toBeDefined()
    expect(b.runs.getFact(b.project, prepared.run, 'environment')).toMatchObject({ CUDA_VISIBLE_DEVICES: '3' })
  })

  it('that dies before it starts anything leaves a failed run with the reason', async () => {
    const b = await bench()
    const holder = spawn('sleep', ['600'])
    children.push(holder)
    const { run } = await b.launch.handlers.prepare(
      { project: b.project.id, spec: spec(['true']), pid: holder.pid!, terminal: true },
      CONTEXT,
    )
    holder.kill('SIGKILL')
    await until(() => ended(b, run))
    expect(b.runs.getRun(b.project, run)).toMatchObject({
      status: 'failed',
      ending: expect.stringContaining('interrupted'),
    })
  })
})

describe('a client that nobody launched', () => {
  type Connected = { readonly socket: Socket; readonly child: ChildProcess }

  /** A process that connects to us, of the program's choosing: it is told the port as its last word. */
  async function connecting(start: (port: string) => ChildProcess): Promise<Connected> {
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const arrived = once(server, 'connection') as Promise<[Socket]>
    const child = start(String(port))
    children.push(child)
    const [socket] = await arrived
    server.close()
    socket.on('error', () => {})
    return { socket, child }
  }

  function connected(b: Bench, code: string): Promise<Connected> {
    b.file(
      'client.py',
      `import socket, sys, time\ns = socket.create_connection(("127.0.0.1", int(sys.argv[1])))\n${code}\ntime.sleep(600)\n`,
    )
    return connecting((port) =>
      spawn('python3', ['client.py', port, '--lr', '0.3'], { cwd: b.folder, stdio: 'ignore' }),
    )
  }

  it('is found by its socket, captured like any other, and its run is closed when it dies, whoever watches then', async () => {
    let b = await bench()
    const { socket, child } = await connected(b, '')
    const connection = { remotePort: socket.remotePort!, localPort: socket.localPort! }
    expect(peerSocket(connection)?.uid).toBe(process.getuid!())
    expect(await peerProcess(connection)).toEqual(identify(child.pid!))
    const run = await b.runs.createRun(b.project, { source: 'client' })
    b.launch.noticed({ socket }, b.project, run)
    await until(() => b.runs.getFact(b.project, run.id, 'python') !== null, 'the facts of the client')
    expect(b.runs.getRun(b.project, run.id)).toMatchObject({
      script: 'client.py',
      folder: b.folder,
      command: expect.arrayContaining(['--lr', '0.3']),
    })
    expect(b.runs.bundle(b.project, run.id).run.status).toBe('running')
    expect(b.launch.live()).toBe(1)
    b = await b.restart()
    child.kill('SIGKILL')
    await until(() => b.runs.getRun(b.project, run.id).status === 'killed')
    expect(b.runs.getRun(b.project, run.id).ending).toContain(`(${child.pid}) ended without ending the run`)
    await until(() => b.launch.live() === 0)
    socket.destroy()
  })

  it('that speaks through a tunnel is not taken for it: what the tunnel is and when it breaks says nothing of the run', async () => {
    const b = await bench()
    const tunnel = `require('node:net').connect(process.argv[1], '127.0.0.1')`
    const { socket, child } = await connecting((port) =>
      spawn(process.execPath, ['-e', tunnel, port], { argv0: 'sshd: ada@notty', stdio: 'ignore' }),
    )
    const run = await b.runs.createRun(b.project, { source: 'client' })
    b.launch.noticed({ socket }, b.project, run)
    // The backend is there for it while the tunnel stands.
    await until(() => b.launch.live() === 1)
    child.kill('SIGKILL')
    await until(() => b.launch.live() === 0)
    expect(b.runs.getRun(b.project, run.id)).toMatchObject({ status: 'running', script: null, command: null })
    socket.destroy()
  })

  it('keeps the end that it gave its run itself', async () => {
    const b = await bench()
    const { socket, child } = await connected(b, '')
    const run = await b.runs.createRun(b.project, { source: 'client' })
    b.launch.noticed({ socket }, b.project, run)
    await until(() => b.launch.live() === 1)
    await b.launch.claims.update(b.project, run.id, { status: 'finished' })
    const isKept = (): boolean => textOf(join(b.dataFolder, 'watched-clients.jsonl')).includes(run.id)
    await until(isKept)
    child.kill('SIGKILL')
    await until(() => !isKept())
    expect(b.runs.getRun(b.project, run.id).status).toBe('finished')
    socket.destroy()
  })
})

describe('benchtop.py', () => {
  const python = join(installation(import.meta.dirname).resources, 'python')
  function script(b: Bench, code: string, cwd = b.folder): ChildProcess {
    b.file('spooled.py', code)
    const child = spawn('python3', [join(b.folder, 'spooled.py')], {
      cwd,
      env: { ...process.env, PYTHONPATH: python, BENCHTOP_HOME: b.dataFolder, BENCHTOP_URL: undefined },
      stdio: 'inherit',
    })
    children.push(child)
    return child
  }
  const CODE = `import benchtop, os, sys, time
with benchtop.init(name="wide", experiment="spooled", config={"lr": 0.1, "api_key": "hunter2secret99", "seed": 1800000000000000001}) as run:
    for step in range(50):
        run.log({"loss": 1 / (step + 1), "odd": float("nan")}, step=step)
    for step in (1, 2):
        run.log({"late": 1.0}, step=1_800_000_000_000_000_000 + step)
    open("model.json", "w").write("{}")
    run.log_artifact("model.json", "models/model.json")
    benchtop.log_params({"lr": 0.2})
    if len(sys.argv) > 1: time.sleep(600)
`
  const runs = (b: Bench) =>
    b.project.db.all<{ readonly id: string; readonly number: number; readonly status: string }>(
      'SELECT id, number, status FROM run',
    )
  const check = (b: Bench): void => {
    const [run] = runs(b)
    const found = b.runs.getRun(b.project, run!.id)
    expect(found).toMatchObject({ name: 'wide', status: 'finished', source: 'spool', ending: 'Finished.' })
    expect(b.runs.getExperiment(b.project, found.experiment).name).toBe('spooled')
    const loss = b.project.metrics.series(b.project.metrics.find(run!.number, 'loss', 'logged')!)
    expect([...loss.step]).toEqual(Array.from({ length: 50 }, (_, step) => step))
    expect([...loss.value]).toEqual(Array.from({ length: 50 }, (_, step) => 1 / (step + 1)))
    expect(
      b.project.metrics.series(b.project.metrics.find(run!.number, 'odd', 'logged')!).value.every(Number.isNaN),
    ).toBe(true)
    expect(b.runs.bundle(b.project, run!.id).params.map(({ key, value }) => [key, value])).toEqual([
      ['api_key', '‹secret: key›'],
      ['lr', '0.2'],
      ['seed', '1800000000000000001'],
    ])
    const late = b.project.metrics.series(b.project.metrics.find(run!.number, 'late', 'logged')!)
    expect([...late.step].map((step, at) => joinWhole(step, late.rest?.step[at] ?? 0))).toEqual([
      1_800_000_000_000_000_001n,
      1_800_000_000_000_000_002n,
    ])
    expect(readFileSync(join(b.project.artifactsFolder, run!.id, 'artifacts/models/model.json'), 'utf8')).toBe('{}')
  }

  it('logs into the project of its folder, also what it wrote while nobody listened, each record once', async () => {
    let b = await bench()
    await b.launch.close()
    const child = script(b, CODE)
    await once(child, 'exit')
    b = await b.restart()
    await until(() => runs(b)[0]?.status === 'finished')
    check(b)
    expect(execFileSync('find', [join(b.dataFolder, 'spool'), '-type', 'f'], { encoding: 'utf8' })).toBe('')
    b = await b.restart()
    await b.launch.pokeSpool()
    expect(runs(b)).toHaveLength(1)
    check(b)
  })

  it('survives restarts of the backend in the middle, and a killed script is closed', async () => {
    let b = await bench()
    const child = script(
      b,
      CODE.replace('range(50)', 'range(400)')
        .replace('step=step)', 'step=step); time.sleep(0.002)')
        .replace('len(sys.argv) > 1', 'True'),
    )
    const losses = () => {
      const [run] = runs(b)
      const id = run === undefined ? undefined : b.project.metrics.find(run.number, 'loss', 'logged')
      return id === undefined ? [] : [...b.project.metrics.series(id).step]
    }
    await until(() => losses().length > 0)
    b = await b.restart()
    await until(() => losses().length > 100)
    b = await b.restart()
    await until(() => losses().length === 400)
    expect(losses()).toEqual(Array.from({ length: 400 }, (_, step) => step))
    expect(runs(b)).toMatchObject([{ status: 'running' }])
    expect(b.launch.live()).toBeGreaterThan(0)
    child.kill('SIGKILL')
    await until(() => runs(b)[0]?.status === 'killed')
    expect(b.complaints).toEqual([])
  })

  it('continues the launched run, whose process decides its end; elsewhere it goes to the Inbox', async () => {
    const b = await bench()
    b.file('spooled.py', `${CODE}\nimport sys; sys.exit(3)`)
    const { run } = await b.launch.handlers.start(
      { project: b.project.id, spec: spec(['python3', 'spooled.py']), queue: false },
      CONTEXT,
    )
    await until(() => ended(b, run))
    await until(() => b.project.metrics.find(b.runs.getRun(b.project, run).number, 'loss', 'logged') !== undefined)
    expect(runs(b).map(({ id }) => id)).toEqual([run])
    expect(b.runs.getRun(b.project, run)).toMatchObject({
      name: 'wide',
      source: 'launch',
      status: 'failed',
      exitCode: 3,
    })
    const elsewhere = script(b, `import benchtop\nbenchtop.init(); benchtop.log({"x": 1})`, '/tmp')
    await once(elsewhere, 'exit')
    await b.launch.pokeSpool()
    expect(runs(b)).toHaveLength(2)
  })
})
