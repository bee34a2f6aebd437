import type { ModelStage } from '#shared/contract/models.ts'

/** What a verb asks before it is done. Without a version the model itself is meant. */
export type Asked =
  | { readonly kind: 'rename' }
  | { readonly kind: 'describe'; readonly version?: number | undefined; readonly description: string }
  | { readonly kind: 'tag'; readonly version?: number | undefined }
  | { readonly kind: 'alias'; readonly version: number; readonly taken: ReadonlyMap<string, number> }
  | {
      readonly kind: 'stage'
      readonly version: number
      readonly stage: ModelStage
      /** Versions that are in the stage now. */
      readonly others: readonly number[]
    }

/** What is meant, in words: "churn" or "churn version 3". */
export function nameOf(name: string, version: number | undefined): string {
  return version === undefined ? name : `${name} version ${version}`
}
