import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { openTestProject, type TestProject } from '#electron/features/runs/test-project.fixture.ts'
import { fileLog } from '#electron/platform/log.ts'
import { type Asked, EXPERIMENTS, info, patience, type Reply, serve } from '#test/fixtures/mlflow-answers.ts'
import { tempFolder } from '#test/fixtures/temp-folder.ts'
import { type ImportBench, openImportBench } from '../bench.fixture.ts'
import { looksLikeServer, openServer } from '../mlflow-server/index.ts'
import type { Readers } from '../readers.ts'
import { eventually } from '#test/setup/eventually.ts'

const PACE = { quiet: 20, longest: 100, look: 50, poll: [20, 60] as const, share: 1 }
const TOKEN = 'tk-Zm9sbG93-9f3c51'
const readers: Readers = [
  {
    kind: 'mlflow-server',
    holds: 'address',
    looksLike: looksLikeServer,
    open: (location, notice, { token }) => openServer(location, { token, notice, patience }),
  },
]

const benches: ImportBench[] = []
afterEach(async () => {
  for (const bench of benches.splice(0).toReversed()) await bench.dispose()
})
function benchOn(options: Parameters<typeof openImportBench>[1]): ImportBench {
  const bench = openImportBench(readers, { pace: PACE, ...options })
  benches.push(bench)
  return bench
}
const source = async ({ calls, context }: ImportBench) => (await calls.list({ project: 'test' }, context))[0]
const runs = ({ project }: ImportBench) => project.db.all('SELECT id FROM run ORDER BY id')

/** A server whose answers the test holds: runs, who is let in, whether it works. */
async function tracking() {
  const state = { runs: ['r1'], authorization: undefined as string | undefined, broken: false, refused: 0 }
  const guarded =
    (reply: () => Reply) =>
    (asked: Asked): Reply => {
      if (state.broken) return { status: 400, json: { message: 'out of order' } }
      if (state.authorization === undefined || asked.headers.authorization === state.authorization) return reply()
      state.refused++
      return { status: 401, json: {} }
    }
  const { url, log } = await serve({
    'experiments/search': guarded(EXPERIMENTS['experiments/search']),
    'runs/search': guarded(() => ({
      json: {
        runs: state.runs.map((id) => ({ info: info(id, { artifact_uri: `mlflow-artifacts:/7/${id}/artifacts` }) })),
      },
    })),
  })
  return { state, url, log }
}

/** Everything below a folder, as bytes in one text. */
function bytesIn(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path, 'latin1'))
    .join('\n')
}

it('keeps its token over a restart, where nobody else reads it, until it is followed no more', async () => {
  const { state, url } = await tracking()
  state.authorization = `Bearer ${TOKEN}`
  const dataFolder = tempFolder()
  const log = join(tempFolder(), 'backend.log')
  const project: TestProject = { ...openTestProject(), log: fileLog(log) }
  const first = benchOn({ project, dataFolder })
  await first.take(url, { watched: true, token: TOKEN })
  expect(await source(first)).toMatchObject({ watched: true, tokenKept: true, report: { outcome: 'done' } })
  await first.feature.close()

  const second = benchOn({ project, dataFolder })
  second.feature.start()
  state.runs.push('r2')
  await eventually(() => expect(runs(second)).toEqual([{ id: 'r1' }, { id: 'r2' }]))
  // It stops to be let in: what fails then is told of, and holds no token either.
  state.authorization = 'Bearer another'
  await eventually(async () =>
    expect(await source(second)).toMatchObject({
      report: { outcome: 'failed', problem: expect.stringContaining('does not take the token') as string },
      retry: { failures: expect.any(Number) as number },
    }),
  )
  const history = await second.calls.history({ project: 'test', limit: 20 }, second.context)
  const kept = join(dataFolder, 'import-tokens.json')
  expect(statSync(kept).mode & 0o777).toBe(0o600)
  expect(readFileSync(kept, 'utf8')).toContain(TOKEN)
  expect(JSON.stringify([history, await source(second), project.changes])).not.toContain(TOKEN)
  // The failures are in the log, so that it is known to have been written.
  expect(readFileSync(log, 'utf8')).toContain('an import failed')
  const files = bytesIn(project.folder) + readFileSync(log, 'latin1')
  for (const secret of [TOKEN, Buffer.from(TOKEN).toString('base64').slice(0, -4), Buffer.from(TOKEN).toString('hex')])
    expect(files.includes(secret)).toBe(false)

  // Another that is let in takes its place.
  const { job } = await second.calls.again({ project: 'test', source: 1, token: 'another' }, second.context)
  for await (const _ of second.calls.follow({ project: 'test', job }, second.context));
  await eventually(async () => expect(await source(second)).toMatchObject({ retry: null, report: { outcome: 'done' } }))
  expect(readFileSync(kept, 'utf8')).toContain('another')
  expect(readFileSync(kept, 'utf8')).not.toContain(TOKEN)
  await second.calls.setWatched({ project: 'test', source: 1, watched: false }, second.context)
  expect(existsSync(kept)).toBe(false)
  await second.calls.setWatched({ project: 'test', source: 1, watched: true, token: 'another' }, second.context)
  expect(await source(second)).toMatchObject({ tokenKept: true })
  await second.calls.forget({ project: 'test', source: 1 }, second.context)
  expect(existsSync(kept)).toBe(false)
  await second.feature.close()
  await project.dispose()
})

