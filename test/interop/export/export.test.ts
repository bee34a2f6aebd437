import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { contract, type BenchtopContract } from '#shared/contract/index.ts'
import type { ExportReport } from '#shared/contract/exports.ts'
import { clientOf } from '#shared/rpc/client.ts'
import type { Client } from '#shared/rpc/procedure.ts'
import { openReader, openWriter } from '#electron/db/connection.ts'
import { startTestBackend, type TestBackend } from '#electron/backend/backend.fixture.ts'
import { postCaller } from '#electron/transport/post-caller.ts'
import { describeWith } from '#test/setup/describe-with.ts'
import { eventuallyTrue } from '#test/setup/eventually.ts'
import { serveStores } from '../mlflow/support/real-server.ts'
import { pythonOutput } from '../support/run-python.ts'

type ToldRun = {
  readonly params: Readonly<Record<string, string>>
  readonly tags: Readonly<Record<string, string>>
} & Readonly<Record<string, unknown>>
type Told = {
  readonly experiments: unknown
  readonly runs: Readonly<Record<string, ToldRun>>
  readonly models: Readonly<Record<string, { readonly files: unknown }>>
  readonly registered: unknown
  readonly versions: Readonly<Record<string, { readonly files: unknown }>>
  readonly predicted: unknown
}

const script = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

