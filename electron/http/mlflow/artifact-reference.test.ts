import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type ClientServer, openClientServer } from './client-server.fixture.ts'

let server: ClientServer
let elsewhere: string
let left: string
let run: string

beforeAll(async () => {
  server = await openClientServer()
  elsewhere = mkdtempSync(join(tmpdir(), 'elsewhere-'))
})
afterAll(async () => {
  await server.close()
  rmSync(elsewhere, { recursive: true })
})
beforeEach(async () => {
  run = (await server.services.runs.createRun(server.project, { source: 'import' })).id
  left = join(elsewhere, run, 'artifacts')
  mkdirSync(join(left, 'model'), { recursive: true })
  writeFileSync(join(left, 'model/MLmodel'), 'flavors: {}')
  writeFileSync(join(left, 'notes.txt'), 'left')
  refer(left)
})

function refer(location: string, kind = 'run', owner = run): void {
  server.project.db.run('INSERT OR REPLACE INTO artifact_root VALUES (?, ?, ?)', kind, owner, location)
}

type Answer = { readonly status: number; readonly body: unknown }

async function ask(method: string, path: string, body?: string): Promise<Answer> {
  const response = await fetch(`${server.url}/api/2.0/${path}`, { method, ...(body === undefined ? {} : { body }) })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true
  return { status: response.status, body: isJson ? (JSON.parse(text) as unknown) : text }
}
const proxy = (path: string): string => `mlflow-artifacts/artifacts/0/${run}/artifacts/${path}`
const listed = (path = ''): Promise<Answer> => ask('GET', `mlflow/artifacts/list?run_id=${run}&path=${path}`)

it('a client lists, reads and writes the artifacts of a run whose files were left elsewhere as if they lay here', async () => {
  expect(await listed()).toEqual({
    status: 200,
    body: {
      root_uri: `mlflow-artifacts:/0/${run}/artifacts`,
      files: [
        { path: 'model', is_dir: true },
        { path: 'notes.txt', is_dir: false, file_size: 4 },
      ],
    },
  })
  expect(await ask('GET', proxy('model/MLmodel'))).toEqual({ status: 200, body: 'flavors: {}' })
  expect((await ask('PUT', proxy('model/extra.bin'), 'new')).status).toBe(200)
  expect((await ask('PUT', proxy('notes.txt'), 'mine')).status).toBe(200)
  expect(await ask('GET', proxy('notes.txt'))).toEqual({ status: 200, body: 'mine' })
  expect((await listed('model')).body).toMatchObject({
    files: [{ path: 'model/MLmodel' }, { path: 'model/extra.bin' }],
  })
  expect((await ask('GET', `mlflow-artifacts/artifacts?path=0/${run}/artifacts/model`)).body).toMatchObject({
    files: [{ path: 'MLmodel' }, { path: 'extra.bin' }],
  })
  expect([readFileSync(join(left, 'notes.txt'), 'utf8'), existsSync(join(left, 'model/extra.bin'))]).toEqual([
    'left',
    false,
  ])
})

it('a client deletes what is ours, and is told why the rest stays', async () => {
  await ask('PUT', proxy('model/extra.bin'), 'new')
  expect((await ask('DELETE', proxy('model/extra.bin'))).status).toBe(200)
  for (const path of ['notes.txt', 'model', '']) {
    const { status, body } = await ask('DELETE', proxy(path))
    expect([path, status, (body as { message: string }).message]).toEqual([
      path,
      400,
      expect.stringContaining(`lies in ${left}, which is only referenced: nothing is deleted there.`),
    ])
  }
  expect(readFileSync(join(left, 'notes.txt'), 'utf8')).toBe('left')
})

it('no link leads out of where they were left, and no file stands where a folder is', async () => {
  symlinkSync('/etc', join(left, 'etc'))
  symlinkSync('/etc/passwd', join(left, 'passwd'))
  for (const path of ['etc/passwd', 'passwd', '%2e%2e/%2e%2e/x', '..%2fx'])
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const { status } = await ask(method, proxy(path), method === 'PUT' ? 'taken' : undefined)
      expect([path, method, status]).toEqual([path, method, 400])
    }
  expect((await ask('PUT', proxy('model'), 'x')).status).toBe(400)
  expect((await ask('PUT', proxy('notes.txt/deeper'), 'x')).status).toBe(400)
  expect(server.faults).toEqual([])
})

it('a folder that is gone is a 404 in words, which a client does not ask again', async () => {
  renameSync(left, `${left}-away`)
  const gone = {
    status: 404,
    body: {
      error_code: 'RESOURCE_DOES_NOT_EXIST',
      message: `The files of this run were left in ${left}, and that folder is not there now.`,
    },
  }
  expect(await listed()).toEqual(gone)
  expect(await ask('GET', proxy('notes.txt'))).toEqual(gone)
  expect((await ask('PUT', proxy('notes.txt'), 'mine')).status).toBe(200)
  expect(await ask('GET', proxy('notes.txt'))).toEqual({ status: 200, body: 'mine' })
  expect(await listed()).toEqual(gone)
})

it('files in a store of its own keep their address, and nothing is listed for it here', async () => {
  refer('s3://bucket/7/artifacts')
  expect((await listed()).body).toEqual({ root_uri: 's3://bucket/7/artifacts' })
  const { body } = await ask('GET', `mlflow/runs/get?run_id=${run}`)
  expect(body).toMatchObject({ run: { info: { artifact_uri: 's3://bucket/7/artifacts' } } })
})

it('a logged model’s files are read from where they were left', async () => {
  const given = { experiment: '0', name: 'm', type: null, sourceRun: run, params: [], tags: [] }
  const { id } = await server.services.models.create(server.project, given)
  refer(join(left, 'model'), 'model', id)
  expect((await ask('GET', `mlflow/logged-models/${id}/artifacts/directories`)).body).toEqual({
    root_uri: `mlflow-artifacts:/0/models/${id}/artifacts`,
    files: [{ path: 'MLmodel', is_dir: false, file_size: 11 }],
  })
  const path = `mlflow-artifacts/artifacts/0/models/${id}/artifacts/MLmodel`
  expect(await ask('GET', path)).toEqual({ status: 200, body: 'flavors: {}' })
})
