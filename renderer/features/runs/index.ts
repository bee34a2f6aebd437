export { RunsScreen } from './table/runs-screen.tsx'
export { useTableView } from './table/view-state.ts'
export { STATUS_MARK } from './table/grid-columns.tsx'
export { type RunVerbs, useRunVerbs } from './run-verbs.tsx'
