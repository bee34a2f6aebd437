import { createContext, use, useState } from 'react'
import { createStore, type StoreApi } from 'zustand'
import type { Extent } from './extent.ts'
import type { XKind } from './model.ts'

/** What the charts of a group share: crosshair, emphasis and zoom of x. */
export interface ChartGroupState {
  /** x under the crosshair, on an axis of this kind. */
  readonly crosshair: { readonly kind: XKind; readonly x: number } | null
  /** The chart that the pointer or the keyboard is in. */
  readonly source: string | null
  /** The run whose lines are thick. */
  readonly emphasis: string | null
  /** The same run's number, by which a scatter knows it. */
  readonly emphasisNumber: number | null
  /** Whether the others fade: so when a line is pointed at, but not when a table's row is. */
  readonly fading: boolean
  /** The window of x, on an axis of this kind; null is all of it. */
  readonly zoom: { readonly kind: XKind; readonly domain: Extent } | null
}

export type ChartGroup = StoreApi<ChartGroupState>

const rest: ChartGroupState = {
  crosshair: null,
  source: null,
  emphasis: null,
  emphasisNumber: null,
  fading: false,
  zoom: null,
}

/** The x that a chart shows its crosshair at: a step means nothing to a chart over time. */
export const crosshairOn = ({ crosshair }: ChartGroupState, kind: XKind): number | null =>
  crosshair?.kind === kind ? crosshair.x : null

/** The window that a chart with an axis of this kind shows, null for all of x. It is the same object until the zoom changes. */
export const zoomOn = ({ zoom }: ChartGroupState, kind: XKind): Extent | null =>
  zoom?.kind === kind ? zoom.domain : null

/** Zooms all charts of a group with an axis of this kind; null shows all of x. */
export const zoomGroup = (group: ChartGroup, kind: XKind, domain: Extent | null): void =>
  group.setState({ zoom: domain === null ? null : { kind, domain } })

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
