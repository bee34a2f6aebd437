import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { textOf, until } from '#electron/shim/shim-process.fixture.ts'
import { isAlive } from '#electron/platform/process/identity.ts'
import { treeOf } from '#electron/platform/process/table.ts'
import { type Bench, CONTEXT, openBench, spec } from './bench.fixture.ts'
import { launchesOfRun } from './queries.ts'

const open: Bench[] = []
async function bench(options: Parameters<typeof openBench>[0] = {}): Promise<Bench> {
  const made = await openBench(options)
  open.push(made)
  return made
}
afterEach(async () => {
  for (const made of open.splice(0)) await made.dispose()
})

/** By form a key, and no scanner of repositories takes it for a real one. */
const SECRET = `sk-${'a7Bq9Zx2Lm4Rt6Kw'.repeat(3)}`

const project = (b: Bench) => b.project.id

async function start(b: Bench, command: readonly string[], more: Parameters<typeof spec>[1] = {}, queue = false) {
  const { run } = await b.launch.handlers.start({ project: project(b), spec: spec(command, more), queue }, CONTEXT)
  return run
}

const statusOf = (b: Bench, run: string) => b.runs.getRun(b.project, run).status
const isOver = (b: Bench, run: string) => ['finished', 'failed', 'killed', 'lost'].includes(statusOf(b, run))
const isWholly = (b: Bench, run: string) => launchesOfRun(b.project, run).at(-1)?.state === 'ended'
const record = (b: Bench, run: string) => launchesOfRun(b.project, run).at(-1)!
const captured = (b: Bench, run: string) =>
  b.project.db.all<{ readonly key: string; readonly value: string; readonly source: string }>(
    `SELECT key, value, source FROM param WHERE run = ? AND origin = 'captured' ORDER BY key`,
    b.runs.getRun(b.project, run).number,
  )
const output = (b: Bench, run: string) => textOf(join(record(b, run).workFolder, 'out.log'))
const log = async (b: Bench, run: string) =>
  (await b.launch.handlers.log({ project: project(b), run, from: 0, limit: 1_000 }, CONTEXT)).lines

