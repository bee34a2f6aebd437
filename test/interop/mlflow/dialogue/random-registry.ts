import fc from 'fast-check'
import type { Peer } from '../support/peer.ts'
import { freshExperiment, freshRun } from './runs.ts'

type Step = { readonly method: string; readonly path: string; readonly body: object }

const NAMES = ['w-a', 'w-b', 'w-ü c'] as const

/** What a client may do to the registry, and what it may get wrong, more often to the few things that are there. */
function steps(experiment: string, runs: readonly string[]): fc.Arbitrary<Step> {
  const any = <Value>(...values: readonly Value[]) => fc.constantFrom(...values)
  const name = any(...NAMES)
  const version = any('1', '2', '3', '1', '2', '9')
  const of = { name, version }
  const alias = any('champion', 'Champion', 'b-2', 'ü')
  const stage = any('Staging', 'Production', 'production', 'Archived', 'None', 'Best')
  const source = any(
    's3://b/x',
    ...runs.map((run) => `runs:/${run}/m`),
    `mlflow-artifacts:/${experiment}/${runs[0]}/artifacts/m`,
  )
  const tags = any([], [{ key: 'k', value: 'v' }])
  const step = (method: string, path: string, fields: Readonly<Record<string, fc.Arbitrary<unknown>>>) =>
    fc.record(fields).map((body) => ({ method, path, body }))
  const made = {
    weight: 7,
    arbitrary: step('POST', 'model-versions/create', { name, source, run_id: any(...runs), tags }),
  }
  return fc.oneof(
    { weight: 2, arbitrary: step('POST', 'registered-models/create', { name, description: any('', 'd'), tags }) },
    made,
    {
      weight: 5,
      arbitrary: step('POST', 'model-versions/transition-stage', {
        ...of,
        stage,
        archive_existing_versions: any(true, false),
      }),
    },
    { weight: 3, arbitrary: step('POST', 'registered-models/alias', { ...of, alias }) },
    step('DELETE', 'registered-models/alias', { name, alias }),
    step('DELETE', 'model-versions/delete', of),
    step('DELETE', 'registered-models/delete', { name }),
    step('POST', 'registered-models/rename', { name, new_name: name }),
    step('PATCH', 'model-versions/update', { ...of, description: any('', 'x') }),
    step('POST', 'model-versions/set-tag', { ...of, key: any('k', 'z'), value: any('', 'v') }),
    step('DELETE', 'model-versions/delete-tag', { ...of, key: any('k', 'z') }),
    step('POST', 'registered-models/get-latest-versions', {
      name,
      stages: any([], ['Production'], ['staging', 'None']),
    }),
  )
}

/** The registry by chance: whatever is done to it in whatever order, both servers answer alike and hold the same. */
export async function randomRegistry(peer: Peer): Promise<void> {
  const { ask } = peer
  const experiment = await freshExperiment(peer, 'random registry')
  const runs = [
    await freshRun(peer, 'one', { experiment_id: experiment }),
    await freshRun(peer, 'two', { experiment_id: experiment }),
  ]
  for (const [index, run] of runs.entries()) peer.label(run, `run ${index}`)
  const walk = fc.sample(steps(experiment, runs), { seed: 20_261_122, numRuns: 160 })
  let taken = 0
  for (const [index, { method, path, body }] of walk.entries()) {
    const options = { kind: true, ...(path.endsWith('latest-versions') ? { unordered: 'model_versions' } : {}) }
    taken += (await ask(`${index}: ${path}`, method, path, body, options)).status === 200 ? 1 : 0
    if (index % 20 > 0) continue
    for (const name of NAMES) {
      await ask(`${index}: get ${name}`, 'GET', `registered-models/get?name=${encodeURIComponent(name)}`)
      const filter = encodeURIComponent(`name = '${name}'`)
      await ask(
        `${index}: versions of ${name}`,
        'GET',
        `model-versions/search?filter=${filter}&order_by=version_number`,
      )
    }
  }
  if (taken < 45) throw new Error(`Only ${taken} of the steps did something`)
  for (const name of NAMES) await ask(`clear ${name}`, 'DELETE', 'registered-models/delete', { name })
}
