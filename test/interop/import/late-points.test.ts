import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { allReaders } from '#electron/features/imports/all-readers.ts'
import { type ImportBench, openImportBench } from '#electron/features/imports/bench.fixture.ts'
import { describeWith } from '#test/setup/describe-with.ts'
import { type RealServer, startRealServer } from '../mlflow/support/real-server.ts'
import { pythonOutput } from '../support/run-python.ts'

const script = fileURLToPath(new URL('scripts/late_points.py', import.meta.url))
type Points = readonly (readonly [step: number, time: number, value: number])[]

describeWith(['mlflow'], 'points that come late', ({ mlflow }) => {
  let server: RealServer
  let folder = ''
  beforeAll(async () => {
    folder = mkdtempSync(join(realpathSync(tmpdir()), 'benchtop-late-'))
    server = await startRealServer(mlflow)
  }, 180_000)
  afterAll(async () => {
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('are all here with the import after the run has ended, however they fell among the imports before', async () => {
    const bench = openImportBench(allReaders)
    try {
      let isOver = false
      const logging = pythonOutput(mlflow, [script, server.url, '1'], { cwd: folder }).finally(() => (isOver = true))
      const say = (word: string): void => writeFileSync(join(folder, word), '')
      let updates = 0
      for (;;) {
        const last = isOver
        const [report] = await bench.take(server.url)
        expect(report).toMatchObject({ outcome: 'done', notes: [] })
        // A search would have told of three changes: the first points, the end, and perhaps the run before it had any.
        if ((report?.came.points ?? 0) > 0 && ++updates === 5) say('enough')
        if (bench.project.db.value("SELECT count(*) FROM run WHERE status = 'finished'") === 1) say('ended')
        // One more, which begins after the last point was logged.
        if (last) break
      }
      // The client of MLflow 3 says something of its own between the two.
      const lines = (await logging).trim().split('\n')
      expect(pointsOf(bench, lines[0] ?? '')).toEqual(JSON.parse(lines.at(-1) ?? ''))
    } finally {
      await bench.dispose()
    }
  })

  it('are told by one point a metric where the server pages histories', async () => {
    const bench = openImportBench(allReaders)
    try {
      await bench.take(server.url)
      const spy = vi.spyOn(globalThis, 'fetch')
      const [report] = await bench.take(server.url)
      const asked = spy.mock.calls.map(([address]) => new URL(address as string))
      spy.mockRestore()
      expect(report).toMatchObject({ knownRuns: 1, came: { points: 0 } })
      const seen = asked.flatMap(({ pathname, searchParams }) =>
        pathname.endsWith('get-history') ? [searchParams.get('max_results')] : [],
      )
      expect(seen).toEqual(['1', '1', '1'])
    } finally {
      await bench.dispose()
    }
  })
})

function pointsOf({ project: { db, metrics } }: ImportBench, run: string): Readonly<Record<string, Points>> {
  const number = db.value<number>('SELECT number FROM run WHERE id = ?', run) ?? 0
  return Object.fromEntries(
    metrics.list(number).map(({ id, key }) => {
      const { step, time, value } = metrics.series(id)
      return [key, Array.from(step, (at, index) => [at, time[index] ?? 0, value[index] ?? 0] as const)]
    }),
  )
}
