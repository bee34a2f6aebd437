import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isAlive } from '#electron/platform/process/identity.ts'
import { until } from '#electron/shim/shim-process.fixture.ts'
import { type Bench, bench, isWholly, logOf, record, start, statusOf } from './bench.fixture.ts'

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
    b = await b.restart()
    await until(() => points(b, run).length === 20)
    b = await b.restart()
    writeFileSync(join(b.folder, 'go'), '')
    await until(() => isWholly(b, run))
    expect(statusOf(b, run)).toBe('finished')
    expect(points(b, run)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1))
    expect((await logOf(b, run)).length).toBe(40)
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
    const lines = await logOf(b, run)
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
    b = await b.restart()
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
    b = await b.restart()
    await until(() => isWholly(b, run))
    expect(b.runs.getRun(b.project, run)).toMatchObject({ status: 'lost', exitCode: null, exitSignal: null })
  })
})
