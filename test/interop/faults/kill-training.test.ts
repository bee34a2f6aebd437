import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { RunDetail } from '#shared/contract/runs.ts'
import { processFacts } from '#electron/platform/process/process-facts.ts'
import { readProcess, workFolder } from '#electron/shim/work-folder.ts'
import { describeWith } from '#test/setup/describe-with.ts'
import { type BuiltApp, endOf, openBuiltApp } from '../support/built-app.ts'
import { eventually } from '#test/setup/eventually.ts'
import { type BackendProcess, startBackendProcess } from './support/backend-process.ts'
import { after, type Chance, openChance } from '#test/fixtures/chance.ts'

/** Both train until a file says stop, and note each step once it is acknowledged: by the client's return, or by being printed. */
const LOGS = `
import mlflow, os, sys, time
notes = open(sys.argv[1], 'w')
mlflow.set_experiment('kills')
with mlflow.start_run():
    mlflow.log_param('lr', 0.1)
    step = 0
    while not os.path.exists('stop'):
        mlflow.log_metric('loss', 1 / (step + 1), step=step)
        mlflow.log_metrics({'acc': 1 - 1 / (step + 1), 'lr': 0.1}, step=step)
        print(step, file=notes, flush=True)
        step += 1
        time.sleep(0.01)
print('end', file=notes, flush=True)
`
const PRINTS = `
import os, sys, time
notes = open(sys.argv[1], 'w')
step = 0
while not os.path.exists('stop'):
    print(f'step {step} loss {(step + 1) / 8}')
    print(step, file=notes, flush=True)
    step += 1
    time.sleep(0.02)
print('end', file=notes, flush=True)
`

const BACKEND_KILLS = 7
const WINDOW_KILLS = 7

type Training = { readonly name: string; readonly script: string; readonly run: string; readonly notes: string }

const ENDED: ReadonlySet<RunDetail['status']> = new Set(['finished', 'failed', 'killed', 'lost'])

