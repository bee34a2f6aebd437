import type { ModelStage } from '#shared/contract/models.ts'

export const STAGES: readonly ModelStage[] = ['none', 'staging', 'production', 'archived']

/** Stages as a person reads them, in the middle of a sentence. */
export const stageWords: Readonly<Record<ModelStage, string>> = {
  none: 'no stage',
  staging: 'staging',
  production: 'production',
  archived: 'archived',
}

/** What a version in a stage is: "in production", "archived". */
export function inStage(stage: ModelStage): string {
  return stage === 'none' ? 'in no stage' : isActive(stage) ? `in ${stageWords[stage]}` : stageWords[stage]
}

/** True for stages that one version usually has to itself. */
export function isActive(stage: ModelStage): boolean {
  return stage === 'staging' || stage === 'production'
}
