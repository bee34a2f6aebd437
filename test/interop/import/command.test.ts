import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { everythingIn } from '#electron/features/imports/bench.fixture.ts'
import { openTestProject } from '#electron/features/runs/test-project.fixture.ts'
import { EXPERIMENTS, info, serve } from '#test/fixtures/mlflow-answers.ts'
import { smallDisk, whyNoDisks } from '../faults/support/disks.ts'
import { type BuiltApp, endOf, openBuiltApp } from '../support/built-app.ts'
import { eventually } from '#test/setup/eventually.ts'

let app: BuiltApp
let folder: string

beforeAll(async () => {
  app = await openBuiltApp()
  folder = mkdtempSync(join(realpathSync(tmpdir()), 'import-'))
})
afterAll(async () => {
  await app?.close()
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

const write = (path: string, text: string): void => {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

/** How an import says where to. */
const projectLine = (place: string): string => `Project: ${basename(place)} (${realpathSync(place)})\n`

/** A store of so many runs in a folder whose name shells and URLs stumble over. */
function storeOf(runs: number, points: number): string {
  const store = join(folder, `of ${runs}`, 'größe 100% & #1', 'mlruns')
  write(
    join(store, '1/meta.yaml'),
    `artifact_location: /x/1\nexperiment_id: '1'\nlifecycle_stage: active\nname: sweep\n`,
  )
  for (let index = 0; index < runs; index++) {
    const id = index.toString(16).padStart(32, '0')
    const run = join(store, '1', id)
    const meta = `artifact_uri: file:///x/1/${id}/artifacts\nend_time: 1700000009000\nexperiment_id: '1'\nlifecycle_stage: active\nrun_id: ${id}\nrun_name: run ${index}\nstart_time: ${1_700_000_000_000 + index}\nstatus: 3\nuser_id: ada\n`
    write(join(run, 'meta.yaml'), meta)
    for (const key of ['lr', 'seed']) write(join(run, 'params', key), String(index))
    write(join(run, 'tags', 'mlflow.user'), 'ada')
    const lines = Array.from({ length: points }, (_, step) => `${1_700_000_000_000 + step} ${step / 7} ${step}\n`)
    for (const key of ['loss', 'val/loss']) write(join(run, 'metrics', key), lines.join(''))
    write(join(run, 'artifacts/model/weights.bin'), 'w'.repeat(1 << 14))
  }
  return store
}

/** What a project holds, read once nobody else has it open. */
async function held(project: string) {
  await app.benchtop(['backend', 'stop', '--force'])
  const opened = openTestProject('read', project)
  const files = readdirSync(opened.artifactsFolder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.bin'),
  )
  const all = everythingIn(opened)
  await opened.metrics.close()
  opened.commits.close()
  opened.db.close()
  return { ...all, files: files.toSorted() }
}

it('says what would come, takes it, and takes only what is new', async () => {
  const store = storeOf(5, 3)
  const before = JSON.stringify(readdirSync(store, { recursive: true }))
  const folderOf = dirname(dirname(store))
  const dry = await app.benchtop(['import', folderOf, '--dry-run'])
  expect(dry).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('1 experiment, 5 runs: 5 new\n  5 files to copy, 81.9 kB') as string,
  })
  expect(dry.stdout).toContain(`\n${projectLine(app.project).trim()}, a new one\n`)
  // Looking makes no project.
  expect(existsSync(join(app.project, '.benchtop'))).toBe(false)
  const first = await app.benchtop(['import', folderOf])
  expect(first).toMatchObject({ code: 0 })
  expect(first.stdout).toBe(
    `${store}\n  1 experiment, 5 runs, 30 points, 10 parameters, 10 tags, 5 files (81.9 kB)\n\n${projectLine(app.project)}`,
  )
  appendFileSync(join(store, '1', '4'.padStart(32, '0'), 'metrics', 'loss'), '1700000001000 0.5 9\n')
  const second = await app.benchtop(['import', folderOf, '--json'])
  expect(JSON.parse(second.stdout)).toMatchObject([
    {
      location: store,
      project: { name: basename(app.project), folder: realpathSync(app.project) },
      report: { outcome: 'done', knownRuns: 4, came: { runs: 0, updatedRuns: 1, points: 1, copiedFiles: 0 } },
    },
  ])
  rmSync(join(store, '1', '4'.padStart(32, '0'), 'metrics', 'loss'))
  write(join(store, '1', '4'.padStart(32, '0'), 'metrics', 'loss'), '')
  expect(JSON.stringify(readdirSync(store, { recursive: true }))).toBe(before)
  const list = await app.benchtop(['import', '--list'])
  expect(list.stdout).toContain(store)
  expect((await app.benchtop(['runs', '--json'])).stdout).toContain('run 4')
})

it('tells what was taken in, and does with it what the window does', async () => {
  const store = storeOf(2, 1)
  const project = join(folder, 'living')
  mkdirSync(project)
  const command = (...words: readonly string[]) => app.benchtop(['import', ...words, '-p', project])
  const listed = async (): Promise<unknown> => JSON.parse((await command('--list', '--json')).stdout) as unknown
  await command(store)
  expect(await command('--again', '1')).toMatchObject({
    code: 0,
    stdout: `${store}\n  nothing new\n  2 runs here already, as there\n\n${projectLine(project)}`,
  })
  expect((await command('--history')).stdout.split('\n').filter((line) => line.startsWith('  '))).toEqual([
    '  nothing new',
    '  1 experiment, 2 runs, 4 points, 4 parameters, 4 tags, 2 files (32.8 kB)',
  ])
  const following = await command('--follow', store)
  expect(following).toMatchObject({ code: 0, stdout: expect.stringContaining(`${store} is followed`) as string })
  expect(await listed()).toMatchObject([{ source: 1, watched: true, runs: 2, imports: 2, retry: null }])
  appendFileSync(join(store, '1', '0'.padStart(32, '0'), 'metrics', 'loss'), '1700000001000 0.5 9\n')
  await eventually(async () => expect(await listed()).toMatchObject([{ imports: 3, report: { came: { points: 1 } } }]))
  expect(await command('--unfollow', '1')).toMatchObject({ code: 0, stdout: `${store} is not followed any more.\n` })
  expect((await command('--take-back', '1')).stdout).toMatch(/^2 runs moved to the trash/)
  expect((await command('--take-back', '1', '--json')).stdout).toContain('"runs": 0')
  expect(await command('--forget', '2')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('tells the numbers: 1.') as string,
  })
  expect(await command('--forget', '1')).toMatchObject({
    code: 0,
    stdout: `${store} is forgotten. No run of it is here. What was deleted here for good comes again with an import from there.\n`,
  })
  expect((await command('--list')).stdout).toBe('Nothing was taken in here yet.\n')
  expect((await command('--history', '--json')).stdout).toContain(store)
})

