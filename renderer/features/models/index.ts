import { lazyScreen } from '#renderer/ui/lazy-screen.tsx'

export { findModels } from './find-models.ts'
export const ModelScreen = lazyScreen('Model', () => import('./model-screen.tsx').then((all) => all.ModelScreen))
export const ModelsScreen = lazyScreen('Models', () => import('./models-screen.tsx').then((all) => all.ModelsScreen))
export { ModelVersions, RunVersions } from './run-versions.tsx'
export { useModelVerbs } from './verbs/use-model-verbs.tsx'
export { menuOf, useVerbCommands } from './verbs/verb.ts'
