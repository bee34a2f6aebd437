import type { TestApp } from './app.ts'

/** Calls MLflow's API as its client would: `registered-models/create` and the like. Throws what the server refuses. */
export async function callMlflow(app: TestApp, project: string, path: string, body: unknown): Promise<unknown> {
  const response = await fetch(`${app.url}/p/${project}/api/2.0/mlflow/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`)
  return response.json()
}

/** Registers the `model` folder of a run as the next version of a name, which is made if it isn't there; its files are written first. */
export async function registerModel(
  app: TestApp,
  project: string,
  name: string,
  run: string,
  files: Readonly<Record<string, string>> = {},
): Promise<void> {
  const root = `0/${run}/artifacts/model`
  for (const [path, text] of Object.entries(files)) {
    const address = `${app.url}/p/${project}/api/2.0/mlflow-artifacts/artifacts/${root}/${path}`
    const { ok } = await fetch(address, { method: 'PUT', body: text })
    if (!ok) throw new Error(`${path} could not be written`)
  }
  const known = await app.client.models.list({ project })
  if (!known.some((model) => model.name === name)) await callMlflow(app, project, 'registered-models/create', { name })
  await callMlflow(app, project, 'model-versions/create', { name, run_id: run, source: `mlflow-artifacts:/${root}` })
}
