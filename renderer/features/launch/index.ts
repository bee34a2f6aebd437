import { lazyDialog } from '#renderer/ui/lazy-dialog.tsx'
import { lazyScreen } from '#renderer/ui/lazy-screen.tsx'

export const JobsScreen = lazyScreen('Jobs', () => import('./jobs-screen.tsx').then((all) => all.JobsScreen))
export const LaunchDialog = lazyDialog(() => import('./launch-dialog.tsx').then((all) => all.LaunchDialog))
export const LogRuleDialog = lazyDialog(() => import('./log-rule-dialog.tsx').then((all) => all.LogRuleDialog))
export { StopButton } from './stop-button.tsx'
export { useStop } from './use-stop.ts'
