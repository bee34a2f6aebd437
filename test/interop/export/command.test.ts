import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ExportPlan, ExportReport } from '#shared/contract/exports.ts'
import { describeWith } from '#test/setup/describe-with.ts'
import { smallDisk, whyNoDisks } from '../faults/support/disks.ts'
import { type BuiltApp, endOf, openBuiltApp } from '../support/built-app.ts'
import { eventuallyTrue } from '#test/setup/eventually.ts'

/** Enough that an export takes a while. */
const RUNS = 40
const POINTS = 10_000

const noDisks = whyNoDisks()

describeWith(['git'], 'benchtop export', () => {
  let app: BuiltApp
  let folder: string
  let target: string

  beforeAll(async () => {
    app = await openBuiltApp()
    folder = join(app.home, 'exports')
    target = join(folder, 'out')
    expect((await app.benchtop(['run', '-q', '-n', 'first', '--', 'true'])).code).toBe(0)
    const { url } = app.backend()
    const [project = ''] = (await app.client().projects.recent({})).flatMap((one) => (one.inbox ? [] : [one.id]))
    const post = async (
      path: string,
      body: unknown,
    ): Promise<{ readonly run: { readonly info: { readonly run_id: string } } }> => {
      const response = await fetch(`${url}/p/${project}/api/2.0/mlflow/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      expect(response.status).toBe(200)
      return (await response.json()) as Awaited<ReturnType<typeof post>>
    }
    for (let index = 0; index < RUNS; index++) {
      const { run } = await post('runs/create', { experiment_id: '0', start_time: 1 })
      const { run_id } = run.info
      for (let from = 0; from < POINTS; from += 1_000) {
        const metrics = Array.from({ length: 1_000 }, (_, at) => ({
          key: 'm',
          value: from + at,
          step: from + at,
          timestamp: 1,
        }))
        await post('runs/log-batch', { run_id, metrics })
      }
      await post('runs/update', { run_id, status: 'FINISHED', end_time: 2 })
    }
  })
  afterAll(() => app?.close())

  const names = (): readonly string[] => (existsSync(folder) ? readdirSync(folder) : [])

  it('says what it would write, and writes nothing', async () => {
    const plan = JSON.parse(
      (await app.benchtop(['export', '--mlflow', target, '--dry-run', '--json'])).stdout,
    ) as ExportPlan
    expect(plan).toMatchObject({ runs: RUNS + 1, points: RUNS * POINTS, problem: null })
    const told = await app.benchtop(['export', '--mlflow', target, '--dry-run'])
    expect(told.stdout).toContain(`${target}: 1 experiment, 41 runs, 400,000 points`)
    expect(names()).toEqual([])
  })

  /** Looked for often: the whole export takes a quick machine little more than a second. */
  const begun = (place = target): Promise<void> =>
    eventuallyTrue(() => existsSync(`${place}.unfinished-export/mlflow.db`), { interval: 2 })

  it('leaves nothing when it is interrupted', async () => {
    const child = app.start(['export', '--mlflow', target])
    const end = endOf(child)
    await begun()
    process.kill(-(child.pid ?? 0), 'SIGINT')
    expect(await end).toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'The export was cancelled. Nothing of it is left.\n',
    })
    expect(names()).toEqual([])
  })

  it('is not half done when the backend is killed, and the next try is not in its way', async () => {
    const child = app.start(['export', '--mlflow', target])
    const gone = once(child, 'close')
    await begun()
    process.kill(app.backend().pid, 'SIGKILL')
    await gone
    expect(child.exitCode).toBe(1)
    expect(names()).toEqual(['out.unfinished-export'])
    const end = await app.benchtop(['export', '--mlflow', target, '--json'])
    expect(end.code).toBe(0)
    expect(JSON.parse(end.stdout) as ExportReport).toMatchObject({
      target,
      runs: RUNS + 1,
      points: RUNS * POINTS,
      notes: [],
    })
    expect([names(), readdirSync(target).toSorted()]).toEqual([['out'], ['README.txt', 'mlflow.db', 'mlruns']])
  })

  it.skipIf(noDisks !== undefined)(
    `says that the disk is too small, and leaves nothing on one that fills meanwhile${noDisks === undefined ? '' : ` (${noDisks})`}`,
    async () => {
      const place = join(app.home, 'disk')
      const disk = smallDisk(place, 20)
      try {
        const refused = await app.benchtop(['export', '--mlflow', join(place, 'out')])
        expect(refused).toMatchObject({
          code: 2,
          stderr: expect.stringMatching(/^About 1\d\d\.?\d? MB are needed/) as string,
        })
        disk.resize(120)
        const child = app.start(['export', '--mlflow', join(place, 'out')])
        const end = endOf(child)
        await begun(join(place, 'out'))
        writeFileSync(join(place, 'filler'), new Uint8Array(80 << 20))
        expect(await end).toMatchObject({
          code: 1,
          stderr: expect.stringMatching(/^The disk that holds .* is full\./) as string,
        })
        expect(readdirSync(place)).toEqual(['filler'])
      } finally {
        disk.remove()
      }
    },
  )

  it('writes one run by its name, relative to where it was asked', async () => {
    const end = await app.benchtop(['export', '--mlflow', 'one', 'first'], { cwd: app.project })
    expect(end).toMatchObject({ code: 0, stderr: '' })
    expect(end.stdout).toContain(`Wrote ${join(app.project, 'one')}: 1 experiment, 1 run`)
    expect((await app.benchtop(['export', '--mlflow', 'one'])).stderr).toContain('is not empty')
  })
})
