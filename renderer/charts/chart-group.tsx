import { createContext, use, useState } from 'react'
import { createStore, type StoreApi } from 'zustand'
import type { Extent } from './extent.ts'

/** What the charts of a group share: crosshair, emphasis and zoom of x. */
export interface ChartGroupState {
  /** x under the crosshair. */
  readonly hover: number | null
  /** The chart that the pointer or the keyboard is in. */
  readonly source: string | null
  /** The run whose lines are thick. */
  readonly emphasis: string | null
  /** The same run's number, by which a scatter knows it. */
  readonly emphasisNumber: number | null
  /** Whether the others fade: so when a line is pointed at, but not when a table's row is. */
  readonly fading: boolean
  /** The window of x; null is all of it. */
  readonly domain: Extent | null
}

export type ChartGroup = StoreApi<ChartGroupState>

const rest: ChartGroupState = {
  hover: null,
  source: null,
  emphasis: null,
  emphasisNumber: null,
  fading: false,
  domain: null,
}

export const createChartGroup = (): ChartGroup => createStore<ChartGroupState>(() => rest)

export interface EmphasisedRun {
  readonly id: string
  readonly number: number
}

export const emphasisOf = (run: EmphasisedRun | null): Pick<ChartGroupState, 'emphasis' | 'emphasisNumber'> => ({
  emphasis: run?.id ?? null,
  emphasisNumber: run?.number ?? null,
})

/**
 * Emphasises a run in all charts of a group without fading the others: what hovering its row in a table does. Null
 * ends it.
 */
export const emphasiseRun = (group: ChartGroup, run: EmphasisedRun | null): void =>
  group.setState({ ...emphasisOf(run), fading: false })

const Context = createContext<ChartGroup | null>(null)

/** Charts inside share crosshair, emphasis and zoom. Give `useState(createChartGroup)[0]`. */
export const ChartGroupProvider = Context.Provider

/** The group around this chart, or one of its own. */
export function useChartGroup(): ChartGroup {
  const around = use(Context)
  const [own] = useState(createChartGroup)
  return around ?? own
}
