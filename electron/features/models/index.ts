export { isModelOfRun, modelIdsOfRun, modelsOfRun, type RunModel } from './queries.ts'
export type { LoggedModelBundle, LoggedModelRecord, ModelMetric, Pair } from './records.ts'
export { createModelsService, type ModelLink, type ModelsService, type NewModel } from './service.ts'