it('keeps no token of a server that is not followed, nor one that is refused', async () => {
  const { state, url } = await tracking()
  state.authorization = `Bearer ${TOKEN}`
  const bench = benchOn({})
  await bench.take(url, { token: TOKEN })
  expect(await source(bench)).toMatchObject({ tokenKept: false })
  const [refused] = await bench.take(url, { watched: true, token: 'wrong' })
  expect(refused).toMatchObject({ outcome: 'failed' })
  expect(await source(bench)).toMatchObject({ watched: true, tokenKept: false })
})

it('does not ask for each run that it ever had, while it is followed', async () => {
  const { state, url, log } = await tracking()
  const bench = benchOn({})
  await bench.take(url, { watched: true })
  const lists = (): number => log.filter((line) => line === 'GET /api/2.0/mlflow-artifacts/artifacts').length
  const searches = (): number => log.filter((line) => line === 'POST runs/search').length
  const [before, then] = [lists(), searches()]
  await eventually(() => expect(searches()).toBeGreaterThan(then + 3))
  expect(lists()).toBe(before)
  state.runs.push('r2')
  await eventually(() => expect(runs(bench)).toHaveLength(2))
  await eventually(() => expect(lists()).toBe(before + 1))
  // By somebody's wish each run's files are looked for.
  await bench.calls.setWatched({ project: 'test', source: 1, watched: false }, bench.context)
  const { job } = await bench.calls.again({ project: 'test', source: 1 }, bench.context)
  for await (const _ of bench.calls.follow({ project: 'test', job }, bench.context));
  expect(lists()).toBe(before + 3)
})

it('sends its token to no other address, though a project says so', async () => {
  const { state, url } = await tracking()
  const other = await tracking()
  state.authorization = `Bearer ${TOKEN}`
  other.state.authorization = `Bearer ${TOKEN}`
  const bench = benchOn({})
  await bench.take(url, { watched: true, token: TOKEN })
  bench.project.db.run('UPDATE import_source SET location = ?', other.url)
  await eventually(async () => expect(await source(bench)).toMatchObject({ report: { outcome: 'failed' } }))
  expect(other.state.refused).toBeGreaterThan(0)
  expect(await source(bench)).toMatchObject({ location: other.url, tokenKept: false, runs: 1 })
})

it('tries again with pauses that grow, and says so until it goes well', async () => {
  const { state, url } = await tracking()
  const bench = benchOn({})
  await bench.take(url, { watched: true })
  await eventually(async () => expect((await source(bench))?.job).toBeNull())
  state.broken = true
  await eventually(async () => expect((await source(bench))?.retry?.failures).toBeGreaterThanOrEqual(3))
  expect(await source(bench)).toMatchObject({ report: { outcome: 'failed' }, runs: 1 })
  state.broken = false
  // Nothing new is there, and still the failure is over.
  await eventually(async () =>
    expect(await source(bench)).toMatchObject({ retry: null, report: { outcome: 'done', came: { runs: 0 } } }),
  )
  const { records } = await bench.calls.history({ project: 'test', limit: 20 }, bench.context)
  expect(records.map(({ rounds, report }) => [rounds !== null, report.outcome])).toEqual([
    [true, 'failed'],
    [false, 'done'],
  ])
  expect(records[0]?.rounds).toBeGreaterThanOrEqual(3)
})

it('is tried at once on request, which ends the waiting', async () => {
  const { state, url } = await tracking()
  const bench = benchOn({ pace: { ...PACE, poll: [3_600_000, 7_200_000] } })
  state.broken = true
  await bench.take(url, { watched: true })
  await eventually(async () => expect((await source(bench))?.retry).toMatchObject({ failures: 1 }))
  const now = bench.project.clock.now()
  const at = (await source(bench))?.retry?.at ?? 0
  expect(at).toBeGreaterThan(now)
  expect(at).toBeLessThanOrEqual(now + 3_600_000)
  state.broken = false
  const { job } = await bench.calls.again({ project: 'test', source: 1 }, bench.context)
  for await (const _ of bench.calls.follow({ project: 'test', job }, bench.context));
  expect(await source(bench)).toMatchObject({ runs: 1 })
  await eventually(async () => expect(await source(bench)).toMatchObject({ retry: null, report: { outcome: 'done' } }))
})
