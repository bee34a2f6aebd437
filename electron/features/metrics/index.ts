export type {
  LevelColumns,
  LevelView,
  MetricStore,
  LatestPoint,
  MetricStoreStatistics,
  PointBatch,
  Rests,
  SeriesColumns,
  SeriesId,
  SeriesInfo,
  SeriesStanding,
  SeriesStretch,
  SeriesSummary,
} from './store.ts'
export { type MetricStoreOptions, openMetricStore } from './store/open-store.ts'
export { createMetricHandlers, type MetricHandlerOptions } from './handlers.ts'
export { sliceExact, sortExact, subtractExact } from './store/wide-points.ts'
export { createPlanner, type Planner, type PlannerOptions } from './store/planner.ts'
export { servePlans } from './store/plan-worker.ts'
export { portionsOf, type ReadColumns, readInPortions } from './read-portions.ts'
