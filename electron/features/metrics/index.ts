export type {
  LevelColumns,
  LevelView,
  MetricStore,
  MetricStoreStatistics,
  PointBatch,
  SeriesColumns,
  SeriesId,
  SeriesInfo,
  SeriesSummary,
} from './store.ts'
export { type MetricStoreOptions, openMetricStore } from './store/open-store.ts'
export { createMetricHandlers, type MetricHandlerOptions } from './handlers.ts'
