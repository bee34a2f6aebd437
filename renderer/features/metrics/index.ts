export { ChartSettingsBar } from './chart-settings.tsx'
export { type ChartSettings, chartModel, type DrawnRun, MetricChart } from './metric-chart.tsx'
export { type MetricKey, panelGroups, panelOrder, prefixOf } from './panel-order.ts'
export { useLiveMetrics } from './use-live-metrics.ts'
