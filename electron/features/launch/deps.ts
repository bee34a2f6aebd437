import type { Settings } from '#shared/contract/settings.ts'
import type { Projects, Surroundings } from '#electron/features/projects/index.ts'
import type { RunsService } from '#electron/features/runs/index.ts'
import type { LoginEnvironment } from '#electron/platform/process/login-environment.ts'

/** What launching stands on. */
export type LaunchDeps = {
  readonly surroundings: Surroundings
  readonly projects: Projects
  readonly runs: RunsService
  readonly settings: () => Settings
  /** The backend's own address: `http://127.0.0.1:5080`. Asked for when it is used, because the listener may start later. */
  readonly url: () => string
  readonly token: string
  /** `resources/`: the Python files. */
  readonly resources: string
  /** The Node that runs shims, the shim's entry, and the backend's, with which a shim wakes it. */
  readonly node: string
  readonly shimEntry: string
  readonly backendEntry: string
  /** The environment of launches from the window; the login shell's by default. */
  readonly loginEnvironment: () => Promise<LoginEnvironment>
}
