import { mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { contract, type BenchtopContract } from '#shared/contract/index.ts'
import { clientOf } from '#shared/rpc/client.ts'
import type { Client } from '#shared/rpc/procedure.ts'
import { startTestBackend, type TestBackend } from '#electron/backend/backend.fixture.ts'
import { postCaller } from '#electron/transport/post-caller.ts'
import { describeWith } from '#test/setup/describe-with.ts'
import { pythonOutput } from '../support/run-python.ts'

const script = (name: string): string => fileURLToPath(new URL(`scripts/${name}`, import.meta.url))

describeWith(['sklearn'], 'a model that was logged elsewhere', ({ sklearn }) => {
  let server: TestBackend
  let client: Client<BenchtopContract>

  beforeAll(async () => {
    server = await startTestBackend()
    const { url, token } = server.backend
    client = clientOf(contract, postCaller({ url, token }))
  })
  afterAll(() => server?.close())

  it.each([
    ['a folder', 'reference'],
    ['a database', 'copy'],
  ] as const)('loads by its alias after %s came by %s, though the store was moved', async (kind, artifacts) => {
    const work = join(server.root, `${kind} ${artifacts}`)
    const [before, after, project] = ['logged', 'moved', 'project'].map((name) => join(work, name)) as [
      string,
      string,
      string,
    ]
    mkdirSync(before, { recursive: true })
    mkdirSync(project)
    const environment = { MLFLOW_ALLOW_FILE_STORE: 'true' }
    const uri = kind === 'a folder' ? join(before, 'mlruns') : `sqlite:///${join(before, 'mlflow.db')}`
    const logged = await pythonOutput(sklearn, [script('log_model.py'), uri], { cwd: before, environment })
    const { run, predicted } = JSON.parse(logged.trim().split('\n').at(-1) ?? '') as {
      readonly run: string
      readonly predicted: readonly number[]
    }
    renameSync(before, after)
    const { id } = await client.projects.open({ folder: project, create: true })
    const { job } = await client.imports.start({ project: id, location: after, artifacts })
    for await (const event of client.imports.follow({ project: id, job }))
      if (event.type === 'report')
        expect(event.report).toMatchObject({
          outcome: 'done',
          came: { runs: 1, registeredModels: 1, modelVersions: 1 },
        })
    const tracking = { MLFLOW_TRACKING_TOKEN: server.backend.token }
    const loaded = await pythonOutput(sklearn, [script('load_model.py'), `${server.backend.url}/p/${id}`, run], {
      cwd: project,
      environment: tracking,
    })
    expect(JSON.parse(loaded.trim().split('\n').at(-1) ?? '')).toEqual({
      predicted,
      ofVersion: predicted,
      run,
      tags: { reviewed: 'yes' },
      rmse: 0.5,
    })
  })
})
