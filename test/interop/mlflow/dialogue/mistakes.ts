import type { Peer } from '../support/peer.ts'
import { freshExperiment, freshRun } from './runs.ts'

type Given = Readonly<Record<string, unknown>>
/** What a route is asked with, all of it right. */
type Question = readonly [method: string, path: string, given: Given]

/** What stands in the place of each field in turn. A missing one is the commonest mistake of all. */
const MISTAKES: readonly unknown[] = [undefined, '', 'a/b', -1, [], 'x'.repeat(300)]

/** Fields of which this server knows better: it has the model's id in the path, and an experiment for who names none. */
const KNOWN_BETTER =
  /^PATCH logged-models\/.* model_id|^POST logged-models\/.*params model_id|^POST runs\/create experiment_id/

/** Each field of each route gone wrong in turn: whatever the real server refuses is refused with the same status and code. */
export async function mistakes(peer: Peer): Promise<void> {
  const { model, asked: all } = await questions(peer)
  for (const [method, route, given] of all)
    for (const field of Object.keys(given))
      for (const [index, mistake] of MISTAKES.entries()) {
        const name = `${method} ${route} ${field} ${index}`
        if (KNOWN_BETTER.test(name) || (method === 'GET' && Array.isArray(mistake))) continue
        const asked = { ...given, [field]: mistake }
        const path = route.replace(':model', model)
        if (method === 'GET') await peer.ask(name, method, `${path}?${queryOf(asked)}`, undefined, CODE)
        else await peer.ask(name, method, path, asked, CODE)
      }
}

const CODE = { codeAlone: true } as const

function queryOf(given: Given): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(given))
    for (const item of Array.isArray(value) ? (value as unknown[]) : [value])
      if (item !== undefined) query.append(name, typeof item === 'string' ? item : JSON.stringify(item))
  return query.toString()
}

async function questions(peer: Peer): Promise<{ readonly model: string; readonly asked: readonly Question[] }> {
  const { ask, label } = peer
  const experiment_id = await freshExperiment(peer, 'mistakes')
  const run_id = await freshRun(peer, 'run of mistakes', { experiment_id })
  const metric = { key: 'm', value: 1, timestamp: 5, step: 1 }
  await ask('log', 'POST', 'runs/log-metric', { run_id, ...metric })
  const made = await ask('model', 'POST', 'logged-models', { experiment_id, name: 'lm', source_run_id: run_id })
  const model_id = label((made.body['model'] as { info: { model_id: string } }).info.model_id, 'model')
  const name = 'mistakes'
  await ask('register', 'POST', 'registered-models/create', { name })
  await ask('version', 'POST', 'model-versions/create', { name, source: `runs:/${run_id}/x`, run_id })
  await ask('alias', 'POST', 'registered-models/alias', { name, alias: 'a', version: '1' })
  const version = { name, version: '1' }
  const page = { max_results: 1, page_token: '' }
  const asked: readonly Question[] = [
    ['GET', 'experiments/get', { experiment_id }],
    ['GET', 'experiments/get-by-name', { experiment_name: name }],
    ['POST', 'experiments/search', { filter: "name = 'x'", order_by: ['name'], ...page }],
    ['POST', 'experiments/set-experiment-tag', { experiment_id, key: 'k', value: 'v' }],
    ['POST', 'experiments/delete-experiment-tag', { experiment_id, key: 'nothing' }],
    ['POST', 'experiments/delete', { experiment_id: '987654' }],
    ['POST', 'experiments/restore', { experiment_id: '987654' }],
    ['POST', 'runs/create', { experiment_id, run_name: 'n', start_time: 5 }],
    ['POST', 'runs/update', { run_id, end_time: 5, run_name: 'n' }],
    ['GET', 'runs/get', { run_id }],
    ['POST', 'runs/delete', { run_id: '0'.repeat(32) }],
    ['POST', 'runs/restore', { run_id: '0'.repeat(32) }],
    ['POST', 'runs/search', { experiment_ids: [experiment_id], filter: '', order_by: ['start_time'], ...page }],
    ['POST', 'runs/log-metric', { run_id, ...metric }],
    ['POST', 'runs/log-parameter', { run_id, key: 'p', value: 'v' }],
    ['POST', 'runs/set-tag', { run_id, key: 'k', value: 'v' }],
    ['POST', 'runs/delete-tag', { run_id, key: 'nothing' }],
    ['POST', 'runs/log-batch', { run_id, metrics: [metric], params: [], tags: [] }],
    ['POST', 'runs/log-inputs', { run_id, datasets: [], models: [] }],
    ['POST', 'runs/log-model', { run_id, model_json: '{}' }],
    ['GET', 'metrics/get-history', { run_id, metric_key: 'm', ...page }],
    ['GET', 'metrics/get-history-bulk-interval', { run_ids: [run_id], metric_key: 'm', start_step: 0, end_step: 5 }],
    ['GET', 'artifacts/list', { run_id, path: 'a' }],
    [
      'POST',
      'logged-models',
      { experiment_id, name: 'n', model_type: 't', source_run_id: run_id, params: [], tags: [] },
    ],
    ['PATCH', 'logged-models/:model', { model_id, status: 'LOGGED_MODEL_READY' }],
    ['POST', 'logged-models/:model/params', { model_id, params: [] }],
    ['PATCH', 'logged-models/:model/tags', { tags: [] }],
    [
      'POST',
      'logged-models/search',
      { experiment_ids: [experiment_id], filter: '', datasets: [], order_by: [], ...page },
    ],
    ['POST', 'registered-models/rename', { name: 'nothing', new_name: 'x' }],
    ['PATCH', 'registered-models/update', { name, description: 'x' }],
    ['DELETE', 'registered-models/delete', { name: 'nothing' }],
    ['GET', 'registered-models/get', { name }],
    ['GET', 'registered-models/search', { filter: "name = 'x'", order_by: ['name'], ...page }],
    ['POST', 'registered-models/get-latest-versions', { name, stages: ['None'] }],
    ['POST', 'registered-models/set-tag', { name, key: 'k', value: 'v' }],
    ['DELETE', 'registered-models/delete-tag', { name, key: 'nothing' }],
    ['POST', 'registered-models/alias', { ...version, alias: 'b' }],
    ['GET', 'registered-models/alias', { name, alias: 'a' }],
    ['DELETE', 'registered-models/alias', { name, alias: 'nothing' }],
    [
      'POST',
      'model-versions/create',
      { name, source: `runs:/${run_id}/x`, run_id, tags: [], run_link: '', description: '' },
    ],
    ['PATCH', 'model-versions/update', { ...version, description: 'd' }],
    ['POST', 'model-versions/transition-stage', { ...version, stage: 'Staging', archive_existing_versions: false }],
    ['DELETE', 'model-versions/delete', { name, version: '99' }],
    ['GET', 'model-versions/get', version],
    ['GET', 'model-versions/get-download-uri', version],
    ['GET', 'model-versions/search', { filter: "name = 'x'", order_by: ['name'], ...page }],
    ['POST', 'model-versions/set-tag', { ...version, key: 'k', value: 'v' }],
    ['DELETE', 'model-versions/delete-tag', { ...version, key: 'nothing' }],
  ]
  return { model: model_id, asked }
}
