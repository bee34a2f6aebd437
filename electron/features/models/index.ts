export { createModelHandlers } from './handlers.ts'
export { bringLoggedModel, isLoggedModelKept } from './bring-model.ts'
export { findModel, isModelOfRun, modelIdsOfRun, modelsOfRun, type RunModel } from './queries.ts'
export type { LoggedModelBundle, LoggedModelRecord, ModelMetric, Pair } from './records.ts'
export { createModelsService, type ModelLink, type ModelsService, type NewModel } from './service.ts'
export {
  bringModel,
  bringVersion,
  type BroughtModel,
  type BroughtVersion,
  type GivenNumber,
  givenNumbers,
  isThere,
} from './registry/bring.ts'
export { allVersions, findRegisteredModel, registeredModels } from './registry/queries.ts'
export { changeModel, describeVersion, moveToStage, putAlias, putModelTags, putVersionTags } from './registry/writes.ts'
export type { Alias, ModelVersion, RegisteredModel, Stage } from './registry/records.ts'
export { ownerOfAddress, ownerOfVersion } from './registry/address.ts'
export { IS_PROMPT, isPrompt, stageOf, type Tagged } from './registry/rules.ts'
export { withdrawModel, withdrawVersion } from './registry/withdraw.ts'
export { createRegistry, type Registry } from './registry/service.ts'
export type { NewVersion } from './registry/writes.ts'