describe('a launched run', () => {
  it('ends as its process ends, and says so in words', async () => {
    const b = await bench()
    const good = await start(b, ['bash', '-c', 'echo fine'])
    const bad = await start(b, ['bash', '-c', 'echo oh >&2; exit 3'])
    const crash = await start(b, ['bash', '-c', 'kill -SEGV $$'])
    await until(() => [good, bad, crash].every((run) => isWholly(b, run)))
    const ends = [good, bad, crash].map((run) => b.runs.getRun(b.project, run))
    expect(ends.map(({ status, exitCode, exitSignal }) => [status, exitCode, exitSignal])).toEqual([
      ['finished', 0, null],
      ['failed', 3, null],
      ['failed', null, 'SIGSEGV'],
    ])
    expect(ends[1]?.ending).toBe('Ended by its own error, with exit code 3.')
    expect(await log(b, bad)).toMatchObject([{ number: 0, stream: 'err', text: 'oh', bar: false }])
    expect(b.complaints).toEqual([])
  })

  it('has its command, script, parameters and place', async () => {
    const b = await bench()
    b.file('src/train.py', 'import sys; print(sys.argv)')
    const run = await start(b, ['python3', 'train.py', '--lr', '0.1', '--api-key', SECRET], {
      folder: 'src',
      name: 'my run',
      experiment: 'first',
    })
    await until(() => isWholly(b, run))
    const found = b.runs.getRun(b.project, run)
    expect(found).toMatchObject({
      name: 'my run',
      script: 'src/train.py',
      folder: join(b.folder, 'src'),
      source: 'launch',
      command: ['python3', 'train.py', '--lr', '0.1', '--api-key', '‹secret: key›'],
    })
    expect(b.runs.getExperiment(b.project, found.experiment).name).toBe('first')
    const params = captured(b, run)
    expect(params).toContainEqual({ key: 'lr', value: '0.1', source: 'arguments' })
    expect(JSON.stringify(params)).not.toContain(SECRET.slice(4, 20))
    // The script itself got the real value.
    expect(output(b, run)).toContain(SECRET)
    expect((await log(b, run))[0]?.text).not.toContain(SECRET.slice(4, 20))
  })

  it('refuses what cannot start, in words and with the field, before anything is made', async () => {
    const b = await bench()
    const refused = async (command: readonly string[], more = {}) =>
      start(b, command, more).then(
        () => 'started',
        (error: { code: string; message: string; field: string }) => [error.code, error.field, error.message],
      )
    expect(await refused(['python3', 'gone.py'])).toEqual([
      'invalid',
      'command',
      `There is no script gone.py in ${b.folder}.`,
    ])
    expect(await refused(['no-such-program'])).toEqual([
      'invalid',
      'command',
      'There is no program "no-such-program" on PATH.',
    ])
    expect(await refused(['true'], { folder: 'nowhere' })).toMatchObject([
      'invalid',
      'folder',
      expect.stringContaining('nowhere'),
    ])
    expect(await refused(['true', 'x'.repeat(200_000)])).toMatchObject([
      'invalid',
      'command',
      expect.stringContaining('larger'),
    ])
    expect(await refused(['python', 'x.py'], { interpreter: '/no/python' })).toMatchObject([
      'invalid',
      'interpreter',
      expect.stringContaining('/no/python'),
    ])
    expect(b.project.db.value('SELECT count(*) FROM run')).toBe(0)
  })

  it('gets an environment in which output shows at once and clients find their run', async () => {
    const b = await bench({ environment: { MLFLOW_RUN_ID: 'someone-elses', PYTHONPATH: '/mine' } })
    const names = ['PYTHONUNBUFFERED', 'PYTHONUTF8', 'MLFLOW_TRACKING_URI', 'MLFLOW_RUN_ID', 'OWN', 'PYTHONPATH', 'PWD']
    const run = await start(
      b,
      ['python3', '-c', `import os; [print(n, os.environ.get(n)) for n in ${JSON.stringify(names)}]`],
      {
        environment: { OWN: 'ünï code' },
      },
    )
    await until(() => isWholly(b, run))
    const lines = (await log(b, run)).map(({ text }) => text)
    expect(lines).toEqual([
      'PYTHONUNBUFFERED 1',
      'PYTHONUTF8 1',
      expect.stringMatching(new RegExp(`^MLFLOW_TRACKING_URI http://127\\.0\\.0\\.1:\\d+/l/${record(b, run).id}$`)),
      'MLFLOW_RUN_ID None',
      'OWN ünï code',
      expect.stringMatching(/^PYTHONPATH \S+\/python\/hook:\/mine$/),
      `PWD ${b.folder}`,
    ])
  })

  it('keeps a tracking server that the environment names when asked to, and says where it logs', async () => {
    const b = await bench({ environment: { MLFLOW_TRACKING_URI: 'https://user:pw@mlflow.example.org' } })
    const run = await start(b, ['bash', '-c', 'echo $MLFLOW_TRACKING_URI'], { keepTracking: true })
    await until(() => isWholly(b, run))
    expect(output(b, run)).toBe('https://user:pw@mlflow.example.org\n')
    expect(b.runs.getRun(b.project, run).loggedElsewhere).toBe('https://user:‹secret: password›@mlflow.example.org')
  })
})

