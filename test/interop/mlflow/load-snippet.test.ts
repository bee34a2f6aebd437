import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { contract, type BenchtopContract } from '#shared/contract/index.ts'
import { loadModelSnippet } from '#shared/domain/load-model.ts'
import { clientOf } from '#shared/rpc/client.ts'
import type { Client } from '#shared/rpc/procedure.ts'
import { startTestBackend, type TestBackend } from '#electron/backend/backend.fixture.ts'
import { postCaller } from '#electron/transport/post-caller.ts'
import { describeWith } from '#test/setup/describe-with.ts'
import { pythonOutput } from '../support/run-python.ts'

const REGISTER = fileURLToPath(new URL('scripts/register_names.py', import.meta.url))
const NAMES = ['price', 'a "b" \\ #1 ä', 'is it?']

describeWith(['sklearn'], 'what a model’s page says to load it', ({ sklearn }) => {
  let server: TestBackend
  let client: Client<BenchtopContract>

  beforeAll(async () => {
    server = await startTestBackend()
    const { url, token } = server.backend
    client = clientOf(contract, postCaller({ url, token }))
  })
  afterAll(() => server?.close())

  it('loads it in a Python that knows nothing, by alias, by number, and whatever its name is', async () => {
    const folder = join(server.root, 'project')
    const elsewhere = join(server.root, 'elsewhere')
    for (const made of [folder, elsewhere]) mkdirSync(made)
    const { id: project } = await client.projects.open({ folder, create: true })
    const { trackingUri } = await client.projects.get({ project })
    const told = await pythonOutput(sklearn, [REGISTER, trackingUri, ...NAMES], { cwd: folder })
    const predicted: unknown = JSON.parse(told.trim().split('\n').at(-1) ?? '')
    const texts = await Promise.all(
      NAMES.map(async (name) => {
        const { aliases, location } = await client.models.version({ project, name, version: 1 })
        return loadModelSnippet({ trackingUri, name, version: 1, aliases, location })
      }),
    )
    expect(texts[0]).toContain('models:/price@champion')
    // One after the other in one interpreter, each from its own server's address.
    const program = texts
      .map(
        (text) =>
          `${text}\nimport json, numpy\nprint(json.dumps(model.predict(numpy.arange(8.0).reshape(4, 2)).tolist()))`,
      )
      .join('\nmlflow.set_tracking_uri(None)\n')
    const loaded = await pythonOutput(sklearn, ['-c', program], { cwd: elsewhere })
    expect(
      loaded
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual(NAMES.map(() => predicted))
  })
})
