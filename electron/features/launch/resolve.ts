import { existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { LaunchSpec } from '#shared/contract/launch.ts'
import { isSecretMarker } from '#shared/domain/secrets/marker.ts'
import { appError } from '#shared/rpc/errors.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import { findProgram } from '#electron/platform/process/find-program.ts'
import type { Environment } from '#electron/platform/process/login-environment.ts'
import { tooLarge } from '#electron/shim/start-problem.ts'
import { workFolder } from '#electron/shim/work-folder.ts'
import { activated } from './activation.ts'
import { launchVariables, mergedEnvironment } from './child-environment.ts'
import { commandParts, launcherVariables, scriptName, withInterpreter } from './command.ts'
import type { LaunchDeps } from './deps.ts'
import { type NamedTracking, namedTracking } from './tracking.ts'

export type Problem = { readonly message: string; readonly field: string | null }

/** A launch as it would start: nothing in it is masked. */
export type ResolvedLaunch = {
  readonly command: readonly string[]
  /** Absolute. */
  readonly folder: string
  /** The name by which the runs of this script find each other. */
  readonly script: string
  /** What the launch starts from: the terminal's environment, or the login shell's with the interpreter activated. */
  readonly base: Environment
  /** The variables that the launch adds to its base. */
  readonly variables: Environment
  /** All that the command gets. */
  readonly environment: Environment
  readonly tracking: readonly NamedTracking[]
  /** The tracking server that the command will log to, where that is not this backend. */
  readonly loggedElsewhere: string | null
  readonly problems: readonly Problem[]
}

export type ResolveOptions = {
  readonly launch: string
  readonly workFolder: string
  readonly device: string | null
  /** The environment to start from, of a terminal; the login shell's is taken where none is given. */
  readonly base?: Environment
  /** The command runs in a terminal, in front of a person. */
  readonly terminal?: boolean
}

/** Finds out what a spec would start, and what stands against it. Throws `unavailable` when a conda environment can't be activated. */
export async function resolveLaunch(
  deps: LaunchDeps,
  project: ProjectContext,
  spec: LaunchSpec,
  options: ResolveOptions,
): Promise<ResolvedLaunch> {
  const folder = resolve(project.folder, spec.folder)
  const login = options.base ?? (await deps.loginEnvironment()).environment
  const base = spec.interpreter === undefined ? login : await activated(spec.interpreter, login)
  const { own, problems: maskedOnes } = ownVariables(spec, base)
  // In a terminal, output looks as it does without us.
  const ranks = options.terminal === true ? {} : launcherVariables(spec.command)
  const tracking = namedTracking({ environment: base, folder, root: project.folder, ours: deps.url() })
  const keepTracking = spec.keepTracking ?? tracking.some(({ name }) => name === 'MLFLOW_TRACKING_URI')
  const added = launchVariables({
    launch: options.launch,
    work: workFolder(options.workFolder),
    url: deps.url(),
    token: deps.token,
    dataFolder: deps.surroundings.dataFolder,
    python: join(deps.resources, 'python'),
    hook: deps.settings().capture.hook,
    keepTracking,
    device: options.device,
  })
  const variables = { ...ranks, ...added }
  const environment = mergedEnvironment(base, variables, own, keepTracking)
  const command = withInterpreter(spec.command, spec.interpreter)
  const uri = environment['MLFLOW_TRACKING_URI']
  const named = keepTracking ? tracking.find(({ name }) => name === 'MLFLOW_TRACKING_URI')?.value : undefined
  return {
    command,
    folder,
    script: scriptName(spec.command, folder, project.folder),
    base,
    variables,
    environment,
    tracking,
    loggedElsewhere: uri !== undefined && !uri.startsWith(deps.url()) ? uri : (named ?? null),
    problems: [...maskedOnes, ...problemsOf(spec, command, folder, environment)],
  }
}

/** A spec from the history has markers where secrets stood: the environment's own value takes their place, where it has one. */
function ownVariables(
  spec: LaunchSpec,
  base: Environment,
): { readonly own: Environment; readonly problems: readonly Problem[] } {
  const entries = Object.entries(spec.environment)
  const masked = entries.filter(([, value]) => isSecretMarker(value))
  return {
    own: Object.fromEntries(entries.filter(([, value]) => !isSecretMarker(value))),
    problems: masked
      .filter(([name]) => base[name] === undefined)
      .map(([name]) => ({
        message: `The value of ${name} was not kept, because it is a secret. Type it again.`,
        field: 'environment',
      })),
  }
}

function problemsOf(
  spec: LaunchSpec,
  command: readonly string[],
  folder: string,
  environment: Environment,
): readonly Problem[] {
  const problems: Problem[] = []
  if (command.some((word) => /‹secret: [^›]+›/.test(word)))
    problems.push({ message: 'A secret in the command was not kept. Type it again.', field: 'command' })
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    problems.push({ message: `There is no folder ${folder}.`, field: 'folder' })
    return problems
  }
  if (spec.interpreter !== undefined && !existsSync(spec.interpreter))
    problems.push({ message: `There is no interpreter ${spec.interpreter}.`, field: 'interpreter' })
  const [program = ''] = command
  if (program !== spec.interpreter && findProgram(program, folder, environment['PATH']) === undefined)
    problems.push({ message: noProgram(program), field: 'command' })
  const { script, module } = commandParts(spec.command)
  if (script !== null && !module && !existsSync(resolve(folder, script)))
    problems.push({ message: `There is no script ${script} in ${folder}.`, field: 'command' })
  const large = tooLarge(command)
  if (large !== undefined) problems.push({ message: large, field: 'command' })
  return problems
}

function noProgram(program: string): string {
  return /^python[\d.]*$/.test(program)
    ? `There is no ${program} on PATH. Choose an interpreter, or install Python.`
    : `There is no program "${program}" on PATH.`
}

/** Refuses a launch that can't start as it is: `invalid`, with the first problem's words and field. */
export function refuseProblems({ problems }: Pick<ResolvedLaunch, 'problems'>): void {
  const [first] = problems
  if (first === undefined) return
  throw appError('invalid', first.message, first.field === null ? {} : { field: first.field })
}