describe('stopping', () => {
  const stubborn = (b: Bench, name: string): string =>
    b.file(
      `${name}.py`,
      `import signal, subprocess, sys, time, os
signal.signal(signal.SIGINT, lambda *a: print("int", flush=True))
signal.signal(signal.SIGTERM, lambda *a: print("term", flush=True))
if len(sys.argv) == 1:
    kids = [subprocess.Popen([sys.executable, __file__, "kid"], start_new_session=bool(i)) for i in range(2)]
print("ready", os.getpid(), flush=True)
while True: time.sleep(0.05)
`,
    )

  it('goes from SIGINT over SIGTERM to SIGKILL for the whole tree, by the grace', async () => {
    const b = await bench({ settings: { stopGrace: 1 } })
    stubborn(b, 'stay')
    const run = await start(b, ['python3', 'stay.py'])
    await until(() => output(b, run).split('ready').length === 4)
    const marker = `BENCHTOP_LAUNCH=${record(b, run).id}`
    const first = await b.launch.handlers.stop({ project: project(b), run }, CONTEXT)
    expect(first).toEqual({ signal: 'SIGINT', nextAt: expect.any(Number) })
    expect(statusOf(b, run)).toBe('stopping')
    await until(() => isWholly(b, run), 'the end of the run')
    expect(b.runs.getRun(b.project, run)).toMatchObject({
      status: 'killed',
      exitSignal: 'SIGKILL',
      ending: 'Stopped by SIGKILL.',
    })
    expect(treeOf({ pid: record(b, run).pid!, marker }).filter((row) => !row.zombie)).toEqual([])
    const lines = (await log(b, run)).map(({ text }) => text)
    // Each of the three got each signal once.
    expect([lines.filter((text) => text === 'int').length, lines.filter((text) => text === 'term').length]).toEqual([
      3, 3,
    ])
  })

  it('escalates at the second press', async () => {
    const b = await bench({ settings: { stopGrace: 3600 } })
    stubborn(b, 'stay')
    const run = await start(b, ['python3', 'stay.py'])
    await until(() => output(b, run).split('ready').length === 4)
    const press = () => b.launch.handlers.stop({ project: project(b), run }, CONTEXT)
    const signals = [(await press()).signal, (await press()).signal]
    expect(await b.launch.handlers.stopState({ project: project(b), run }, CONTEXT)).toMatchObject({
      signal: 'SIGTERM',
    })
    signals.push((await press()).signal)
    expect(signals).toEqual(['SIGINT', 'SIGTERM', 'SIGKILL'])
    await until(() => isWholly(b, run))
    expect(await b.launch.handlers.stopState({ project: project(b), run }, CONTEXT)).toBeNull()
    await expect(press()).rejects.toMatchObject({ code: 'conflict' })
  })

  it('lets a script end in its own way, and goes on where a backend was killed meanwhile', async () => {
    const b = await bench({ settings: { stopGrace: 3600 } })
    b.file(
      'wait.py',
      'import time\ntry:\n  print("ready", flush=True)\n  time.sleep(600)\nexcept KeyboardInterrupt:\n  print("saved", flush=True)\n',
    )
    const run = await start(b, ['python3', 'wait.py'])
    await until(() => output(b, run) === 'ready\n')
    const again = await b.restart()
    open[open.indexOf(b)] = again
    await until(() => record(again, run).state === 'running')
    await again.launch.handlers.stop({ project: project(again), run }, CONTEXT)
    await until(() => isWholly(again, run))
    expect(again.runs.getRun(again.project, run)).toMatchObject({
      status: 'killed',
      exitCode: 0,
      ending: 'Stopped by SIGINT.',
    })
    expect((await log(again, run)).map(({ text }) => text)).toEqual(['ready', 'saved'])
  })
})

