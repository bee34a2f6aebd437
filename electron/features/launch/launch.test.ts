import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { treeOf } from '#electron/platform/process/table.ts'
import { until } from '#electron/shim/shim-process.fixture.ts'
import {
  type Bench,
  bench,
  CONTEXT,
  SECRET,
  captured,
  isWholly,
  logOf,
  output,
  record,
  start,
  statusOf,
} from './bench.fixture.ts'

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
    expect(await logOf(b, bad)).toMatchObject([{ number: 0, stream: 'err', text: 'oh', bar: false }])
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
    expect((await logOf(b, run))[0]?.text).not.toContain(SECRET.slice(4, 20))
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
    const lines = (await logOf(b, run)).map(({ text }) => text)
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
    const first = await b.launch.handlers.stop({ project: b.project.id, run }, CONTEXT)
    expect(first).toEqual({ signal: 'SIGINT', nextAt: expect.any(Number) })
    expect(statusOf(b, run)).toBe('stopping')
    await until(() => isWholly(b, run), 'the end of the run')
    expect(b.runs.getRun(b.project, run)).toMatchObject({
      status: 'killed',
      exitSignal: 'SIGKILL',
      ending: 'Stopped by SIGKILL.',
    })
    expect(treeOf({ pid: record(b, run).pid!, marker }).filter((row) => !row.zombie)).toEqual([])
  })

  it('escalates at the second press, and gives each process each signal once', async () => {
    const b = await bench({ settings: { stopGrace: 3600 } })
    stubborn(b, 'stay')
    const run = await start(b, ['python3', 'stay.py'])
    const said = (word: string): number => output(b, run).split(word).length - 1
    const press = () => b.launch.handlers.stop({ project: b.project.id, run }, CONTEXT)
    const state = () => b.launch.handlers.stopState({ project: b.project.id, run }, CONTEXT)
    await until(() => said('ready') === 3)
    expect((await press()).signal).toBe('SIGINT')
    await until(() => said('int') === 3)
    expect((await press()).signal).toBe('SIGTERM')
    expect(await state()).toMatchObject({ signal: 'SIGTERM' })
    await until(() => said('term') === 3)
    expect(await press()).toEqual({ signal: 'SIGKILL', nextAt: null })
    await until(() => isWholly(b, run))
    expect([said('int'), said('term')]).toEqual([3, 3])
    expect(await state()).toBeNull()
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
    await until(() => record(again, run).state === 'running')
    await again.launch.handlers.stop({ project: again.project.id, run }, CONTEXT)
    await until(() => isWholly(again, run))
    expect(again.runs.getRun(again.project, run)).toMatchObject({
      status: 'killed',
      exitCode: 0,
      ending: 'Stopped by SIGINT.',
    })
    expect((await logOf(again, run)).map(({ text }) => text)).toEqual(['ready', 'saved'])
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
