import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { allReaders } from '#electron/features/imports/all-readers.ts'
import { openImportBench } from '#electron/features/imports/bench.fixture.ts'
import { describeWith } from '#test/setup/describe-with.ts'
import { startRealServer } from '../mlflow/support/real-server.ts'
import { pythonOutput } from '../support/run-python.ts'

const script = fileURLToPath(new URL('scripts/change_store.py', import.meta.url))

type Place = { readonly uri: string; readonly location: string; readonly close: () => Promise<void> }

describeWith(['mlflow'], 'a store that was changed after it was taken in', ({ mlflow }) => {
  const nothing = (): Promise<void> => Promise.resolve()
  const kinds: readonly (readonly [string, (folder: string) => Promise<Place>])[] = [
    ['mlruns', async (folder) => ({ uri: join(folder, 'mlruns'), location: join(folder, 'mlruns'), close: nothing })],
    [
      'mlflow.db',
      async (folder) => ({
        uri: `sqlite:///${join(folder, 'mlflow.db')}`,
        location: join(folder, 'mlflow.db'),
        close: nothing,
      }),
    ],
    [
      'mlflow server',
      async () => {
        const { url, close } = await startRealServer(mlflow)
        return { uri: url, location: url, close }
      },
    ],
  ]

  it.each(kinds)('has its experiments and runs named, deleted and restored here as there: %s', async (_, open) => {
    const folder = mkdtempSync(join(realpathSync(tmpdir()), 'benchtop-changed-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const { uri, location, close } = await open(folder)
    onTestFinished(close)
    const bench = openImportBench(allReaders)
    onTestFinished(bench.dispose)
    const { db } = bench.project
    const rows = (sql: string) => db.all(sql).map((row) => Object.values(row as object))
    const notes: (readonly string[])[] = []
    for (const stage of ['make', 'change', 'restore']) {
      const environment = { MLFLOW_ALLOW_FILE_STORE: 'true' }
      const output = await pythonOutput(mlflow, [script, uri, stage], { cwd: folder, environment })
      const [report] = await bench.take(location)
      expect(report).toMatchObject({ outcome: 'done', problem: null })
      // Runs that logged no file have no folder beside a database: that they have none is another matter.
      const changes = (report?.notes ?? []).filter(({ kind }) => kind === 'changed')
      notes.push(changes.map(({ what, why }) => `${what.replace(/run .*/, 'run')}: ${why}`))
      expect({
        experiments: rows(
          `SELECT id, name, lifecycle, (SELECT value FROM experiment_tag WHERE experiment = id AND key = 'team') FROM experiment
            WHERE EXISTS (SELECT 1 FROM experiment_tag WHERE experiment = id AND key = 'which') ORDER BY id`,
        ),
        runs: rows('SELECT id, lifecycle FROM run ORDER BY id'),
      }).toEqual(JSON.parse(output.trim().split('\n').at(-1) ?? ''))
    }
    expect(notes.map((some) => some.toSorted())).toEqual([
      [],
      [
        'experiment gone at first: it was deleted there: it lies in the trash here with its runs',
        'experiment kept later: it was renamed there: it was called kept at first here',
        'run: it was deleted there: it lies in the trash here',
      ],
      [
        'experiment gone at first: it was restored there: it is back here with its runs',
        'run: it was deleted there: it lies in the trash here',
        'run: it was restored there: it is back here',
      ],
    ])
    expect((await bench.take(location))[0]).toMatchObject({
      knownRuns: 4,
      came: { runs: 0, updatedRuns: 0, updatedExperiments: 0 },
    })
  })
})