describe('whoever is killed', () => {
  const counter = (b: Bench): void => {
    b.file(
      'count.py',
      `import os, time
for i in range(1, 41):
    print(f"epoch {i} loss {1 / i:.4f}", flush=True)
    while i == 20 and not os.path.exists("go"): time.sleep(0.02)
    time.sleep(0.01)
`,
    )
  }
  const points = (b: Bench, run: string) => {
    const { number } = b.runs.getRun(b.project, run)
    const id = b.project.metrics.find(number, 'loss', 'log')
    return id === undefined ? [] : [...b.project.metrics.series(id).step]
  }

  it('a backend: the run goes on, is taken up, and each line counts once', async () => {
    let b = await bench()
    counter(b)
    const run = await start(b, ['python3', 'count.py'])
    await until(() => points(b, run).length >= 5)
    b = open[0] = await b.restart()
    await until(() => points(b, run).length === 20)
    b = open[0] = await b.restart()
    writeFileSync(join(b.folder, 'go'), '')
    await until(() => isWholly(b, run))
    expect(statusOf(b, run)).toBe('finished')
    expect(points(b, run)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1))
    expect((await log(b, run)).length).toBe(40)
    expect(b.complaints).toEqual([])
  })

  it('a shim: only the exit code is lost', async () => {
    const b = await bench()
    counter(b)
    const run = await start(b, ['python3', 'count.py'])
    await until(() => points(b, run).length === 20)
    const { pid, pidStarted, shimPid } = record(b, run)
    process.kill(shimPid!, 'SIGKILL')
    writeFileSync(join(b.folder, 'go'), '')
    await until(() => isWholly(b, run))
    expect(isAlive({ pid: pid!, started: pidStarted! })).toBe(false)
    expect(b.runs.getRun(b.project, run)).toMatchObject({ status: 'lost', exitCode: null })
    expect(b.runs.getRun(b.project, run).ending).toContain('vanished')
    expect(points(b, run)).toHaveLength(40)
    const lines = await log(b, run)
    expect([lines.length, lines.every(({ time }) => time !== null)]).toEqual([40, true])
  })

  it('a shim and the backend: the script own word on its end counts', async () => {
    let b = await bench()
    counter(b)
    const run = await start(b, ['python3', 'count.py'])
    await until(() => points(b, run).length === 20)
    const { shimPid } = record(b, run)
    await b.launch.claims.update(b.project, run, { status: 'finished', endedAt: 5 })
    expect(statusOf(b, run)).toBe('running')
    process.kill(shimPid!, 'SIGKILL')
    b = open[0] = await b.restart()
    writeFileSync(join(b.folder, 'go'), '')
    await until(() => isWholly(b, run))
    expect(b.runs.getRun(b.project, run).status).toBe('finished')
    expect(points(b, run)).toHaveLength(40)
  })

  it('a machine: what was running is lost, in words', async () => {
    let b = await bench()
    const run = await start(b, ['bash', '-c', 'echo here; sleep 600'])
    await until(() => record(b, run).pid !== null)
    await b.launch.close()
    const { shimPid, pid } = record(b, run)
    process.kill(shimPid!, 'SIGKILL')
    process.kill(-pid!, 'SIGKILL')
    b = open[0] = await b.restart()
    await until(() => isWholly(b, run))
    expect(b.runs.getRun(b.project, run)).toMatchObject({ status: 'lost', exitCode: null, exitSignal: null })
  })
})