describeWith(['python'], 'an export that the real MLflow opens', ({ python }) => {
  let server: TestBackend
  let client: Client<BenchtopContract>
  let folder: string
  /** Of a project with everything that a client can log: where it was exported to, and what our own server tells of it. */
  let target: string
  let report: ExportReport
  let wanted: Told

  beforeAll(async () => {
    server = await startTestBackend()
    const { url, token } = server.backend
    client = clientOf(contract, postCaller({ url, token }))
    folder = mkdtempSync(join(tmpdir(), 'export-'))
    const project = await makeProject('everything')
    const uri = `${url}/p/${project}`
    await pythonOutput(python, [script('../import/scripts/make_everything.py'), uri], { cwd: folder })
    await untilStill(project)
    target = join(folder, 'every thing #1 ü')
    report = await write(project, target)
    wanted = await expected(client, project, await tell(uri))
  })
  afterAll(async () => {
    await server?.close()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  })

  const tell = async (uri: string): Promise<Told> =>
    JSON.parse(await pythonOutput(python, [script('./scripts/tell_all.py'), uri], { cwd: folder })) as Told

  const makeProject = async (name: string): Promise<string> => {
    const place = join(server.root, name)
    mkdirSync(place)
    return (await client.projects.open({ folder: place })).id
  }

  const write = async (project: string, target: string, more: object = {}): Promise<ExportReport> => {
    const { job } = await client.exports.start({ project, format: 'mlflow', target, ...more })
    for await (const event of client.exports.follow({ project, job })) if (event.type === 'report') return event.report
    throw new Error('no report')
  }

  it('tells the same as our own server of everything that a client can log, at once and by the real server', async () => {
    const theirs = await tell(database(target))
    expect(theirs).toEqual(wanted)
    expect(report.runs).toBe(Object.keys(wanted.runs).length)
    expect(report.points).toBe(pointsIn(wanted))
    // A model that was logged through us is loaded by its alias, from the export alone.
    expect(theirs.predicted).toMatchObject({ 'double@champion': [2, 5] })
    expect(report.notes.map(({ what }) => what.replaceAll(/[0-9a-f]{32}/g, 'id'))).toEqual([
      'run parent (id), metric odd/values',
      'run parent (id), metric worst',
      'model double (m-id), metric worst',
    ])
    const real = await serveStores(python, target, ['--backend-store-uri', database(target)])
    try {
      expect(await tell(real.url)).toEqual(wanted)
    } finally {
      await real.close()
    }
  })

  it('comes back as it was when it is imported, with files that only stay where they are', async () => {
    const back = await makeProject('back')
    const { job } = await client.imports.start({ project: back, location: target, artifacts: 'reference' })
    const outcomes: string[] = []
    for await (const event of client.imports.follow({ project: back, job }))
      if (event.type === 'report') outcomes.push(event.report.outcome)
    expect(outcomes).toEqual(['done'])
    // The real client lists, downloads and loads by alias what lies in the folder of the export.
    const told = await tell(`${server.backend.url}/p/${back}`)
    expect(withoutDefault(told)).toEqual(withoutDefault(wanted))
  })

  it('is found again after it was moved, when it is told so as its README says', async () => {
    const project = await makeProject('moved')
    const runs = await logged(project, 1)
    const [run = ''] = runs
    await fetch(`${server.backend.url}/p/${project}/api/2.0/mlflow-artifacts/artifacts/0/${run}/artifacts/a.txt`, {
      method: 'PUT',
      body: 'here',
    })
    const target = join(folder, "before 'it'")
    await write(project, target)
    const before = (await tell(database(target))).runs[run]
    expect(before?.['files']).toHaveProperty(['a.txt'])
    const moved = join(folder, 'after it moved')
    renameSync(target, moved)
    expect((await tell(database(moved))).runs[run]).toEqual({ ...before, files: {} })
    const command = /^ {2}python3 -c '(.*)'$/m.exec(readFileSync(join(moved, 'README.txt'), 'utf8'))?.[1] ?? ''
    await pythonOutput(python, ['-c', command], { cwd: moved })
    expect((await tell(database(moved))).runs[run]).toEqual(before)
  })

  it('holds files that were only referenced here, a model’s too', async () => {
    const project = await makeProject('referenced')
    const [run = ''] = await logged(project, 1)
    const left = join(folder, 'left', 'artifacts')
    mkdirSync(join(left, 'deep'), { recursive: true })
    writeFileSync(join(left, 'deep', 'left.txt'), 'left')
    const db = openWriter(join(server.root, 'referenced', '.benchtop', 'project.db'))
    db.run(`INSERT INTO artifact_root VALUES ('run', ?, ?)`, run, left)
    db.close()
    const uri = `${server.backend.url}/p/${project}`
    // The real client downloads them through our proxy, and from the export.
    const ours = await tell(uri)
    expect(ours.runs[run]?.['files']).toEqual({ 'deep/left.txt': createHash('md5').update('left').digest('hex') })
    const target = join(folder, 'with references')
    await write(project, target)
    expect(await tell(database(target))).toEqual(await expected(client, project, ours))
  })

  it('tells the same as our own server of the sample project, whose runs were launched and not logged', async () => {
    const { id: project } = await client.projects.sample({ folder: join(server.root, 'sample') })
    const spec = { command: [python, 'train.py', '--epochs', '3'] }
    const { run } = await client.launch.start({ project, spec })
    // A run has finished a little before all is known of it: what it wrote is looked for after its end.
    const db = openReader(join(server.root, 'sample', '.benchtop', 'project.db'))
    await eventuallyTrue(() => db.value('SELECT state FROM launch WHERE run = ?', run) === 'ended')
    db.close()
    expect((await client.runs.get({ project, run })).status).toBe('finished')
    const target = join(folder, 'sample')
    await write(project, target)
    const detail = await client.runs.get({ project, run })
    const { runs } = await tell(database(target))
    expect(Object.keys(runs)).toEqual([run])
    expect(runs[run]?.params).toEqual(Object.fromEntries(detail.params.map(({ key, value }) => [key, value])))
    // What was read from the output and measured around the run goes along, every point of it.
    const points: Record<string, unknown> = {}
    for (const { key } of detail.metrics) {
      const { step, value } = await client.metrics.series({ project, run, key })
      points[key] = Array.from(step, (at, index) => [at, value[index]])
    }
    expect(Object.keys(points)).toContain('val_loss')
    const told = runs[run]?.['points'] as Readonly<Record<string, readonly (readonly [number, number, string])[]>>
    expect(
      Object.fromEntries(
        Object.entries(told).map(([key, list]) => [key, list.map(([step, , value]) => [step, Number(value)])]),
      ),
    ).toEqual(points)
  })

  it('of a few runs holds these alone', async () => {
    const project = await makeProject('few')
    const [first = '', , third = ''] = await logged(project, 3)
    const target = join(folder, 'few')
    await write(project, target, { runs: [third, first], artifacts: false })
    const all = await tell(`${server.backend.url}/p/${project}`)
    const { runs } = await tell(database(target))
    const wanted = (await expected(client, project, all)).runs
    expect(runs).toEqual({ [first]: wanted[first], [third]: wanted[third] })
  })

  /** Runs with a hundred points each. */
  const logged = async (project: string, count: number): Promise<readonly string[]> => {
    const post = async (
      path: string,
      body: unknown,
    ): Promise<{ readonly run: { readonly info: { readonly run_id: string } } }> => {
      const response = await fetch(`${server.backend.url}/p/${project}/api/2.0/mlflow/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      expect(response.status).toBe(200)
      return (await response.json()) as Awaited<ReturnType<typeof post>>
    }
    const ids: string[] = []
    for (let run = 0; run < count; run++) {
      const made = await post('runs/create', {
        experiment_id: '0',
        start_time: 1_700_000_000_000 + run,
        tags: [{ key: 'mlflow.source.name', value: 'test' }],
      })
      const { run_id } = made.run.info
      const metrics = Array.from({ length: 100 }, (_, step) => ({
        key: 'm',
        value: Math.sqrt(step + run),
        step,
        timestamp: 1 + step,
      }))
      await post('runs/log-batch', { run_id, metrics, params: [{ key: 'lr', value: String(run) }] })
      await post('runs/update', { run_id, status: 'FINISHED', end_time: 1_700_000_001_000 })
      ids.push(run_id)
    }
    return ids
  }

  /** A client that has ended takes its open runs with it, somewhat later. */
  const untilStill = async (project: string): Promise<void> => {
    await eventuallyTrue(
      async () =>
        (await client.runs.table({ project, filter: 'status = "running"', columns: [], limit: 1 })).rows.length === 0,
    )
  }
})

const database = (target: string): string => `sqlite:///${join(target, 'mlflow.db')}`

/** Each project has a default experiment of its own, with its own times. */
function withoutDefault({ experiments, ...told }: Told): unknown {
  const { 0: _, ...others } = experiments as Readonly<Record<string, unknown>>
  return { ...told, experiments: others }
}

function pointsIn({ runs }: Told): number {
  return Object.values(runs).reduce(
    (sum, { points }) =>
      sum + Object.values(points as object).reduce((one, list: readonly unknown[]) => one + list.length, 0),
    0,
  )
}

/** What the export of a project tells where our server tells `ours`: without the trash, with what was captured. */
async function expected(client: Client<BenchtopContract>, project: string, ours: Told): Promise<Told> {
  const runs: Record<string, ToldRun> = {}
  for (const [run, told] of Object.entries(ours.runs)) {
    if (told['stage'] === 'deleted') continue
    const { params, script: source } = await client.runs.get({ project, run })
    const captured = params.filter(({ origin, key }) => origin === 'captured' && !Object.hasOwn(told.params, key))
    runs[run] = {
      ...told,
      params: { ...Object.fromEntries(captured.map(({ key, value }) => [key, value])), ...told.params },
      tags: {
        ...(source === null || Object.hasOwn(told.tags, 'mlflow.source.name')
          ? {}
          : { 'mlflow.source.name': source, 'mlflow.source.type': 'LOCAL' }),
        ...told.tags,
      },
    }
  }
  return { ...ours, runs }
}
