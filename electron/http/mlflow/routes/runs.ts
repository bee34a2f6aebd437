import type { NewRun } from '#electron/features/runs/index.ts'
import { type ClientCall, get, post, type Route } from '../call.ts'
import { invalid } from '../errors.ts'
import { optionalText, runId, texts } from '../fields.ts'
import { pageOffset, pageSize } from '../paging.ts'
import { statusIn, viewIn } from '../run-status.ts'
import { pageOfRuns } from '../search/run-pages.ts'
import { searchRuns } from '../search/runs.ts'
import { checkExperimentId, LIMITS, pairsIn } from '../validation.ts'
import { listFiles, wireFiles } from '../artifact-files.ts'
import { runPlace } from '../artifact-place.ts'
import { artifactRoots } from '../artifact-roots.ts'
import { wireInfo, wireRun } from '../wire-run.ts'
import { optionalTime } from '../whole-numbers.ts'

/** `runs/...` but for the logging of values, and what artifacts a run has. */
export const runRoutes: readonly Route[] = [
  post('runs/create', async (call) => {
    const { services, project, launch } = call
    const asked = askedRun(call)
    if (launch !== null) {
      const run = await services.launches.claim(launch, asked)
      return {
        run: wireRun(services.runs.bundle(project, run.id), artifactRoots(services, project), { outputs: false }),
      }
    }
    const bundle = await services.runs.createBundle(project, asked)
    services.noticed(call.request, project, bundle.run)
    return { run: wireRun(bundle, artifactRoots(services, project), { outputs: false }) }
  }),
  get('runs/get', ({ services, project, fields }) => ({
    run: wireRun(services.runs.bundle(project, runId(fields)), artifactRoots(services, project)),
  })),
  post('runs/update', async ({ services, project, fields, exactly }) => {
    const id = runId(fields)
    const status = statusIn(fields)
    const endedAt = optionalTime(fields, 'end_time', exactly)
    const name = optionalText(fields, 'run_name')
    const { lifecycle } = services.runs.getRun(project, id)
    if (lifecycle === 'deleted') throw invalid(`The run ${id} must be in the 'active' state. Current state is deleted.`)
    // The end of a launched run is its process's end: a script may end its run and go on, or die before it says so.
    const run = await services.launches.update(project, id, {
      ...(status === undefined ? {} : { status }),
      ...(endedAt === undefined ? {} : { endedAt }),
      ...(name === undefined || name === '' ? {} : { name }),
    })
    return { run_info: wireInfo(run, artifactRoots(services, project)) }
  }),
  post('runs/delete', async ({ services, project, fields }) => {
    await services.runs.trash(project, [runId(fields)])
  }),
  post('runs/restore', async ({ services, project, fields }) => {
    await services.runs.untrash(project, [runId(fields)])
  }),
  post('runs/search', search),
  get('artifacts/list', async (call) => {
    const { services, project, fields } = call
    const run = services.runs.getRun(project, runId(fields))
    const roots = artifactRoots(services, project)
    const root = roots.run(run)
    const path = optionalText(fields, 'path') ?? ''
    const files = roots.isOurs(root) ? await listFiles(runPlace(call, run.id, path)) : []
    return { root_uri: root, ...wireFiles(files, path) }
  }),
]

function askedRun({ fields, exactly }: ClientCall): NewRun {
  // Under any key and of any length: the real server holds only those that come later to its limits.
  const tags = pairsIn(fields, 'tags')
  const name = optionalText(fields, 'run_name')
  const tagged = tags.findLast(({ key }) => key === 'mlflow.runName')?.value
  if (name !== undefined && name !== '' && tagged !== undefined && tagged !== '' && tagged !== name) {
    throw invalid(
      `Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values (run_name='${name}', mlflow.runName='${tagged}').`,
    )
  }
  const chosen = name !== undefined && name !== '' ? name : tagged
  const startedAt = optionalTime(fields, 'start_time', exactly)
  const user = optionalText(fields, 'user_id')
  return {
    source: 'client',
    experiment: checkExperimentId(optionalText(fields, 'experiment_id') || '0'),
    ...(chosen === undefined || chosen === '' ? {} : { name: chosen }),
    ...(startedAt === undefined || startedAt === 0 ? {} : { startedAt }),
    ...(user === undefined || user === '' ? {} : { user }),
    tags,
  }
}

function search({ services, project, fields }: ClientCall): unknown {
  const size = pageSize(fields, { most: LIMITS.search, fallback: 1_000 })
  const offset = pageOffset(fields)
  const experiments = texts(fields, 'experiment_ids').map(checkExperimentId)
  const rows = services.runs.rows(project, experiments, viewIn(fields, 'run_view_type'))
  const filter = optionalText(fields, 'filter') ?? ''
  const roots = artifactRoots(services, project)
  const orderBy = texts(fields, 'order_by')
  const found = searchRuns(rows, filter, orderBy, roots.run, services.now())
  const { items, next } = pageOfRuns(rows, found, { fields, orderBy, offset, size })
  return items.length === 0 ? next : { runs: rows.bundles(items).map((bundle) => wireRun(bundle, roots)), ...next }
}
