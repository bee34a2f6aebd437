import type { SourceExperiment } from '../source.ts'
import { isAbsent, listed, type Server } from './pages.ts'
import { WireExperiment } from './wire.ts'

const ID = /^[a-zA-Z0-9][\w-]{0,63}$/
const PAGE = 1_000

/** All experiments, deleted ones too, each once. Servers before MLflow 2 have another route for them. */
export async function readExperiments(server: Server, signal: AbortSignal): Promise<readonly SourceExperiment[]> {
  const search = (token: string | undefined) => ({
    path: '/api/2.0/mlflow/experiments/search',
    body: { view_type: 'ALL', max_results: PAGE, ...(token === undefined ? {} : { page_token: token }) },
  })
  const isOld = isAbsent(
    await server.connection.ask({ ...search(undefined), body: { view_type: 'ALL', max_results: 1 } }, signal),
  )
  const list = (token: string | undefined) => ({
    path: '/api/2.0/mlflow/experiments/list',
    query: { view_type: 'ALL', max_results: PAGE, page_token: token },
  })
  const found = new Map<string, SourceExperiment>()
  const options = { what: 'experiments', ask: isOld ? list : search, field: 'experiments', item: WireExperiment }
  for await (const one of listed(server, options, signal)) {
    if (!ID.test(one.experiment_id)) {
      server.notice({ kind: 'skipped', what: `experiment ${one.name}`, why: 'its id is none of MLflow’s' })
      continue
    }
    found.set(one.experiment_id, {
      id: one.experiment_id,
      name: one.name,
      deleted: one.lifecycle_stage === 'deleted',
      artifactLocation: one.artifact_location,
      createdAt: one.creation_time,
      updatedAt: one.last_update_time,
      tags: one.tags,
    })
  }
  return [...found.values()]
}
