import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { until } from '#electron/shim/shim-process.fixture.ts'
import { bench, CONTEXT, SECRET, isOver, isWholly, logOf, output, record, start, statusOf } from './bench.fixture.ts'
import { launchesOfRun } from './queries.ts'

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
    await b.launch.handlers.stop({ project: b.project.id, run: runs[1]! }, CONTEXT)
    expect(b.runs.getRun(b.project, runs[1]!)).toMatchObject({ status: 'killed', startedAt: null })
    writeFileSync(join(b.folder, 'go-c'), '')
    await until(() => isWholly(b, runs[2]!))
    expect((await logOf(b, runs[2]!))[0]?.text).toBe('device 7')
    expect(await queue()).toEqual([])
  })

  it('says when the code has changed, and keeps its order and secrets over a restart', async () => {
    let b = await bench({ settings: { queueLimit: 1 } })
    b.file('wait.sh', 'echo "$KEY"; until [ -e "go" ]; do sleep 0.02; done')
    const first = await start(b, ['bash', 'wait.sh'], {}, true)
    const environment = { KEY: SECRET }
    const second = await start(b, ['bash', 'wait.sh'], { environment }, true)
    await until(() => record(b, first).state === 'running' && record(b, second).codeState !== null)
    b = await b.restart()
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
    expect(await b.launch.handlers.resume({ project: b.project.id, run }, CONTEXT)).toEqual({ run })
    expect(b.runs.getRun(b.project, run)).toMatchObject({ status: 'running', endedAt: null, exitCode: null })
    await until(() => isWholly(b, run))
    expect(b.runs.getRun(b.project, run)).toMatchObject({ status: 'finished', name: 'long', exitCode: 0 })
    expect((await logOf(b, run)).map(({ text }) => text)).toEqual(
      [1, 2, 3, 4, 5, 6].map((i) => `epoch ${i} loss ${i}.5`),
    )
    const { number } = b.runs.getRun(b.project, run)
    expect([...b.project.metrics.series(b.project.metrics.find(number, 'loss', 'log')!).step]).toEqual([
      1, 2, 3, 4, 5, 6,
    ])
    expect(launchesOfRun(b.project, run).map(({ attempt }) => attempt)).toEqual([1, 2])
  })

  it('is refused while it runs', async () => {
    const b = await bench()
    const run = await start(b, ['sleep', '600'])
    await expect(b.launch.handlers.resume({ project: b.project.id, run }, CONTEXT)).rejects.toMatchObject({
      code: 'busy',
    })
    await b.launch.handlers.stop({ project: b.project.id, run }, CONTEXT)
    await until(() => isWholly(b, run))
  })
})