describeWith(['mlflow', 'git'], 'kill -9 of window, backend and shim during trainings', ({ mlflow }) => {
  let app: BuiltApp
  let backend: BackendProcess
  let project: string
  beforeAll(async () => {
    app = await openBuiltApp({ python: mlflow })
    writeFileSync(join(app.project, 'logs.py'), LOGS)
    writeFileSync(join(app.project, 'prints.py'), PRINTS)
    backend = await startBackendProcess(app)
    project = (await app.client().projects.open({ folder: app.project })).id
  })
  afterAll(() => app.close())

  async function train(name: string, script: string): Promise<Training> {
    const notes = join(app.home, `${name}.txt`)
    const spec = { command: [mlflow, script, notes], name }
    const { run } = await app.client().launch.start({ project, spec })
    return { name, script, run, notes }
  }

  it('ends no training, loses no acknowledged point and leaves no gap', { timeout: 170_000 }, async () => {
    const chance = openChance('kill-training')
    const trainings = await Promise.all([
      train('logs', 'logs.py'),
      train('logs without shim', 'logs.py'),
      train('prints', 'prints.py'),
      train('prints without shim', 'prints.py'),
    ])
    const [logs, , prints] = trainings as [Training, Training, Training, Training]
    for (const training of trainings) await eventually(() => expect(steps(training).length).toBeGreaterThan(3))
    const terminal = app.start(['run', '-n', 'in a terminal', mlflow, 'prints.py', join(app.home, 'terminal.txt')])
    const terminalEnd = endOf(terminal)
    let window = await openWindow(logs.run)

    const shims = trainings.filter(({ name }) => name.endsWith('without shim'))
    const plan = shuffled(chance, [
      ...Array.from({ length: BACKEND_KILLS }, () => 'backend' as const),
      ...Array.from({ length: WINDOW_KILLS }, () => 'window' as const),
      ...shims,
    ])
    for (const victim of plan) {
      await after(chance.between(0, 700))
      if (victim === 'backend') {
        const before = trainings.map((training) => steps(training).length)
        await backend.kill()
        // Every script goes on, without a window, a person or another call to help.
        for (const [index, training] of trainings.entries())
          await eventually(() =>
            expect([training.name, steps(training).length]).not.toEqual([training.name, before[index]]),
          )
        if (hasEnded(window)) window = await openWindow(logs.run)
      } else if (victim === 'window') {
        window.kill('SIGKILL')
        await ended(window)
        window = await openWindow(prints.run)
      } else process.kill(await shimOf(victim), 'SIGKILL')
    }
    window.kill('SIGKILL')
    process.stdout.write(
      `kill-training: ${plan.length + 1} kills, back within ${Math.round(backend.longestGap())} ms\n`,
    )

    writeFileSync(join(app.project, 'stop'), '')
    for (const training of trainings) {
      const detail = await eventually(async () => {
        const now = await app.client().runs.get({ project, run: training.run })
        if (!ENDED.has(now.status)) throw new Error(`${now.name} is ${now.status}`)
        return now
      })
      expect(readFileSync(training.notes, 'utf8').endsWith('end\n')).toBe(true)
      // Without its shim the exit code is not known: what the client said of its run counts, and a script that said nothing is "lost".
      const status = !training.name.endsWith('without shim')
        ? 'finished'
        : training.script === 'logs.py'
          ? 'finished'
          : 'lost'
      const exitCode = training.name.endsWith('without shim') ? null : 0
      expect([training.name, detail.status, detail.exitCode]).toEqual([training.name, status, exitCode])
      await eventually(() => expectWhole(training))
    }
    const end = await terminalEnd
    expect(end.code).toBe(0)
    expect(end.stderr).toMatch(/in a terminal #5 finished in /)
  })

  /** Every acknowledged step is in every series, once, with its value. */
  async function expectWhole({ name, run, script, notes }: Training): Promise<void> {
    const count = readFileSync(notes, 'utf8').split('\n').length - 2
    const curves: Readonly<Record<string, (step: number) => number>> =
      script === 'prints.py'
        ? { loss: (step) => (step + 1) / 8 }
        : { loss: (step) => 1 / (step + 1), acc: (step) => 1 - 1 / (step + 1), lr: () => 0.1 }
    for (const [key, valueAt] of Object.entries(curves)) {
      const { step, time, value } = await app.client().metrics.series({ project, run, key })
      // A call whose answer was lost was made again: the same point twice counts once.
      const points = new Map(Array.from(step, (at, index) => [`${at} ${time[index]} ${value[index]}`, index]))
      const found = [...points.values()].map((index) => [step[index], value[index]])
      const expected = Array.from({ length: count }, (_, at) => [at, valueAt(at)])
      expect([name, key, found]).toEqual([name, key, expected])
    }
  }

  async function shimOf({ notes }: Training): Promise<number> {
    const folder = join(app.project, '.benchtop', 'launches')
    for (const launch of readdirSync(folder)) {
      const known = readProcess(workFolder(join(folder, launch)))
      if (known === undefined || known.pid === null) continue
      const { command } = await processFacts(known.pid)
      if (command?.includes(notes) === true) return known.shimPid
    }
    throw new Error(`There is no shim around the script that notes into ${notes}.`)
  }

  async function openWindow(run: string): Promise<ChildProcess> {
    const { url, token } = app.backend()
    const fixture = fileURLToPath(new URL('./support/window.fixture.ts', import.meta.url))
    const child = spawn(process.execPath, [fixture, url, token, project, run], { stdio: ['ignore', 'pipe', 'ignore'] })
    let events = ''
    child.stdout.on('data', (piece: Buffer) => (events += piece.toString()))
    await eventually(() => expect(events.length > 0 || hasEnded(child)).toBe(true))
    return child
  }
})

function steps({ notes }: Training): readonly string[] {
  return existsSync(notes) ? readFileSync(notes, 'utf8').trim().split('\n') : []
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

function ended(child: ChildProcess): Promise<void> {
  return hasEnded(child) ? Promise.resolve() : new Promise((resolve) => child.once('exit', () => resolve()))
}

function shuffled<T>(chance: Chance, items: readonly T[]): readonly T[] {
  return items
    .map((item) => ({ item, place: chance.next() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ item }) => item)
}
