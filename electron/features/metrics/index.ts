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
