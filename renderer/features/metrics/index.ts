export { ChartSettingsBar } from './chart-settings.tsx'
export { type ChartSettings, type DrawnRun, MetricChart } from './metric-chart.tsx'
export { type MetricKey, panelGroups, panelOrder } from './panel-order.ts'
export { useLiveMetrics } from './use-live-metrics.ts'
