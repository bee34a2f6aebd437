import { delimiter, join } from 'node:path'
import type { Environment } from '#electron/platform/process/login-environment.ts'
import type { WorkFolder } from '#electron/shim/work-folder.ts'

export type ChildVariables = {
  readonly launch: string
  readonly work: WorkFolder
  /** `http://127.0.0.1:5080`. */
  readonly url: string
  readonly token: string
  readonly dataFolder: string
  /** `resources/python`. */
  readonly python: string
  readonly hook: boolean
  /** Leave the tracking server that the environment names. */
  readonly keepTracking: boolean
  readonly device: string | null
}

/** The variables that a launch adds, whatever the command: output that shows at once, the way to log here, the start-up hook. */
export function launchVariables(given: ChildVariables): Environment {
  return {
    PYTHONUNBUFFERED: '1',
    PYTHONUTF8: '1',
    PYTHONIOENCODING: 'utf-8',
    BENCHTOP_LAUNCH: given.launch,
    BENCHTOP_URL: given.url,
    BENCHTOP_HOME: given.dataFolder,
    // The folder of the hook also leads `import benchtop` to the client above it.
    PYTHONPATH: join(given.python, 'hook'),
    ...(given.hook ? { BENCHTOP_CAPTURE_DIR: given.work.capture } : { BENCHTOP_HOOK: '0' }),
    ...(given.keepTracking
      ? {}
      : { MLFLOW_TRACKING_URI: `${given.url}/l/${given.launch}`, MLFLOW_TRACKING_TOKEN: given.token }),
    ...(given.device === null ? {} : { CUDA_VISIBLE_DEVICES: given.device }),
  }
}

/** Variables of a base that would lead the client past the launch: with a run's id, `set_experiment` followed by `start_run` raises. */
const MISLEADING = ['MLFLOW_RUN_ID', 'MLFLOW_EXPERIMENT_ID'] as const

/**
 * A base environment with the launch's variables over it, and a person's own over both. PYTHONPATH is put in front of what it was, except where a person
 * sets it. With `keepTracking`, the base keeps all that it says of MLflow.
 */
export function mergedEnvironment(
  base: Environment,
  variables: Environment,
  own: Environment = {},
  keepTracking = false,
): Environment {
  const cleaned = Object.fromEntries(
    Object.entries(base).filter(([name]) => keepTracking || !MISLEADING.some((misleading) => misleading === name)),
  )
  const ours = variables['PYTHONPATH']
  const before = own['PYTHONPATH'] ?? base['PYTHONPATH']
  const path = [ours, before].filter((part) => part !== undefined && part !== '').join(delimiter)
  return { ...cleaned, ...variables, ...own, ...(path === '' ? {} : { PYTHONPATH: path }) }
}

export type EnvironmentDifference = { readonly name: string; readonly value: string; readonly before: string | null }

/** Variables of `after` that are new or changed against `before`, by name. */
export function environmentDifference(before: Environment, after: Environment): readonly EnvironmentDifference[] {
  return Object.entries(after)
    .filter(([name, value]) => before[name] !== value)
    .map(([name, value]) => ({ name, value, before: before[name] ?? null }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

/** Variables of `launchVariables` that say nothing about the run: they are the same, or others, at each launch. */
const OURS = /^(BENCHTOP_.*|PYTHONUNBUFFERED|PYTHONUTF8|PYTHONIOENCODING)$/

/** A launched command's environment without what the launch added to it: what is worth keeping, and comparing with another run's. */
export function withoutOurs(environment: Environment, url: string, python: string): Environment {
  const { MLFLOW_TRACKING_URI: uri, MLFLOW_TRACKING_TOKEN: token, PYTHONPATH: path, ...rest } = environment
  const isOurs = uri?.startsWith(`${url}/l/`) === true
  const own = path
    ?.split(delimiter)
    .filter((part) => part !== join(python, 'hook'))
    .join(delimiter)
  return {
    ...Object.fromEntries(Object.entries(rest).filter(([name]) => !OURS.test(name))),
    ...(isOurs || uri === undefined ? {} : { MLFLOW_TRACKING_URI: uri }),
    ...(isOurs || token === undefined ? {} : { MLFLOW_TRACKING_TOKEN: token }),
    ...(own === undefined || own === '' ? {} : { PYTHONPATH: own }),
  }
}
