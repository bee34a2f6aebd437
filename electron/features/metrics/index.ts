export type {
  LevelColumns,
  LevelView,
  MetricStore,
  MetricStoreStatistics,
  PointBatch,
  SeriesColumns,
  SeriesId,
  SeriesInfo,
  SeriesStanding,
  SeriesSummary,
} from './store.ts'
export { type MetricStoreOptions, openMetricStore } from './store/open-store.ts'
export { createMetricHandlers, type MetricHandlerOptions } from './handlers.ts'
export { subtractPoints } from './store/points.ts'
export { sortPoints } from './store/sort-points.ts'
export { createPlanner, type Planner, type PlannerOptions } from './store/planner.ts'
export { servePlans } from './store/plan-worker.ts'
export { type OwnColumns, readInPortions } from './read-portions.ts'
