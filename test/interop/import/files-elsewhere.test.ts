import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { allReaders } from '#electron/features/imports/all-readers.ts'
import { type ImportBench, openImportBench } from '#electron/features/imports/bench.fixture.ts'
import { describeWith } from '#test/setup/describe-with.ts'
import { startRealServer } from '../mlflow/support/real-server.ts'
import { pythonOutput } from '../support/run-python.ts'

const script = fileURLToPath(new URL('scripts/log_file.py', import.meta.url))

async function plannedIn({ calls, context }: ImportBench, location: string, filesFolder?: string) {
  const asked = { project: 'test', location, ...(filesFolder === undefined ? {} : { filesFolder }) }
  for await (const event of calls.inspect(asked, context)) if (event.type === 'plan') return event.plan.sources[0]
  return undefined
}

async function takeIn({ calls, context }: ImportBench, location: string, filesFolder?: string) {
  const more = filesFolder === undefined ? {} : { filesFolder }
  const { job } = await calls.start({ project: 'test', location, artifacts: 'copy', watched: false, ...more }, context)
  for await (const event of calls.follow({ project: 'test', job }, context))
    if (event.type === 'report') return event.report
  return undefined
}

describeWith(['mlflow'], 'a server’s database whose files lie elsewhere', ({ mlflow }) => {
  it('says where they were looked for, and finds them in the folder that is named, from then on', async () => {
    const folder = mkdtempSync(join(realpathSync(tmpdir()), 'benchtop-elsewhere-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const server = await startRealServer(mlflow)
    const database = join(folder, 'store', 'mlflow.db')
    const files = join(folder, 'disk')
    try {
      await pythonOutput(mlflow, [script, server.url], { cwd: folder })
      // As on a machine where the server's disk is mounted in another place.
      renameSync(join(server.folder, 'artifacts'), files)
      mkdirSync(join(folder, 'store'))
      for (const end of ['', '-wal'])
        if (existsSync(join(server.folder, `mlflow.db${end}`)))
          copyFileSync(join(server.folder, `mlflow.db${end}`), database + end)
    } finally {
      await server.close()
    }
    const bench = openImportBench(allReaders)
    onTestFinished(bench.dispose)
    const why = expect.stringContaining(
      `below ${join(folder, 'store')}, ${folder}; if they lie elsewhere, name that folder: --artifacts DIR`,
    ) as string
    const looked = { kind: 'noticed', what: 'files that were not found', why }
    expect(await plannedIn(bench, database)).toMatchObject({ artifacts: { missing: 1 }, notes: [looked] })
    const first = await takeIn(bench, database)
    expect(first).toMatchObject({ outcome: 'done', came: { runs: 1, copiedFiles: 0 } })
    expect(first?.notes).toContainEqual(looked)

    expect(await plannedIn(bench, database, files)).toMatchObject({ artifacts: { missing: 0, files: 1 }, notes: [] })
    expect(await takeIn(bench, database, files)).toMatchObject({ came: { runs: 0, copiedFiles: 1 }, notes: [] })
    const [run] = bench.project.db.all<{ readonly id: string }>('SELECT id FROM run')
    const own = join(bench.project.artifactsFolder, run?.id ?? '', 'artifacts', 'notes', 'hello.txt')
    expect(readFileSync(own, 'utf8')).toBe('hello')
    // It is remembered with the source.
    expect(await takeIn(bench, database)).toMatchObject({ came: { copiedFiles: 0 }, notes: [] })
    await expect(async () => takeIn(bench, database, join(folder, 'nowhere'))).rejects.toMatchObject({
      code: 'not_found',
      field: 'filesFolder',
    })
  })
})
