export type { LaunchDeps } from './deps.ts'
export { createLaunch, type LaunchService } from './service.ts'
