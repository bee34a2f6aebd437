import type { Pair } from '../records.ts'

export const STAGES = ['none', 'staging', 'production', 'archived'] as const
export type Stage = (typeof STAGES)[number]

/** A name under which versions of a model are kept. Times are milliseconds since 1970. */
export type RegisteredModelRecord = {
  readonly id: number
  readonly name: string
  readonly description: string
  readonly createdAt: number
  readonly updatedAt: number
}

export type Alias = { readonly alias: string; readonly version: number }

export type ModelVersionRecord = {
  /** The id of the registered model. */
  readonly model: number
  /** The registered model's name. */
  readonly name: string
  readonly version: number
  readonly description: string | null
  readonly stage: Stage
  /** Where it was made from, as the client said: `runs:/<run>/<path>`, `models:/<logged model>`, `s3://...`. */
  readonly source: string
  /** Where its files are. */
  readonly storageLocation: string
  /** The id of the run that made it. */
  readonly run: string | null
  readonly runLink: string
  /** The id of the logged model that was promoted. */
  readonly loggedModel: string | null
  readonly user: string | null
  readonly createdAt: number
  readonly updatedAt: number
}

/** A version with its tags and the aliases that point to it, both by name. */
export type ModelVersion = ModelVersionRecord & { readonly tags: readonly Pair[]; readonly aliases: readonly string[] }

/** A registered model with all that hangs on it but its older versions. */
export type RegisteredModel = RegisteredModelRecord & {
  readonly tags: readonly Pair[]
  readonly aliases: readonly Alias[]
  /** The newest version of each stage that has one, by number. */
  readonly latest: readonly ModelVersion[]
}
