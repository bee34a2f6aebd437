import type { Rests } from '#electron/features/metrics/index.ts'

/** What a column of MLflow's database takes: a bigint for integers beyond a double, as experiment ids of 18 digits are. */
export type MlflowValue = null | number | bigint | string
export type MlflowRow = readonly MlflowValue[]

/** Points of one series of a run, as columns of one length. */
export type MlflowPoints = {
  readonly run: string
  readonly key: string
  readonly step: Float64Array
  readonly time: Float64Array
  readonly value: Float64Array
  readonly rest?: Rests
}

/** What the writing thread is told, each answered in order. */
export type WriterRequest =
  | { readonly kind: 'open'; readonly file: string; readonly schema: string }
  | {
      readonly kind: 'rows'
      readonly table: string
      readonly columns: readonly string[]
      readonly rows: readonly MlflowRow[]
    }
  | ({ readonly kind: 'points' } & MlflowPoints)
  | { readonly kind: 'finish' }

/** `added`: rows that were written; fewer than given when some were there already. `code`: SQLite's word for what failed. */
export type WriterAnswer =
  | { readonly kind: 'done'; readonly added: number }
  | { readonly kind: 'failed'; readonly message: string; readonly code: string }
