import { lazyScreen } from '#renderer/ui/lazy-screen.tsx'

export { progressOf } from './run/progress.ts'
export const RunScreen = lazyScreen('Run', () => import('./run/run-screen.tsx').then((all) => all.RunScreen))
export { useRunCommands } from './run/use-run-commands.ts'
export { comparisonMarkdown } from './compare/comparison.ts'
export const CompareScreen = lazyScreen('Comparison', () =>
  import('./compare/compare-screen.tsx').then((all) => all.CompareScreen),
)
export { RunsScreen } from './table/runs-screen.tsx'
export { useTableView } from './table/view-state.ts'
export { verbEntries, type VerbTarget } from './verbs/run-verb.ts'
export { useRunVerbs } from './verbs/use-run-verbs.tsx'