/** Paths below a folder whose content holds a text. */
function holding(root: string, text: string): readonly string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => {
    const path = join(root, name)
    return statSync(path).isFile() && readFileSync(path, 'latin1').includes(text)
  })
}

it('follows a server over kill -9 with its token, which lies in one file of the user alone', async () => {
  const token = 'tk-c2VjcmV0-7731'
  const runs = ['r1']
  const { url } = await serve({
    '*': ({ path, headers, query }) => {
      if (headers.authorization !== `Bearer ${token}`) return { status: 401, json: {} }
      const run = (id: string) => ({ info: info(id) })
      if (path === 'experiments/search') return EXPERIMENTS['experiments/search']()
      if (path === 'runs/search') return { json: { runs: runs.map(run) } }
      if (path === 'runs/get') return { json: { run: run(query.get('run_id') ?? '') } }
      return { status: 404, json: { error_code: 'RESOURCE_DOES_NOT_EXIST' } }
    },
  })
  const project = join(folder, 'guarded')
  mkdirSync(project)
  const command = (...words: readonly string[]) =>
    app.benchtop(['import', ...words, '-p', project], { environment: { LAB_TOKEN: token } })
  expect(await command(url)).toMatchObject({ code: 1, stderr: expect.stringContaining('wants a token') as string })
  expect(await command(url, '--watch', '--token-env', 'LAB_TOKEN')).toMatchObject({ code: 0 })
  process.kill(app.backend().pid, 'SIGKILL')
  runs.push('r2')
  const { id } = await eventually(() => app.client().projects.open({ folder: project }))
  await eventually(async () => {
    const { total } = await app.client().runs.table({ project: id, columns: [] })
    if (total < 2) throw new Error(`${total} runs so far`)
  })
  const [source] = await app.client().imports.list({ project: id })
  expect(source).toMatchObject({ watched: true, tokenKept: true, report: { outcome: 'done' } })
  expect([holding(project, token), holding(app.home, token)]).toEqual([[], ['import-tokens.json']])
  expect(statSync(join(app.home, 'import-tokens.json')).mode & 0o777).toBe(0o600)
  expect((await command('--forget', url)).code).toBe(0)
  expect(holding(app.home, token)).toEqual([])
})

