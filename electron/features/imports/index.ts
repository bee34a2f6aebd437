export { createImports, type ImportFeature } from './create-imports.ts'
