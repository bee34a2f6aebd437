import type { ErrorCode } from '#shared/rpc/errors.ts'
import type { ImportNote } from '#shared/contract/imports.ts'
import type {
  SourceExperiment,
  SourceLoggedModel,
  SourceRegisteredModel,
  SourceRun,
  SourceRunContents,
  SourceSeries,
} from '../source.ts'

/** Lists that come in batches. */
export type Listing =
  | { readonly of: 'runs'; readonly experiment: string; readonly only?: ReadonlySet<string> }
  | { readonly of: 'loggedModels'; readonly experiment: string }
  | { readonly of: 'registeredModels' }

export type Listed = {
  readonly runs: SourceRun
  readonly loggedModels: SourceLoggedModel
  readonly registeredModels: SourceRegisteredModel
}

/** What lists are of; series are begun with their run's contents. */
export type Item = Listed[Listing['of']] | SourceSeries

/** A piece of a list, and by which number to ask for the next; null at the end. */
export type Batch<T> = { readonly items: readonly T[]; readonly more: number | null }

/** With the first of its series, so that a run of a few points costs one message. */
export type RunContents = Omit<SourceRunContents, 'series'> & { readonly series: Batch<SourceSeries> }

export type Ask =
  | { readonly kind: 'experiments' }
  | { readonly kind: 'modelCounts' }
  | { readonly kind: 'contents'; readonly run: SourceRun }
  | { readonly kind: 'begin'; readonly listing: Listing }
  | { readonly kind: 'next'; readonly list: number }
  | { readonly kind: 'drop'; readonly list: number }
  | { readonly kind: 'close' }

export type Answers = {
  readonly experiments: readonly SourceExperiment[]
  readonly modelCounts: { readonly logged: number; readonly registered: number; readonly versions: number }
  readonly contents: RunContents
  readonly begin: Batch<Item>
  readonly next: Batch<Item>
  readonly drop: null
  readonly close: null
}

export type Request = Ask & { readonly id: number }

export type Failure = { readonly code: ErrorCode; readonly message: string; readonly hint?: string }

/** The first, of id 0, is the opening's and gives the era. */
export type Reply = { readonly id: number; readonly notes: readonly ImportNote[] } & (
  | { readonly value: unknown }
  | { readonly failure: Failure }
)
