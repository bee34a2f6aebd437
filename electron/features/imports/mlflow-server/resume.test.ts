import { afterEach, expect, it } from 'vitest'
import { EXPERIMENTS, info, patience, type Reply, serve } from '#test/fixtures/mlflow-answers.ts'
import { everythingIn, type ImportBench, openImportBench } from '../bench.fixture.ts'
import type { Reader } from '../readers.ts'
import { looksLikeServer, openServer } from './index.ts'

const benches: ImportBench[] = []
afterEach(async () => {
  for (const bench of benches.splice(0)) await bench.dispose()
})

const ids = Array.from({ length: 40 }, (_, at) => `r${at}`)

it('goes on where a connection broke off, without asking for points that have come', async () => {
  let healthy = false
  const asked: string[] = []
  const histories: string[] = []
  const { url } = await serve({
    ...EXPERIMENTS,
    'runs/search': () => ({ json: { runs: ids.map((id, at) => ({ info: info(id, { start_time: at + 1 }) })) } }),
    'runs/get': ({ query }): Reply => {
      const id = query.get('run_id') ?? ''
      if (!healthy && asked.length >= 25) return { cut: true }
      asked.push(id)
      const data = { params: [{ key: 'lr', value: id }], metrics: [{ key: 'loss', value: 1 }] }
      return { json: { run: { info: info(id, { start_time: ids.indexOf(id) + 1 }), data } } }
    },
    'metrics/get-history': ({ query }) => {
      // One point is asked for to tell whether there are more of them.
      if (query.get('max_results') !== '1') histories.push(query.get('run_id') ?? '')
      return { json: { metrics: [{ key: 'loss', value: 1, timestamp: 1, step: 1 }] } }
    },
  })
  const reader: Reader = {
    kind: 'mlflow-server',
    holds: 'address',
    looksLike: looksLikeServer,
    open: (location, notice, { token }) => openServer(location, { token, notice, patience }),
  }
  const bench = openImportBench([reader])
  benches.push(bench)
  const [broken] = await bench.take(url)
  expect(broken).toMatchObject({ outcome: 'failed', problem: expect.stringContaining('was lost') })
  const came = everythingIn(bench.project).runs.map(({ id }) => id)
  expect(came).toHaveLength(25)
  healthy = true
  histories.length = 0
  const [whole] = await bench.take(url)
  expect(whole).toMatchObject({ outcome: 'done', knownRuns: came.length, came: { runs: ids.length - came.length } })
  // Whether files have come to the others is looked for all the same.
  expect(histories.toSorted()).toEqual(ids.filter((id) => !came.includes(id)).toSorted())
  const { runs } = everythingIn(bench.project)
  const params = (id: string): readonly unknown[] => [id, [expect.objectContaining({ key: 'lr', value: id })]]
  expect(runs.map((run) => [run.id, run.params])).toEqual(ids.toSorted().map(params))
})
