export { launchVariables, mergedEnvironment } from './child-environment.ts'
export { commandParts, scriptName } from './command.ts'
export type { LaunchDeps } from './deps.ts'
export { createLaunch, type LaunchService } from './service.ts'
