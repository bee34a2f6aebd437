import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { TestApp } from './app.ts'

/** A run that is written as a client would write it; `metrics` are values by step from 1, or from `firstStep` on, a billion apart. */
export type SeedRun = {
  readonly name: string
  readonly params?: Readonly<Record<string, string>>
  readonly metrics?: Readonly<Record<string, readonly number[]>>
  readonly firstStep?: number
  readonly status?: 'RUNNING' | 'FINISHED' | 'FAILED'
}

/** Makes an empty project of that name and opens it. */
export async function seedProject(app: TestApp, name: string): Promise<string> {
  const folder = join(app.folder, name)
  mkdirSync(folder, { recursive: true })
  return (await app.client.projects.open({ folder })).id
}

/** Writes runs through the MLflow API, a minute apart, the first one first. Their ids in the same order. */
export async function seedRuns(app: TestApp, project: string, runs: readonly SeedRun[]): Promise<readonly string[]> {
  const post = async (
    path: string,
    body: unknown,
  ): Promise<{ readonly run: { readonly info: { run_id: string } } }> => {
    const response = await fetch(`${app.url}/p/${project}/api/2.0/mlflow/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`)
    return (await response.json()) as Awaited<ReturnType<typeof post>>
  }
  const begun = Date.now() - runs.length * 60_000
  const ids: string[] = []
  for (const [index, { name, params = {}, metrics = {}, firstStep, status = 'FINISHED' }] of runs.entries()) {
    const stepAt = (at: number): number => (firstStep === undefined ? at + 1 : firstStep + at * 1e9)
    const start = begun + index * 60_000
    const { run } = await post('runs/create', { experiment_id: '0', start_time: start, run_name: name })
    const id = run.info.run_id
    await post('runs/log-batch', {
      run_id: id,
      params: Object.entries(params).map(([key, value]) => ({ key, value })),
      metrics: Object.entries(metrics).flatMap(([key, values]) =>
        values.map((value, at) => ({ key, value, step: stepAt(at), timestamp: start + at * 1_000 })),
      ),
    })
    if (status !== 'RUNNING') await post('runs/update', { run_id: id, status, end_time: start + 30_000 })
    ids.push(id)
  }
  return ids
}

/** A small study: two learning rates with three seeds each, a lone run and a failed one. */
export const STUDY: readonly SeedRun[] = [
  ...['0.1', '0.01'].flatMap((lr, which) =>
    ['1', '2', '3'].map((seed, at): SeedRun => ({
      name: `lr${lr}-seed${seed}`,
      params: { lr, seed, optimizer: which === 0 ? 'sgd' : 'adam' },
      metrics: {
        val_acc: [0.5, 0.6 + which * 0.2 + at * 0.01, 0.7 + which * 0.15 + at * 0.01],
        val_loss: [1, 0.8 - which * 0.2, 0.6 - which * 0.2 + at * 0.02],
      },
    })),
  ),
  {
    name: 'alone',
    params: { lr: '0.5', seed: '1', optimizer: 'sgd' },
    metrics: { val_acc: [0.4, 0.45], val_loss: [2, 1.9] },
  },
  { name: 'broken', params: { lr: '5', seed: '1', optimizer: 'sgd' }, metrics: { val_loss: [9] }, status: 'FAILED' },
]