describe('output', () => {
  it('of 100 MB in a second survives, and pages fast', async () => {
    const b = await bench()
    const run = await start(b, ['bash', '-c', "yes 'a line with the number 12 in it' | head -c 100000000"])
    await until(() => isOver(b, run))
    const { total, bytes } = await b.launch.handlers.log({ project: project(b), run, from: 0, limit: 10 }, CONTEXT)
    expect([total, bytes]).toEqual([3_125_000, 100_000_000])
    const far = await b.launch.handlers.log({ project: project(b), run, from: 2_000_000, limit: 2 }, CONTEXT)
    expect(far.lines.map(({ number, text }) => [number, text])).toEqual([
      [2_000_000, 'a line with the number 12 in it'],
      [2_000_001, 'a line with the number 12 in it'],
    ])
    expect(b.complaints).toEqual([])
  })

  it('of binary bytes is shown as lines', async () => {
    const b = await bench()
    const run = await start(b, [
      'python3',
      '-c',
      'import sys; sys.stdout.buffer.write(bytes(range(256)) * 4); print("end")',
    ])
    await until(() => isWholly(b, run))
    const lines = await log(b, run)
    expect(lines.at(-1)?.text).toContain('end')
    const controls = lines.flatMap(({ text }) => Array.from(text).filter((letter) => letter < ' ' && letter !== '\t'))
    expect(controls).toEqual([])
  })

  it('keeps a progress bar as one line, marks ranks, finds words and follows', async () => {
    const b = await bench()
    b.file(
      'bars.py',
      `import sys, time
for i in range(101): print(f"\\r{i}%|{'#' * (i // 10)}|", end="", file=sys.stderr, flush=True)
print(file=sys.stderr)
print("[rank0]: hello"); print("[rank1]: Wörld")
`,
    )
    const run = await start(b, ['python3', 'bars.py'])
    const controller = new AbortController()
    const seen = new Map<number, string>()
    const follow = b.launch.handlers.followLog(
      { project: project(b), run, from: 0 },
      { ...CONTEXT, signal: controller.signal },
    )
    for await (const { lines, total } of follow) {
      for (const { number, text } of lines) seen.set(number, text)
      if (total === 3 && [...seen.values()].some((text) => text.includes('Wörld'))) controller.abort()
    }
    await until(() => isWholly(b, run))
    const lines = await log(b, run)
    expect(lines.map(({ text, bar, rank, stream }) => [text, bar, rank, stream])).toEqual([
      ['100%|##########|', true, null, 'err'],
      ['[rank0]: hello', false, 0, 'out'],
      ['[rank1]: Wörld', false, 1, 'out'],
    ])
    const ranked = await b.launch.handlers.log({ project: project(b), run, from: 0, limit: 10, rank: 1 }, CONTEXT)
    expect([ranked.lines.map(({ number }) => number), ranked.total, ranked.ranks]).toEqual([[2], 1, [0, 1]])
    const found = await b.launch.handlers.searchLog({ project: project(b), run, text: 'wÖRLD', limit: 10 }, CONTEXT)
    expect(found).toEqual({ lines: [2], truncated: false })
  })
})

describe('the queue', () => {
  it('runs one after the other, in the order that a person gives it, with a device each', async () => {
    const b = await bench({ settings: { queueLimit: 1, devices: ['7'] } })
    b.file('wait.sh', 'echo device $CUDA_VISIBLE_DEVICES; until [ -e "go-$1" ]; do sleep 0.02; done')
    const runs: string[] = []
    for (const name of ['a', 'b', 'c']) runs.push(await start(b, ['bash', 'wait.sh', name], { name }, true))
    const queue = async () =>
      (await b.launch.handlers.queue({}, CONTEXT)).map(({ name, state, position }) => [name, state, position])
    await until(() => record(b, runs[0]!).state === 'running')
    expect(await queue()).toEqual([
      ['a', 'running', -1],
      ['b', 'queued', 0],
      ['c', 'queued', 1],
    ])
    await b.launch.handlers.reorder({ run: runs[2]!, position: 0 }, CONTEXT)
    expect((await queue()).map(([name]) => name)).toEqual(['a', 'c', 'b'])
    writeFileSync(join(b.folder, 'go-a'), '')
    await until(() => record(b, runs[2]!).state === 'running')
    expect([statusOf(b, runs[1]!), record(b, runs[2]!).device]).toEqual(['queued', '7'])
    await b.launch.handlers.stop({ project: project(b), run: runs[1]! }, CONTEXT)
    expect(b.runs.getRun(b.project, runs[1]!)).toMatchObject({ status: 'killed', startedAt: null })
    writeFileSync(join(b.folder, 'go-c'), '')
    await until(() => isWholly(b, runs[2]!))
    expect((await log(b, runs[2]!))[0]?.text).toBe('device 7')
    expect(await queue()).toEqual([])
  })

  it('says when the code has changed, and keeps its order and secrets over a restart', async () => {
    let b = await bench({ settings: { queueLimit: 1 } })
    b.file('wait.sh', 'echo "$KEY"; until [ -e "go" ]; do sleep 0.02; done')
    const first = await start(b, ['bash', 'wait.sh'], {}, true)
    const environment = { KEY: SECRET }
    const second = await start(b, ['bash', 'wait.sh'], { environment }, true)
    await until(() => record(b, first).state === 'running' && record(b, second).codeState !== null)
    b = open[0] = await b.restart()
    b.file('wait.sh', 'echo "$KEY $KEY"')
    const entry = async () => (await b.launch.handlers.queue({}, CONTEXT)).find(({ run }) => run === second)
    expect(await entry()).toMatchObject({ state: 'queued', position: 0 })
    await until(() => b.changes.some(({ entity, ids }) => entity === 'launch' && ids.includes(record(b, second).id)))
    expect(await entry()).toMatchObject({ codeChanged: true })
    expect(JSON.stringify(record(b, second).spec)).not.toContain(SECRET.slice(4, 20))
    writeFileSync(join(b.folder, 'go'), '')
    await until(() => isWholly(b, second))
    expect(output(b, second)).toBe(`${environment.KEY} ${environment.KEY}\n`)
  })

  it('fails a run whose turn comes when it cannot start any more', async () => {
    const b = await bench({ settings: { queueLimit: 1 } })
    b.file('one.sh', 'until [ -e go ]; do sleep 0.02; done; rm two.sh')
    b.file('two.sh', 'echo')
    await start(b, ['bash', 'one.sh'], {}, true)
    const second = await start(b, ['bash', 'two.sh'], {}, true)
    writeFileSync(join(b.folder, 'go'), '')
    await until(() => isOver(b, second))
    expect(b.runs.getRun(b.project, second)).toMatchObject({
      status: 'failed',
      ending: `There is no script two.sh in ${b.folder}.`,
    })
  })
})

