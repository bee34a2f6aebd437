import type { Peer } from '../support/peer.ts'
import { freshExperiment, freshRun } from './runs.ts'

const PROXY = '/api/2.0/mlflow-artifacts/artifacts'

/** Artifacts behind the proxy: up, down, listed, removed, and every way out of the folder. */
export async function artifacts(peer: Peer): Promise<void> {
  const { ask, label } = peer
  const experiment = await freshExperiment(peer, 'artifacts')
  const run = await freshRun(peer, 'run of artifacts', { experiment_id: experiment })
  const root = `${experiment}/${run}/artifacts`
  const put = (name: string, path: string, body = name) =>
    ask(name, 'PUT', `${PROXY}/${root}/${path}`, body, {
      headers: { 'content-type': 'application/octet-stream' },
      kind: true,
    })
  await put('put', 'a.txt')
  await put('put again', 'a.txt')
  await put('put deep', 'deep/er/b%20c.json', '{"x":1}')
  await put('put unicode', `${encodeURIComponent('größe')}/${encodeURIComponent('中文+1.csv')}`)
  await put('put empty', 'empty.bin', '')
  await put('put under a file', 'a.txt/x')
  await put('put over a folder', 'deep')
  const list = (name: string, path: string) => ask(name, 'GET', `${PROXY}?path=${encodeURIComponent(path)}`)
  await list('list', root)
  await list('list deep', `${root}/deep/er`)
  await list('list unicode', `${root}/größe`)
  await list('list nothing', `${root}/nothing`)
  await list('list a file', `${root}/a.txt`)
  for (const path of [`${root}/../..`, `../${root}`, '/etc', `${root}/%2e%2e/x`, `${root}/deep/../../../x`])
    await list(`list ${path.replace(root, 'ROOT')}`, path)
  await ask('list of run', 'GET', `artifacts/list?run_id=${run}`)
  await ask('list of run, deep', 'GET', `artifacts/list?run_id=${run}&path=deep/er`)
  await ask('list of run, unicode', 'GET', `artifacts/list?run_id=${run}&path=${encodeURIComponent('größe')}`)
  await ask('list of run, outside', 'GET', `artifacts/list?run_id=${run}&path=..`)
  await ask('list of run, hidden outside', 'GET', `artifacts/list?run_id=${run}&path=%252e%252e/x`)
  await ask('list of unknown', 'GET', `artifacts/list?run_id=${'0'.repeat(32)}`)
  await ask('list of no run', 'GET', 'artifacts/list')
  const get = (name: string, path: string) => ask(name, 'GET', `${PROXY}/${path}`, undefined, { kind: true })
  await get('get', `${root}/a.txt`)
  await get('get deep', `${root}/deep/er/b%20c.json`)
  await get('get unicode', `${root}/${encodeURIComponent('größe')}/${encodeURIComponent('中文+1.csv')}`)
  await get('get empty', `${root}/empty.bin`)
  await get('get nothing', `${root}/nothing.txt`)
  for (const range of ['bytes=1-3', 'bytes=2-', 'bytes=-2', 'bytes=0-500', 'bytes=500-'])
    for (const path of [`${PROXY}/${root}/a.txt`, `/get-artifact?run_id=${run}&path=a.txt`])
      await ask(`${range} of ${path.replace(root, 'ROOT').replace(run, 'RUN')}`, 'GET', path, undefined, {
        headers: { range },
      })
  for (const path of ['..%2f..%2f..%2fetc/passwd', '%252e%252e/x']) await get(`get ${path}`, `${root}/${path}`)
  await ask('page: get', 'GET', `/get-artifact?run_id=${run}&path=a.txt`)
  await ask('page: get deep', 'GET', `/get-artifact?run_uuid=${run}&path=${encodeURIComponent('deep/er/b c.json')}`)
  await ask('page: get nothing', 'GET', `/get-artifact?run_id=${run}&path=nothing`, undefined, { kind: true })
  await ask('page: get outside', 'GET', `/get-artifact?run_id=${run}&path=../../x`)
  await ask('page: get of unknown', 'GET', `/get-artifact?run_id=${'0'.repeat(32)}&path=a.txt`)
  const upload = (name: string, query: string, body = 'page') =>
    ask(name, 'POST', `/ajax-api/2.0/mlflow/upload-artifact?${query}`, body, {
      headers: { 'content-type': 'application/octet-stream' },
      kind: true,
    })
  await upload('page: upload', `run_uuid=${run}&path=page/up.txt`)
  await upload('page: upload nowhere', `run_uuid=${run}`)
  await upload('page: upload outside', `run_uuid=${run}&path=../up.txt`)
  await ask('page: uploaded', 'GET', `/get-artifact?run_id=${run}&path=page/up.txt`)

  const made = await ask('model', 'POST', 'logged-models', {
    experiment_id: experiment,
    name: 'lm',
    source_run_id: run,
  })
  const model = label(String((made.body['model'] as { info: { model_id: string } }).info.model_id), 'model')
  const modelRoot = `${experiment}/models/${model}/artifacts`
  await ask('put into the model', 'PUT', `${PROXY}/${modelRoot}/MLmodel`, 'flavors: {}', {
    headers: { 'content-type': 'application/octet-stream' },
  })
  await ask('put deep into the model', 'PUT', `${PROXY}/${modelRoot}/data/x.pkl`, 'x', {
    headers: { 'content-type': 'application/octet-stream' },
  })
  await list('list the model', modelRoot)
  await ask('list of model', 'GET', `logged-models/${model}/artifacts/directories`)
  await ask('list of model, deep', 'GET', `logged-models/${model}/artifacts/directories?artifact_directory_path=data`)
  await ask(
    'list of model, outside',
    'GET',
    `logged-models/${model}/artifacts/directories?artifact_directory_path=../x`,
  )
  await ask(
    'page: get of model',
    'GET',
    `/ajax-api/2.0/mlflow/logged-models/${model}/artifacts/files?artifact_file_path=data/x.pkl`,
  )
  await ask('page: get of model, nothing', 'GET', `/ajax-api/2.0/mlflow/logged-models/${model}/artifacts/files`)
  await ask('register', 'POST', 'registered-models/create', { name: 'art' })
  for (const [number, source] of [`models:/${model}`, `mlflow-artifacts:/${root}/deep`].entries()) {
    await ask(
      `version ${number}`,
      'POST',
      'model-versions/create',
      number === 0 ? { name: 'art', source, model_id: model } : { name: 'art', source, run_id: run },
    )
  }
  await ask('page: get of version', 'GET', '/model-versions/get-artifact?name=art&version=1&path=data/x.pkl')
  await ask(
    'page: get of version of a run',
    'GET',
    `/model-versions/get-artifact?name=art&version=2&path=${encodeURIComponent('er/b c.json')}`,
  )
  await ask('page: get of version, outside', 'GET', '/model-versions/get-artifact?name=art&version=1&path=../x')
  await ask('page: get of unknown version', 'GET', '/model-versions/get-artifact?name=art&version=9&path=x')

  await ask('delete', 'DELETE', `${PROXY}/${root}/a.txt`)
  await ask('delete a folder', 'DELETE', `${PROXY}/${root}/deep`)
  await ask('delete nothing', 'DELETE', `${PROXY}/${root}/nothing`)
  await ask('delete outside', 'DELETE', `${PROXY}/${root}/..%2f..%2fx`)
  await list('list what is left', root)
  for (const step of ['create', 'complete', 'abort']) {
    const given = { path: `${root}/big`, num_parts: 3, upload_id: 'u', parts: [] }
    await ask(`multipart: ${step}`, 'POST', `/api/2.0/mlflow-artifacts/mpu/${step}/${root}`, given)
  }
  await ask('presigned', 'GET', `/api/2.0/mlflow-artifacts/presigned/${root}/empty.bin`)
  await ask('health', 'GET', '/health')
  await ask('clear art', 'DELETE', 'registered-models/delete', { name: 'art' })
}
