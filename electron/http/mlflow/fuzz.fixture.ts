import { type ClientServer, openClientServer } from './client-server.fixture.ts'

export type FuzzedServer = ClientServer & {
  /** Fields that are right for every route, of things that were made for them: some routes delete. What a route does not know it ignores. */
  readonly freshFields: () => Promise<Record<string, unknown>>
}

/** A server to ask whatever there is to ask. */
export async function openFuzzedServer(): Promise<FuzzedServer> {
  const server = await openClientServer()
  let count = 0
  return { ...server, freshFields: () => rightFields(server, ++count) }
}

/** An answer for whoever asked: done, or the client's mistake. */
export const isFine = (status: number): boolean => status === 200 || (status >= 400 && status < 500)

async function rightFields(server: ClientServer, count: number): Promise<Record<string, unknown>> {
  const { services, project } = server
  const { runs, models, registry } = services
  const name = `registered ${count}`
  const run = await runs.createRun(project, { source: 'client', name: 'fuzzed' })
  await runs.logMetrics(project, run.id, [{ key: 'm', value: 1, time: 1, step: 0 }])
  const experiment = await runs.createExperiment(project, { name: `experiment ${count}` })
  const made = { experiment: '0', name: 'model', type: null, sourceRun: run.id, params: [], tags: [] }
  const model = await models.create(project, made)
  await registry.create(project, { name, description: '', tags: [] })
  const source = `runs:/${run.id}/x`
  const version = {
    source,
    storageLocation: source,
    run: run.id,
    loggedModel: null,
    description: '',
    runLink: '',
    user: null,
  }
  await registry.createVersion(project, name, { ...version, tags: [] })
  await registry.setAlias(project, name, 'champion', '1')
  const pair = { key: 'k', value: '1' }
  const dataset = { name: 'd', digest: '1', source_type: 'local', source: '{}', schema: '{}', profile: '{}' }
  return {
    ...{
      experiment_id: experiment.id,
      experiment_ids: ['0'],
      experiment_name: 'Default',
      run_id: run.id,
      run_ids: [run.id],
    },
    ...{ model_id: model.id, name, new_name: `renamed ${count}`, version: '1', alias: 'champion', stage: 'Staging' },
    ...{ key: 'k', value: '5', timestamp: 5, step: 1, status: 'FAILED', end_time: 9, start_time: 3, metric_key: 'm' },
    ...{ metrics: [{ key: 'm', value: 1, timestamp: 5, step: 2 }], params: [pair], tags: [pair], tag_key: 'k' },
    ...{
      datasets: [{ dataset, tags: [pair] }],
      models: [{ model_id: model.id, step: 1 }],
      source: `models:/${model.id}`,
      path: 'a',
      filter: '',
    },
    ...{ model_json: '{"artifact_path":"m","flavors":{},"run_id":"r","utc_time_created":"t"}', max_results: 10 },
    ...{
      start_step: 0,
      end_step: 9,
      order_by: [],
      stages: ['Staging'],
      description: 'd',
      run_name: 'fuzzed',
      user_id: 'u',
    },
    ...{ artifact_directory_path: 'a', archive_existing_versions: true, artifact_location: '', view_type: 'ALL' },
  }
}
