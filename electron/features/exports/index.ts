export { createExports, type ExportsFeature } from './create-exports.ts'
export type { MlflowPoints, WriterAnswer, WriterRequest } from './writer-messages.ts'