describe('resuming', () => {
  it('is a new attempt of the same run: its log and metrics go on', async () => {
    const b = await bench()
    b.file(
      'train.py',
      `import os
done = int(open("state").read()) if os.path.exists("state") else 0
for i in range(done + 1, done + 4): print(f"epoch {i} loss {i}.5", flush=True)
open("state", "w").write(str(done + 3))
raise SystemExit(done == 0)
`,
    )
    const run = await start(b, ['python3', 'train.py'], { name: 'long' })
    await until(() => isWholly(b, run))
    expect(statusOf(b, run)).toBe('failed')
    expect(await b.launch.handlers.resume({ project: project(b), run }, CONTEXT)).toEqual({ run })
    expect(b.runs.getRun(b.project, run)).toMatchObject({ status: 'running', endedAt: null, exitCode: null })
    await until(() => isWholly(b, run))
    expect(b.runs.getRun(b.project, run)).toMatchObject({ status: 'finished', name: 'long', exitCode: 0 })
    expect((await log(b, run)).map(({ text }) => text)).toEqual([1, 2, 3, 4, 5, 6].map((i) => `epoch ${i} loss ${i}.5`))
    const { number } = b.runs.getRun(b.project, run)
    expect([...b.project.metrics.series(b.project.metrics.find(number, 'loss', 'log')!).step]).toEqual([
      1, 2, 3, 4, 5, 6,
    ])
    expect(launchesOfRun(b.project, run).map(({ attempt }) => attempt)).toEqual([1, 2])
  })

  it('is refused while it runs', async () => {
    const b = await bench()
    const run = await start(b, ['sleep', '600'])
    await expect(b.launch.handlers.resume({ project: project(b), run }, CONTEXT)).rejects.toMatchObject({
      code: 'busy',
    })
    await b.launch.handlers.stop({ project: project(b), run }, CONTEXT)
    await until(() => isWholly(b, run))
  })
})

describe('nothing is left behind', () => {
  it('but the log and what was captured', async () => {
    const b = await bench()
    const run = await start(b, ['true'])
    await until(() => isWholly(b, run))
    expect(existsSync(join(record(b, run).workFolder, 'capture'))).toBe(false)
    expect(b.launch.live()).toBe(0)
  })
})
