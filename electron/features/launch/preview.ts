import type { LaunchPreview, LaunchSpec } from '#shared/contract/launch.ts'
import { maskText } from '#shared/domain/secrets/mask-text.ts'
import { maskArguments, maskNamedValue } from '#shared/domain/secrets/mask-values.ts'
import type { ProjectContext } from '#electron/features/projects/index.ts'
import { gitSummary } from '#electron/platform/git/summary.ts'
import { capturedArguments } from './capture/arguments.ts'
import { environmentDifference } from './child-environment.ts'
import { commandParts } from './command.ts'
import type { LaunchDeps } from './deps.ts'
import { resolveLaunch } from './resolve.ts'

/** Shows exactly what a launch would run, and what stands against it; nothing is started or written. */
export async function previewLaunch(
  deps: LaunchDeps,
  project: ProjectContext,
  spec: LaunchSpec,
): Promise<LaunchPreview> {
  const [resolved, git] = await Promise.all([
    resolveLaunch(deps, project, spec, { launch: 'preview', workFolder: project.place, device: null }),
    gitSummary(project.folder),
  ])
  return {
    command: maskArguments(resolved.command),
    folder: resolved.folder,
    environment: environmentDifference((await deps.loginEnvironment()).environment, resolved.environment).map(
      ({ name, value, before }) => ({
        name,
        value: shortened(maskNamedValue(name, value)),
        before: before === null ? null : shortened(maskNamedValue(name, before)),
      }),
    ),
    tracking: resolved.tracking.map(({ name, value, where }) => ({ name, value: maskText(value), where })),
    problems: resolved.problems,
    parameters: capturedArguments(spec.command),
    script: commandParts(spec.command).script === null ? null : resolved.script,
    git: git === null ? null : { branch: git.branch, uncommitted: git.uncommitted },
  }
}

/** PATH can be pages long; what matters of a change stands at its front. */
function shortened(value: string): string {
  return value.length <= 2_000 ? value : `${value.slice(0, 2_000)}…`
}