it('leaves files where they are, from a folder that can only be read', async () => {
  const store = storeOf(3, 1)
  const project = join(folder, 'referring')
  mkdirSync(project)
  for (const entry of ['', ...readdirSync(store, { recursive: true, encoding: 'utf8' })])
    chmodSync(join(store, entry), 0o555)
  try {
    const { code, stdout } = await app.benchtop(['import', store, '--reference', '-p', project])
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('3 folders shown from there') as string,
    })
    const { id } = await app.client().projects.open({ folder: project })
    const { entries } = await app
      .client()
      .artifacts.list({ project: id, run: '1'.padStart(32, '0'), place: 'artifact', path: 'model' })
    expect(entries.map(({ name }) => name)).toEqual(['weights.bin'])
    expect((await held(project)).files).toEqual([])
  } finally {
    for (const entry of ['', ...readdirSync(store, { recursive: true, encoding: 'utf8' })])
      chmodSync(join(store, entry), 0o755)
  }
})

it('ends with words and codes that programs understand', async () => {
  expect(await app.benchtop(['import', join(folder, 'nowhere')])).toMatchObject({ code: 1, stdout: '' })
  expect(await app.benchtop(['import'])).toMatchObject({ code: 2, stderr: 'Use it as: benchtop import PATH|URL\n' })
  expect(await app.benchtop(['import', 'x', '--token-env', 'NO_SUCH_VARIABLE'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('The variable NO_SUCH_VARIABLE is not set.') as string,
  })
})

it('is whole after kill -9 in the middle, and the next import goes on', async () => {
  const store = storeOf(400, 400)
  const project = join(folder, 'killed')
  mkdirSync(project)
  await app.benchtop(['open', project, '--print'])
  // Far enough from the end, and looked at often: a quick machine takes in a hundred runs in a few hundredths of a second.
  for (const [kills, share] of [0.05, 0.25, 0.45].entries()) {
    const running = app.start(['import', store, '-p', project])
    const ended = endOf(running)
    const { id } = await eventually(() => app.client().projects.open({ folder: project }))
    const reached = async (): Promise<void> => {
      const { total } = await app.client().runs.table({ project: id, columns: [] })
      if (total < share * 400) throw new Error(`${total} runs so far`)
    }
    await eventually(reached, { interval: 2 })
    process.kill(app.backend().pid, 'SIGKILL')
    expect({ kills, code: (await ended).code }).toEqual({ kills, code: 1 })
    await eventually(() => app.client().system.info({}))
    const { total } = await app.client().runs.table({ project: id, columns: ['metric:loss:last'] })
    expect(total).toBeGreaterThan(0)
  }
  const last = await app.benchtop(['import', store, '-p', project, '--json'])
  expect(JSON.parse(last.stdout)).toMatchObject([{ report: { outcome: 'done' } }])
  const once = join(folder, 'once')
  mkdirSync(once)
  expect(await app.benchtop(['import', store, '-p', once])).toMatchObject({ code: 0 })
  const [cut, whole] = [await held(project), await held(once)]
  expect(cut.runs.length).toBe(400)
  expect(cut).toEqual(whole)
  expect(readFileSync(join(project, '.benchtop/artifacts', cut.files[0] ?? ''), 'utf8')).toHaveLength(1 << 14)
})

const noDisks = whyNoDisks()

it.skipIf(noDisks !== undefined)(
  `stops in words on a disk that fills, and goes on once there is room${noDisks === undefined ? '' : ` (${noDisks})`}`,
  async () => {
    const store = storeOf(60, 10_000)
    const project = join(folder, 'small')
    const disk = smallDisk(project, 8)
    try {
      const { code, stdout } = await app.benchtop(['import', store, '-p', project])
      expect({ code, stdout }).toMatchObject({
        code: 1,
        stdout: expect.stringMatching(/failed: .*disk .*full/) as string,
      })
      const { id } = await app.client().projects.open({ folder: project })
      const { total } = await app.client().runs.table({ project: id, columns: ['metric:loss:last'] })
      expect(total).toBeLessThan(60)
      disk.resize(200)
      const again = await app.benchtop(['import', store, '-p', project, '--json'])
      expect(JSON.parse(again.stdout)).toMatchObject([{ report: { outcome: 'done', problem: null } }])
      const whole = await app.client().runs.table({ project: id, columns: ['metric:loss:last'] })
      expect(whole.total).toBe(60)
    } finally {
      await app.benchtop(['backend', 'stop', '--force'])
      disk.remove()
    }
  },
)
