import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ImportReport } from '#shared/contract/imports.ts'
import { contract, type BenchtopContract } from '#shared/contract/index.ts'
import { clientOf } from '#shared/rpc/client.ts'
import type { Client } from '#shared/rpc/procedure.ts'
import { startTestBackend, type TestBackend } from '#electron/backend/backend.fixture.ts'
import { postCaller } from '#electron/transport/post-caller.ts'

/** Stores from public repositories, beside a checkout where somebody has put them. */
const corpus = fileURLToPath(new URL('../../../../shared/corpus', import.meta.url))
const isThere = statSync(corpus, { throwIfNoEntry: false }) !== undefined

/** As other readers have counted them; see the collection's own page. Runs in the trash are runs. */
const COUNTS = {
  'mlruns/lucaruzzola__mlops': { stores: 2, runs: 6, params: 10, tags: 3, points: 21 },
  'mlruns/Chizuchizu__shipping_2': { stores: 1, runs: 10, params: 10, tags: 50, points: 0, trashed: 3, files: 13 },
  'mlruns/dattar321__behaviour-prediction': {
    stores: 1,
    runs: 11,
    params: 59,
    tags: 64,
    points: 98,
    registered: 7,
    versions: 9,
  },
  'mlruns/segnig__credit-risk-model': {
    stores: 1,
    runs: 3,
    params: 5,
    tags: 15,
    points: 10,
    logged: 2,
    registered: 1,
    versions: 1,
  },
  'mlruns/1234525344__stock-quant': { stores: 1, runs: 10, params: 10, tags: 50, points: 4_200 },
  'mlflow-db/1234525344__stock-quant': { stores: 1, runs: 1, params: 0, tags: 5, points: 0 },
  'mlflow-db/1412010__nda-mlops-zoomcamp-2024': {
    stores: 3,
    runs: 18,
    params: 99,
    tags: 90,
    points: 273,
    registered: 2,
    versions: 2,
  },
  'mlflow-db/17-doha__GANS': { stores: 2, runs: 4, params: 12, tags: 24, points: 40, logged: 4 },
} as const

describe.skipIf(!isThere)(`stores of the wild${isThere ? '' : ' (the collection is not on this machine)'}`, () => {
  let server: TestBackend
  let client: Client<BenchtopContract>

  beforeAll(async () => {
    server = await startTestBackend()
    const { url, token } = server.backend
    client = clientOf(contract, postCaller({ url, token }))
  })
  afterAll(() => server?.close())

  const projectOf = async (name: string): Promise<string> => {
    const { mkdirSync } = await import('node:fs')
    const folder = join(server.root, name)
    mkdirSync(folder, { recursive: true })
    return (await client.projects.open({ folder, create: true })).id
  }
  const take = async (project: string, location: string): Promise<readonly ImportReport[]> => {
    const { job } = await client.imports.start({ project, location })
    const reports: ImportReport[] = []
    for await (const event of client.imports.follow({ project, job }))
      if (event.type === 'report') reports.push(event.report)
    return reports
  }
  const sum = (reports: readonly ImportReport[]) => {
    const total = (count: keyof ImportReport['came']): number => reports.reduce((all, { came }) => all + came[count], 0)
    return {
      outcomes: [...new Set(reports.map(({ outcome }) => outcome))],
      stores: reports.length,
      runs: total('runs'),
      params: total('params'),
      tags: total('tags'),
      points: total('points'),
      logged: total('loggedModels'),
      registered: total('registeredModels'),
      versions: total('modelVersions'),
    }
  }

  it.each(Object.entries(COUNTS))('%s comes whole, and a second time brings nothing', async (name, counts) => {
    const project = await projectOf(name.replaceAll('/', '-').toLowerCase())
    const {
      trashed = 0,
      files,
      ...expected
    } = { logged: 0, registered: 0, versions: 0, ...counts } as {
      readonly trashed?: number
      readonly files?: number
      readonly runs: number
    }
    const first = await take(project, join(corpus, name))
    expect(sum(first)).toEqual({ outcomes: ['done'], ...expected })
    if (files !== undefined) expect(first[0]?.came.copiedFiles).toBe(files)
    const shown = async (lifecycle: 'active' | 'deleted') =>
      (await client.runs.table({ project, lifecycle, columns: [] })).total
    expect([await shown('active'), await shown('deleted')]).toEqual([expected.runs - trashed, trashed])
    const second = await take(project, join(corpus, name))
    const nothing = { runs: 0, params: 0, tags: 0, points: 0, logged: 0, registered: 0, versions: 0 }
    expect(sum(second)).toMatchObject(nothing)
    expect(second.map(({ came }) => [came.experiments, came.updatedRuns, came.copiedFiles])).toEqual(
      second.map(() => [0, 0, 0]),
    )
    expect(second.reduce((all, { knownRuns }) => all + knownRuns, 0)).toBe(expected.runs)
  })

  it('come into one project together, each with its own runs', async () => {
    const project = await projectOf('all-of-them')
    for (const kind of ['mlruns', 'mlflow-db']) await take(project, join(corpus, kind))
    const whole = Object.values(COUNTS).reduce((all, { runs }) => all + runs, 0)
    const { total } = await client.runs.table({ project, lifecycle: 'active', columns: [] })
    expect(total).toBe(whole - 3)
    const sources = await client.imports.list({ project })
    expect(sources.reduce((all, { runs }) => all + runs, 0)).toBe(whole - 3)
    expect(sources.every(({ report }) => report?.outcome === 'done')).toBe(true)
    // Nothing was written where they came from.
    expect(existsSync(join(corpus, 'mlruns/.benchtop'))).toBe(false)
  })
})
